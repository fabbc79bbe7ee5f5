"""A CDS Hooks request, parsed and checked; what is wrong with it is named by its JSON path."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cds_service.contexts import CONTEXTS, NULL, required, text, value
from cds_service.errors import UnreadableRequest
from fhir_mappings.elements import Json, member, text_of
from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.order_reads import DraftOrder

__all__ = ["DraftOrder", "HookRequest", "parse_request"]


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A hook call: who is asked about, what is to be judged, and where the record may come from.

    `orders` are to be judged, `background` orders stand beside them, `to_fetch` names orders that were not sent.
    `access_scope` and `access_seconds` are what the token is good for, and how long; 0: that was not told.
    `appointments` are to be booked; those based on no order are among `orders`.
    """

    hook: str
    hook_instance: str
    patient_id: str
    user_id: str
    orders: tuple[DraftOrder, ...]
    prefetch: Mapping[str, msgspec.Raw]
    fhir_server: str = ""
    access_token: str = ""
    access_scope: str = ""
    access_seconds: int = 0
    encounter_id: str = ""
    background: tuple[DraftOrder, ...] = ()
    to_fetch: tuple[str, ...] = ()
    appointments: tuple[DraftOrder, ...] = ()
    performer: str = ""
    tasks: tuple[Json, ...] = ()
    extension: Json = field(default_factory=dict)


class _Call(msgspec.Struct):
    """A call whose outer shape is right, read in one pass; what is inside is checked after."""

    hook: msgspec.Raw
    hookInstance: msgspec.Raw  # noqa: N815 - CDS Hooks' own name
    context: dict[str, msgspec.Raw]
    fhirServer: msgspec.Raw = NULL  # noqa: N815
    fhirAuthorization: msgspec.Raw = NULL  # noqa: N815
    prefetch: dict[str, msgspec.Raw] | None = None
    extension: msgspec.Raw = NULL


_call = msgspec.json.Decoder(_Call)


def parse_request(body: bytes, *hooks: str) -> HookRequest:
    """Parse a call of one of these hooks. Raises UnreadableRequest with the JSON path of what is missing or wrong."""
    try:
        call = _call.decode(body)
    except msgspec.ValidationError:
        call = _explained(body)
    except UNREADABLE:
        raise UnreadableRequest("the body is not JSON in UTF-8", "$") from None
    hook = value(call.hook, "$.hook")
    if hook not in hooks:
        raise UnreadableRequest(f"this service answers the hook {' or '.join(hooks)}", "$.hook")
    hook_instance = text(call.hookInstance, "$.hookInstance")
    context = CONTEXTS[hook](call.context)
    grant = value(call.fhirAuthorization, "$.fhirAuthorization")
    return HookRequest(
        hook=hook,
        hook_instance=hook_instance,
        patient_id=context.patient_id,
        user_id=context.user_id,
        orders=context.orders,
        prefetch=call.prefetch or {},
        fhir_server=text_of(value(call.fhirServer, "$.fhirServer")).rstrip("/"),
        access_token=text_of(member(grant, "access_token")),
        access_scope=text_of(member(grant, "scope")),
        access_seconds=_seconds(member(grant, "expires_in")),
        encounter_id=context.encounter_id,
        background=context.background,
        to_fetch=context.to_fetch,
        appointments=context.appointments,
        performer=context.performer,
        tasks=context.tasks,
        extension=_extension(value(call.extension, "$.extension")),
    )


def _seconds(written: Any) -> int:
    """A whole number of seconds; of another shape it tells nothing, and is no error."""
    return written if isinstance(written, int) and not isinstance(written, bool) and written > 0 else 0


class _Named(msgspec.Struct):
    hookInstance: str = ""  # noqa: N815


def hook_instance_of(body: bytes) -> str:
    """The hookInstance of a body that is no request otherwise; blank when not even that can be read."""
    try:
        return msgspec.json.decode(body, type=_Named).hookInstance
    except UNREADABLE:
        return ""


def _extension(written: Any) -> Json:
    """What else a client says; of another shape than an object it says nothing, and is no error."""
    return written if isinstance(written, dict) else {}


def _explained(body: bytes) -> _Call:
    """Find what is wrong with the outer shape of a body and say where. Raises UnreadableRequest."""
    members = _object(body, "$")
    for name in ("hook", "hookInstance", "context"):
        required(members, name, "$")
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
