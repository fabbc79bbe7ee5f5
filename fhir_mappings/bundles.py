"""Search results and prefetch values as they arrive: read one level deep, entries left as raw JSON."""

import enum
from dataclasses import dataclass

import msgspec

from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.record import RawResource


class Arrival(enum.Enum):
    """What a prefetch value or a search answer turned out to be."""

    COMPLETE = 1
    PARTIAL = 2
    FAILED = 3
    MALFORMED = 4


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search: its resources, and where the rest is."""

    arrival: Arrival
    resources: tuple[RawResource, ...] = ()
    next_url: str = ""


class _Search(msgspec.Struct):
    mode: str = ""


class _Entry(msgspec.Struct, rename={"full_url": "fullUrl"}):
    resource: msgspec.Raw = msgspec.Raw(b"")
    full_url: str = ""
    search: _Search | None = None


class _Link(msgspec.Struct):
    relation: str = ""
    url: str = ""


class _Bundle(msgspec.Struct, rename={"resource_type": "resourceType"}):
    resource_type: str = ""
    entry: list[msgspec.Raw] | None = None
    link: list[_Link] | None = None
    total: int | None = None


class _Issue(msgspec.Struct):
    severity: str = ""


class _Glance(msgspec.Struct, rename={"resource_type": "resourceType"}):
    resource_type: str = ""
    issue: list[_Issue] | None = None


_bundle = msgspec.json.Decoder(_Bundle)
_entry = msgspec.json.Decoder(_Entry)
_glance = msgspec.json.Decoder(_Glance)


def read_page(text: msgspec.Raw | bytes, resource_type: str, place: str) -> Page:
    """Read one value: null is a search without matches, an OperationOutcome a failed one.

    A single resource of the type asked for is taken as its only match. `place` says where the value stood.
    """
    if bytes(text).strip() == b"null":
        return Page(Arrival.COMPLETE)
    try:
        bundle = _bundle.decode(text)
    except UNREADABLE:
        return Page(Arrival.MALFORMED)
    if bundle.resource_type == "OperationOutcome":
        return Page(Arrival.FAILED)
    if bundle.resource_type == "Bundle":
        return _read_entries(bundle, place)
    if bundle.resource_type == resource_type:
        return Page(Arrival.COMPLETE, (RawResource(msgspec.Raw(bytes(text)), "", place),))
    return Page(Arrival.MALFORMED)


def _read_entries(bundle: _Bundle, place: str) -> Page:
    resources: list[RawResource] = []
    counted, failed = 0, False
    for index, text in enumerate(bundle.entry or []):
        where = f"{place}.entry[{index}].resource"
        try:
            entry = _entry.decode(text)
        except UNREADABLE:
            resources.append(RawResource(msgspec.Raw(b""), "", where))
            counted += 1
            continue
        is_outcome, is_error = _is_outcome(entry)
        failed = failed or is_error
        counted += entry.search is None or entry.search.mode != "include"
        if not is_outcome:
            resources.append(RawResource(entry.resource, entry.full_url, where))
    next_url = next((link.url for link in bundle.link or [] if link.relation == "next"), "")
    if failed:
        return Page(Arrival.FAILED, tuple(resources))
    short = bundle.total is not None and bundle.total > counted
    return Page(Arrival.PARTIAL if next_url or short else Arrival.COMPLETE, tuple(resources), next_url)


def _is_outcome(entry: _Entry) -> tuple[bool, bool]:
    """Whether an entry is an OperationOutcome, and whether it says that the search went wrong."""
    if b"OperationOutcome" not in bytes(entry.resource)[:4000]:
        return False, False
    try:
        seen = _glance.decode(entry.resource)
    except UNREADABLE:
        return False, False
    if seen.resource_type != "OperationOutcome":
        return False, False
    return True, any(issue.severity in ("error", "fatal") for issue in seen.issue or [])
