"""A search as it was asked: restrictions, order, page, and what was not understood."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cds_service.demo_ehr.errors import BadRequestError
from cds_service.demo_ehr.matching import Restriction, restriction

DEFAULT_PAGE = 200
LARGEST_PAGE = 1000

_PAGING = frozenset({"_count", "_page"})
_NO_EFFECT = frozenset({"_format", "_pretty", "_total"})
_SORTS = {"date": False, "-date": True}
_CLINICAL_DATES = (
    "effectiveDateTime",
    "performedDateTime",
    "issued",
    "onsetDateTime",
    "recordedDate",
    "authoredOn",
    "authored",
    "date",
)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SearchQuery:
    """One search of one resource type."""

    resource_type: str
    restrictions: tuple[Restriction, ...] = ()
    sort: str | None = None
    count: int = DEFAULT_PAGE
    offset: int = 0
    ignored: tuple[str, ...] = ()
    asked: Pairs = ()

    def admits(self, resource: dict[str, Any]) -> bool:
        """Whether a resource answers every restriction."""
        return all(one.admits(resource) for one in self.restrictions)

    def ordered(self, resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """By clinical date when that was asked; resources without a date count as oldest."""
        if self.sort is None:
            return resources
        return sorted(resources, key=_clinical_date, reverse=_SORTS[self.sort])


def parse_search(resource_type: str, pairs: Iterable[tuple[str, str]]) -> SearchQuery:
    """Reads a query string or form. Empty parameters are dropped, as FHIR asks."""
    given = tuple((name, value) for name, value in pairs if value)
    read = [(name, restriction(resource_type, name, value)) for name, value in given]
    control = dict(given)
    sort = control.get("_sort")
    return SearchQuery(
        resource_type=resource_type,
        restrictions=tuple(one for _, one in read if one is not None),
        sort=sort if sort in _SORTS else None,
        count=_count(control.get("_count")),
        offset=_offset(control.get("_page")),
        ignored=tuple(name for name, one in read if one is None and not _known(name, sort)),
        asked=tuple(pair for pair in given if pair[0] not in _PAGING),
    )


def page_token(offset: int) -> str:
    """Where a page starts, in a form clients pass back and do not read."""
    return base64.urlsafe_b64encode(f"from {offset}".encode()).decode().rstrip("=")


def _known(name: str, sort: str | None) -> bool:
    return name in _PAGING | _NO_EFFECT or (name == "_sort" and sort in _SORTS)


def _count(text: str | None) -> int:
    if text is None:
        return DEFAULT_PAGE
    if not (text.isascii() and text.isdigit()):
        raise BadRequestError("_count: expected a whole number, 0 or more.")
    return min(int(text[:9]), LARGEST_PAGE)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    start = re.fullmatch(r"from ([0-9]{1,9})", text)
    if start is None:
        raise BadRequestError("_page: not a page of this server; follow next links as given.")
    return int(start[1])


def _clinical_date(resource: dict[str, Any]) -> str:
    return next((str(resource[name]) for name in _CLINICAL_DATES if name in resource), "")
