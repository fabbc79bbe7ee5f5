"""Orders as a hook brings them: sent whole, or named by reference and then found in prefetch or read by id."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import msgspec

from fhir_mappings.bundles import read_page
from fhir_mappings.client import FhirClient
from fhir_mappings.elements import Json, own_reference, reference_id
from fhir_mappings.gathering import NOT_SENT, Source, server_read
from fhir_mappings.json_text import UNREADABLE, decode_unbounded
from fhir_mappings.reads import Access, Read
from fhir_mappings.record import RawResource, ServerRead, belongs_to

PREFETCH_KEYS: Final = {
    "CommunicationRequest": "communicationRequests",
    "DeviceRequest": "deviceRequests",
    "MedicationRequest": "medicationRequests",
    "NutritionOrder": "nutritionOrders",
    "ServiceRequest": "serviceRequests",
    "VisionPrescription": "visionPrescriptions",
}
"""The order types of CRD, and the prefetch keys they come by."""

NO_ORDER: Final = "the reference names no order that can be read"
ELSEWHERE: Final = "it is on another server"
NOT_FOUND: Final = "the server has no such order"
STRANGER: Final = "it is another patient's"


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """One order, or appointment: its JSON as it came, the same read, how to refer to it, its fullUrl if it had one."""

    text: bytes
    body: Json
    reference: str
    full_url: str = ""

    def is_named_by(self, reference: str) -> bool:
        """Whether a reference means this one: by `Type/id`, the bare id, an absolute form or the fullUrl."""
        kind, identity = reference_id(reference)
        own_kind, own_identity = reference_id(self.reference)
        by_identity = identity == own_identity and kind in ("", own_kind)
        return bool(reference) and (by_identity or reference == self.full_url)

    def is_named_by_any(self, references: Iterable[str]) -> bool:
        """Whether one of these references means this one."""
        return any(self.is_named_by(reference) for reference in references)


@dataclass(frozen=True, slots=True)
class FoundOrders:
    """The orders found, in the order they were named, for each reference without one the reason why, and what was
    asked of the EHR for them.
    """

    orders: tuple[DraftOrder, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[ServerRead, ...] = ()


def read_draft(raw: RawResource) -> DraftOrder | None:
    """Read one entry; without a readable resource it orders nothing, and the others are judged all the same."""
    try:
        body = decode_unbounded(raw.text)
    except UNREADABLE:
        return None
    if not isinstance(body, dict):
        return None
    reference = own_reference(body) or raw.full_url or raw.place.removeprefix("$.context.")
    return DraftOrder(bytes(raw.text), body, reference, raw.full_url)


def find_orders(references: Iterable[str], source: Source, client: FhirClient) -> FoundOrders:
    """Find the orders named: what prefetch lacks is asked for by id, whatever prefetch says of it.

    An empty prefetch search proves nothing here: clients send one for a template whose token they could not fill.
    """
    named = tuple(dict.fromkeys(references))
    found = _matched(named, _sent(named, source.prefetch))
    unread = {r: why for r in named if r not in found and (why := _unaskable(r, source.access))}
    to_ask = tuple(r for r in named if r not in found and r not in unread)
    reads: dict[str, Read] = {}
    if to_ask and source.access is not None:
        reads = client.search_all(source.access, _queries(to_ask), source.deadline)
        found |= _matched(to_ask, _answered(reads.values()))
        unread |= {r: reads[reference_id(r)[0]].failure or NOT_FOUND for r in to_ask if r not in found}
    unread |= {r: STRANGER for r, order in found.items() if not belongs_to(order.body, source.patient_id)}
    return FoundOrders(
        _each_once(found[r] for r in named if r in found and r not in unread),
        unread,
        tuple(server_read(kind, read) for kind, read in reads.items()),
    )


def _matched(references: Iterable[str], orders: Iterable[DraftOrder]) -> dict[str, DraftOrder]:
    """The first order each reference names."""
    listed = list(orders)
    return {r: order for r in references for order in reversed(listed) if order.is_named_by(r)}


def _sent(references: tuple[str, ...], prefetch: Mapping[str, msgspec.Raw]) -> Iterator[DraftOrder]:
    """The orders of prefetch that can be meant; the others are not even decoded."""
    identities = [reference_id(r)[1].encode() for r in references]
    for kind, key in PREFETCH_KEYS.items():
        for raw in read_page(prefetch.get(key, msgspec.Raw(b"null")), kind, f"prefetch.{key}").resources:
            text = bytes(raw.text) + raw.full_url.encode()
            order = read_draft(raw) if any(identity in text for identity in identities) else None
            if order is not None and order.body.get("resourceType") == kind:
                yield order


def _unaskable(reference: str, access: Access | None) -> str:
    kind, identity = reference_id(reference)
    if kind not in PREFETCH_KEYS or not identity:
        return NO_ORDER
    if access is None:
        return NOT_SENT
    return ELSEWHERE if "://" in reference and not reference.startswith(f"{access.base_url}/") else ""


def _queries(references: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """One search by id for each type."""
    by_kind: dict[str, list[str]] = {}
    for kind, identity in map(reference_id, references):
        by_kind.setdefault(kind, []).append(quote(identity, safe=""))
    return {kind: (kind, f"{kind}?_id={','.join(identities)}") for kind, identities in by_kind.items()}


def _answered(reads: Iterable[Read]) -> Iterator[DraftOrder]:
    return (order for read in reads for raw in read.resources if (order := read_draft(raw)))


def _each_once(orders: Iterable[DraftOrder]) -> tuple[DraftOrder, ...]:
    return tuple({order.reference: order for order in orders}.values())
