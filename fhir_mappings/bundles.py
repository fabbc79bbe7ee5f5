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
    """One page of a search: its resources, where the rest is, how many it counts, and how many there are in all."""

    arrival: Arrival
    resources: tuple[RawResource, ...] = ()
    next_url: str = ""
    counted: int = 0
    total: int | None = None


class _Search(msgspec.Struct, gc=False):
    mode: str = ""


class _Entry(msgspec.Struct, gc=False, rename={"full_url": "fullUrl"}):
    resource: msgspec.Raw = msgspec.Raw(b"")
    full_url: str = ""
    search: _Search | None = None


class _Link(msgspec.Struct):
    relation: str = ""
    url: str = ""


class _Bundle(msgspec.Struct, rename={"resource_type": "resourceType"}):
    resource_type: str = ""
    entry: list[_Entry] | None = None
    link: list[_Link] | None = None
    total: int | None = None


class _DoubtfulBundle(msgspec.Struct, rename={"resource_type": "resourceType"}):
    """A Bundle with an entry that is none: read entry by entry."""

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
_doubtful_bundle = msgspec.json.Decoder(_DoubtfulBundle)
_entry = msgspec.json.Decoder(_Entry)
_glance = msgspec.json.Decoder(_Glance)
_UNREADABLE_ENTRY = _Entry()


def read_page(text: msgspec.Raw | bytes, resource_type: str, place: str) -> Page:
    """Read one value: null is a search without matches, an OperationOutcome a failed one.

    A single resource of the type asked for is taken as its only match. A Bundle of other types alone is malformed,
    unless no type in particular is asked for ("Bundle"). `place` says where the value stood.
    """
    plain = bytes(text)
    if plain.strip() == b"null":
        return Page(Arrival.COMPLETE)
    try:
        bundle = _read_bundle(plain)
    except UNREADABLE:
        return Page(Arrival.MALFORMED)
    if bundle.resource_type == "OperationOutcome":
        return Page(Arrival.FAILED)
    if bundle.resource_type == "Bundle":
        page = _read_entries(bundle, place, may_hold_outcome=b"OperationOutcome" in plain)
        return page if _may_answer(page, resource_type) else Page(Arrival.MALFORMED)
    if bundle.resource_type == resource_type:
        return Page(Arrival.COMPLETE, (RawResource(msgspec.Raw(plain), "", place),))
    return Page(Arrival.MALFORMED)


def _read_bundle(text: bytes) -> _Bundle:
    try:
        return _bundle.decode(text)
    except msgspec.ValidationError:
        doubtful = _doubtful_bundle.decode(text)
    entries = [_read_entry(entry) for entry in doubtful.entry or []]
    return _Bundle(doubtful.resource_type, entries, doubtful.link, doubtful.total)


def _read_entry(text: msgspec.Raw) -> _Entry:
    try:
        return _entry.decode(text)
    except UNREADABLE:
        return _UNREADABLE_ENTRY


def _read_entries(bundle: _Bundle, place: str, may_hold_outcome: bool) -> Page:
    entries = bundle.entry or []
    outcomes = _outcomes(entries) if may_hold_outcome else {}
    resources = tuple(
        [
            RawResource(entry.resource, entry.full_url, place, index)
            for index, entry in enumerate(entries)
            if index not in outcomes
        ]
    )
    next_url = next((link.url for link in bundle.link or [] if link.relation == "next"), "")
    if any(severities & _ERRORS for severities in outcomes.values()):
        return Page(Arrival.FAILED, resources)
    included = [entry for entry in entries if entry.search is not None and entry.search.mode == "include"]
    counted = len(entries) - len(included)
    short = bundle.total is not None and bundle.total > counted
    arrival = Arrival.PARTIAL if next_url or short else Arrival.COMPLETE
    return Page(arrival, resources, next_url, counted, bundle.total)


def _may_answer(page: Page, resource_type: str) -> bool:
    """Whether a page can be of this search: one that holds other types alone answers another question."""
    kinds = (_kind(one) for one in page.resources)
    return resource_type == "Bundle" or not page.resources or any(kind in (resource_type, "") for kind in kinds)


def _kind(raw: RawResource) -> str:
    """The type of a resource; nothing when it cannot be told."""
    try:
        return _glance.decode(raw.text).resource_type
    except UNREADABLE:
        return ""


_ERRORS = frozenset({"error", "fatal"})


def _outcomes(entries: list[_Entry]) -> dict[int, frozenset[str]]:
    """The entries that are OperationOutcomes, with their severities."""
    seen = {index: _severities(entry) for index, entry in enumerate(entries)}
    return {index: severities for index, severities in seen.items() if severities is not None}


def _severities(entry: _Entry) -> frozenset[str] | None:
    """The severities of an entry that is an OperationOutcome; None for any other entry."""
    try:
        seen = _glance.decode(entry.resource)
    except UNREADABLE:
        return None
    if seen.resource_type != "OperationOutcome":
        return None
    return frozenset(issue.severity for issue in seen.issue or [])
