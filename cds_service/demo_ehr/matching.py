"""Whether a resource answers a search: FHIR's token, reference and canonical comparison.

Codes are compared exactly, dots and letter case included: C787 does not find C78.7.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cds_service.demo_ehr.search_parameters import ELEMENTS, Kind, kind_of

_COMMA = re.compile(r"(?<!\\),")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Restriction:
    """One parameter of a search: the element must hold at least one of the values."""

    element: str
    kind: Kind
    values: tuple[str, ...]

    def admits(self, resource: dict[str, Any]) -> bool:
        """Whether the resource may stay among the results."""
        found = resource.get(self.element)
        items = found if isinstance(found, list) else [found]
        return any(_COMPARE[self.kind](item, value) for item in items for value in self.values)


def restriction(resource_type: str, parameter: str, raw: str) -> Restriction | None:
    """The restriction a query parameter stands for; nothing when the type has no such parameter."""
    values = tuple(value for value in _COMMA.split(raw) if value)
    if parameter == "_id":
        return Restriction("id", "token", values)
    element = ELEMENTS[resource_type].get(parameter)
    return None if element is None else Restriction(element, kind_of(parameter), values)


def _token_matches(item: Any, wanted: str) -> bool:
    """`code`, `system|code`, `|code` (no system) and `system|` (any code of that system)."""
    *system, code = (_plain(part) for part in _BAR.split(wanted, maxsplit=1))
    return any(
        (not code or code == own_code) and (not system or own_system in (None, system[0]))
        for own_system, own_code in _codes(item)
    )


def _codes(item: Any) -> Iterator[tuple[str | None, str]]:
    """The (system, code) pairs of an element; a bare FHIR code fits every system."""
    if isinstance(item, str):
        yield None, item
    elif isinstance(item, dict):
        codings = item.get("coding", [item])
        for coding in codings if isinstance(codings, list) else ():
            if isinstance(coding, dict):
                yield coding.get("system", ""), coding.get("code", "")


def _reference_matches(item: Any, wanted: str) -> bool:
    """A bare id, or `Type/id`."""
    reference = str(item.get("reference", "")) if isinstance(item, dict) else ""
    return wanted in (reference, reference.partition("/")[2])


def _canonical_matches(item: Any, wanted: str) -> bool:
    """The address with its version, or without it for any version."""
    return isinstance(item, str) and wanted in (item, item.partition("|")[0])


def _plain(text: str) -> str:
    return re.sub(r"\\([,|$\\])", r"\1", text)


_COMPARE = {
    "token": _token_matches,
    "reference": _reference_matches,
    "canonical": _canonical_matches,
}
