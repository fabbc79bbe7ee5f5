"""The context of each hook: which orders it is about, which stand beside them, which are only named."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from cds_service.errors import UnreadableRequest
from fhir_mappings.bundles import Arrival, read_page
from fhir_mappings.elements import Json, extensions, items, member, text_of
from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.order_reads import DraftOrder, read_draft

Members = Mapping[str, msgspec.Raw]
NULL: Final = msgspec.Raw(b"null")

ORDER_NAMES: Final = ("dispatchedOrders", "dispatched-orders", "order")
TASK_NAMES: Final = ("fulfillmentTasks", "fulfillment-tasks", "fulfillmentTask", "task")
"""What clients call these members of order-dispatch: 1.1, the library's own examples, 1.0."""

ALTERNATE_REFERENCE: Final = "http://hl7.org/fhir/StructureDefinition/alternate-reference"
"""How an R4 Appointment is based on an order other than a ServiceRequest."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a hook is about; `to_fetch` names orders that were not sent, as the client wrote them."""

    patient_id: str
    user_id: str = ""
    encounter_id: str = ""
    orders: tuple[DraftOrder, ...] = ()
    background: tuple[DraftOrder, ...] = ()
    to_fetch: tuple[str, ...] = ()
    appointments: tuple[DraftOrder, ...] = ()
    performer: str = ""
    tasks: tuple[Json, ...] = ()


def order_sign(members: Members) -> Context:
    """Every order about to be signed, drafts or revised."""
    return replace(_people(members), orders=_entries(members, "draftOrders"))


def order_select(members: Members) -> Context:
    """The orders just selected; the other drafts are background. Selections that name none select all."""
    drafts = _entries(members, "draftOrders")
    selections = _references(members, "selections")
    selected = tuple(draft for draft in drafts if draft.is_named_by_any(selections)) or drafts
    others = tuple(draft for draft in drafts if draft not in selected)
    return replace(_people(members), orders=selected, background=others)


def order_dispatch(members: Members) -> Context:
    """Orders named, not sent, on their way to a performer. The hook has no userId; one sent all the same is kept."""
    orders = _named(members, _present(members, ORDER_NAMES))
    tasks = items(value(members.get(_present(members, TASK_NAMES), NULL), "$.context"))
    return Context(
        patient_id=_patient(members),
        user_id=_optional(members, "userId"),
        encounter_id=_encounter(members),
        to_fetch=_once(orders),
        performer=_named(members, "performer")[0],
        tasks=tasks,
    )


def appointment_book(members: Members) -> Context:
    """Appointments about to be booked, and the orders they are based on: sent beside them, or named.

    An appointment based on no order is itself what is ordered.
    """
    entries = _entries(members, "appointments")
    appointments = tuple(entry for entry in entries if entry.body.get("resourceType") == "Appointment")
    named = _once(reference for appointment in appointments for reference in based_on(appointment.body))
    orders = tuple(entry for entry in entries if entry not in appointments and entry.is_named_by_any(named))
    to_fetch = tuple(r for r in named if not any(order.is_named_by(r) for order in orders))
    alone = tuple(appointment for appointment in appointments if not any(based_on(appointment.body)))
    return replace(_people(members), orders=(*orders, *alone), to_fetch=to_fetch, appointments=appointments)


def encounter(members: Members) -> Context:
    """An encounter that starts or ends, by its id; it brings no orders."""
    text(required(members, "encounterId", "$.context"), "$.context.encounterId")
    return _people(members)


CONTEXTS: Final[Mapping[str, Callable[[Members], Context]]] = {
    "order-sign": order_sign,
    "order-select": order_select,
    "order-dispatch": order_dispatch,
    "appointment-book": appointment_book,
    "encounter-start": encounter,
    "encounter-discharge": encounter,
}
"""The reader of each hook's context. It raises UnreadableRequest with the JSON path of what is missing or wrong."""


def based_on(appointment: Json) -> Iterator[str]:
    """The orders an appointment names, a blank for one that cannot be read."""
    for reference in items(appointment.get("basedOn")):
        yield _reference(reference)
        for other in extensions(reference, ALTERNATE_REFERENCE):
            yield _reference(other.get("valueReference"))


def required(members: Members, name: str, place: str) -> msgspec.Raw:
    """A member that must be there and not null."""
    if not _is_there(members, name):
        raise UnreadableRequest(f"{name} is required and missing", f"{place}.{name}")
    return members[name]


def value(raw: msgspec.Raw, place: str) -> Any:
    """A member's value."""
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE:
        raise UnreadableRequest("this is not JSON in UTF-8", place) from None


def text(raw: msgspec.Raw, place: str) -> str:
    """A member that is a string and not blank."""
    found = value(raw, place)
    if not isinstance(found, str) or not found.strip():
        raise UnreadableRequest(f"{place.rpartition('.')[2]} is a string with something in it", place)
    return found.strip()


def _is_there(members: Members, name: str) -> bool:
    return name in members and bytes(members[name]).strip() != b"null"


def _present(members: Members, names: tuple[str, ...]) -> str:
    """The first of these names that is there; the first of all where none is."""
    return next((name for name in names if _is_there(members, name)), names[0])


def _people(members: Members) -> Context:
    """Patient, user and, where it is told, the encounter."""
    user_id = text(required(members, "userId", "$.context"), "$.context.userId")
    return Context(_patient(members), user_id, _encounter(members))


def _patient(members: Members) -> str:
    return text(required(members, "patientId", "$.context"), "$.context.patientId").removeprefix("Patient/")


def _encounter(members: Members) -> str:
    return _optional(members, "encounterId").removeprefix("Encounter/")


def _optional(members: Members, name: str) -> str:
    return text_of(value(members.get(name, NULL), f"$.context.{name}"))


def _entries(members: Members, name: str) -> tuple[DraftOrder, ...]:
    """The readable resources of a Bundle; its type does not matter."""
    place = f"$.context.{name}"
    page = read_page(required(members, name, "$.context"), "Bundle", place)
    if page.arrival in (Arrival.MALFORMED, Arrival.FAILED):
        raise UnreadableRequest(f"{name} is a Bundle of resources", place)
    return tuple(draft for one in page.resources if (draft := read_draft(one)))


def _references(members: Members, name: str) -> tuple[str, ...]:
    """One reference or several, as strings or Reference objects; an unreadable one is blank."""
    found = value(required(members, name, "$.context"), f"$.context.{name}")
    if not isinstance(found, str | list | dict):
        raise UnreadableRequest(f"{name} holds references", f"$.context.{name}")
    return tuple(_reference(one) for one in (found if isinstance(found, list) else [found]))


def _named(members: Members, name: str) -> tuple[str, ...]:
    """References of which every one must be readable: what is left out here would go unanswered."""
    found = _references(members, name)
    if not found or not all(found):
        raise UnreadableRequest(f"{name} holds references, Type/id each", f"$.context.{name}")
    return found


def _reference(written: Any) -> str:
    return text_of(member(written, "reference") if isinstance(written, dict) else written)


def _once(references: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference for reference in references if reference))
