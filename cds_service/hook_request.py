"""A CDS Hooks request, parsed and checked; what is wrong with it is named by its JSON path."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from cds_service.errors import UnreadableRequest
from fhir_mappings.bundles import Arrival, read_page
from fhir_mappings.elements import Json, member, text_of
from fhir_mappings.json_text import UNREADABLE


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """One entry of draftOrders: its JSON as it came, the same read, and how to refer to it."""

    text: bytes
    body: Json
    reference: str


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A hook call: who is asked about, the orders to be signed, and where the record may come from."""

    hook: str
    hook_instance: str
    patient_id: str
    user_id: str
    orders: tuple[DraftOrder, ...]
    prefetch: Mapping[str, msgspec.Raw]
    fhir_server: str = ""
    access_token: str = ""


def parse_request(body: bytes, hook: str) -> HookRequest:
    """Parse a call of this hook. Raises UnreadableRequest with the JSON path of what is missing or wrong."""
    members = _object(body, "$")
    if _value(members, "hook", "$.hook") != hook:
        raise UnreadableRequest(f"this service answers the hook {hook}", "$.hook")
    context = _object(_required(members, "context", "$.context"), "$.context")
    server = _optional(members, "fhirServer", "$.fhirServer")
    authorization = _optional(members, "fhirAuthorization", "$.fhirAuthorization")
    return HookRequest(
        hook=hook,
        hook_instance=_text(members, "hookInstance", "$.hookInstance"),
        patient_id=_text(context, "patientId", "$.context.patientId").removeprefix("Patient/"),
        user_id=_text(context, "userId", "$.context.userId"),
        orders=_orders(_required(context, "draftOrders", "$.context.draftOrders")),
        prefetch=_prefetch(members),
        fhir_server=text_of(server).rstrip("/"),
        access_token=text_of(member(authorization, "access_token")),
    )


def _object(text: bytes | msgspec.Raw, place: str) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise UnreadableRequest("an object is expected here", place) from None
    except UNREADABLE:
        raise UnreadableRequest("the body is not JSON in UTF-8", place) from None


def _required(members: Mapping[str, msgspec.Raw], name: str, place: str) -> msgspec.Raw:
    if name not in members or bytes(members[name]).strip() == b"null":
        raise UnreadableRequest(f"{name} is required and missing", place)
    return members[name]


def _value(members: Mapping[str, msgspec.Raw], name: str, place: str) -> Any:
    return _decode(_required(members, name, place), place)


def _decode(text: msgspec.Raw, place: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        raise UnreadableRequest("this is not JSON", place) from None


def _text(members: Mapping[str, msgspec.Raw], name: str, place: str) -> str:
    value = _value(members, name, place)
    if not isinstance(value, str) or not value.strip():
        raise UnreadableRequest(f"{name} is a string with something in it", place)
    return value.strip()


def _optional(members: Mapping[str, msgspec.Raw], name: str, place: str) -> Any:
    return _decode(members[name], place) if name in members else None


def _prefetch(members: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    if "prefetch" not in members or bytes(members["prefetch"]).strip() == b"null":
        return {}
    return _object(members["prefetch"], "$.prefetch")


def _orders(text: msgspec.Raw) -> tuple[DraftOrder, ...]:
    page = read_page(text, "Bundle", "$.context.draftOrders")
    if page.arrival in (Arrival.MALFORMED, Arrival.FAILED):
        raise UnreadableRequest("draftOrders is a Bundle of the orders to be signed", "$.context.draftOrders")
    return tuple(order for one in page.resources if (order := _order(one.text, one.full_url, one.place)))


def _order(text: msgspec.Raw, full_url: str, place: str) -> DraftOrder | None:
    """An entry without a readable resource orders nothing; the others are judged all the same."""
    try:
        body = msgspec.json.decode(text)
    except UNREADABLE:
        return None
    if not isinstance(body, dict):
        return None
    kind, identity = text_of(body.get("resourceType")), text_of(body.get("id"))
    reference = f"{kind}/{identity}" if kind and identity else full_url or place.removeprefix("$.context.")
    return DraftOrder(bytes(text), body, reference)
