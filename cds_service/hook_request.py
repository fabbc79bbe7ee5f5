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


class _Call(msgspec.Struct):
    """A call whose outer shape is right, read in one pass; what is inside is checked after."""

    hook: msgspec.Raw
    hookInstance: msgspec.Raw  # noqa: N815 - CDS Hooks' own name
    context: dict[str, msgspec.Raw]
    fhirServer: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815
    fhirAuthorization: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815
    prefetch: dict[str, msgspec.Raw] | None = None


_call = msgspec.json.Decoder(_Call)


def parse_request(body: bytes, hook: str) -> HookRequest:
    """Parse a call of this hook. Raises UnreadableRequest with the JSON path of what is missing or wrong."""
    try:
        call = _call.decode(body)
    except msgspec.ValidationError:
        call = _explained(body)
    except UNREADABLE:
        raise UnreadableRequest("the body is not JSON in UTF-8", "$") from None
    if _value(call.hook, "$.hook") != hook:
        raise UnreadableRequest(f"this service answers the hook {hook}", "$.hook")
    context = call.context
    return HookRequest(
        hook=hook,
        hook_instance=_text(call.hookInstance, "$.hookInstance"),
        patient_id=_text(_required(context, "patientId", "$.context"), "$.context.patientId").removeprefix("Patient/"),
        user_id=_text(_required(context, "userId", "$.context"), "$.context.userId"),
        orders=_orders(_required(context, "draftOrders", "$.context")),
        prefetch=call.prefetch or {},
        fhir_server=text_of(_value(call.fhirServer, "$.fhirServer")).rstrip("/"),
        access_token=text_of(member(_value(call.fhirAuthorization, "$.fhirAuthorization"), "access_token")),
    )


def _explained(body: bytes) -> _Call:
    """Find what is wrong with the outer shape of a body and say where. Raises UnreadableRequest."""
    members = _object(body, "$")
    for name in ("hook", "hookInstance", "context"):
        _required(members, name, "$")
    _object(members["context"], "$.context")
    _object(members.get("prefetch", msgspec.Raw(b"{}")), "$.prefetch")
    raise UnreadableRequest("this is no CDS Hooks request", "$")


def _object(text: bytes | msgspec.Raw, place: str) -> dict[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise UnreadableRequest("an object is expected here", place) from None
    except UNREADABLE:
        raise UnreadableRequest("the body is not JSON in UTF-8", place) from None


def _required(members: Mapping[str, msgspec.Raw], name: str, place: str) -> msgspec.Raw:
    if name not in members or bytes(members[name]).strip() == b"null":
        raise UnreadableRequest(f"{name} is required and missing", f"{place}.{name}")
    return members[name]


def _value(text: msgspec.Raw, place: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        raise UnreadableRequest("this is not JSON in UTF-8", place) from None


def _text(text: msgspec.Raw, place: str) -> str:
    value = _value(text, place)
    if not isinstance(value, str) or not value.strip():
        raise UnreadableRequest(f"{place.rpartition('.')[2]} is a string with something in it", place)
    return value.strip()


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
