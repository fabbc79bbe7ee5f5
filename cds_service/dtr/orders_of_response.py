"""Which orders a response is about: those it contains, else the one its assertion id was stated on."""

from typing import Any

from cds_service.dtr.desk import Desk
from cds_service.dtr.draft_response import assertion_system
from cds_service.dtr.refusals import Unprocessable
from cds_service.security.tokens import Caller
from cds_service.store.assertions import Assertion
from fhir_mappings.elements import items, member, reference_id, text_of
from fhir_mappings.orders import ORDER_TYPES
from fhir_mappings.record import belongs_to

Json = dict[str, Any]


def assertion_id_of(response: Json, base: str) -> str:
    """The assertion id a response carries as its identifier."""
    identifier = response.get("identifier")
    is_ours = text_of(member(identifier, "system")) == assertion_system(base)
    return text_of(member(identifier, "value")) if is_ours else ""


def statement_of(response: Json, caller: Caller, desk: Desk) -> Assertion | None:
    """The coverage statement a response answers to. Raises Unprocessable for one not made, or on another patient."""
    identity = assertion_id_of(response, desk.base)
    if not identity:
        return None
    found = desk.assertion(identity, caller)
    if found is None:
        raise Unprocessable(
            "no coverage statement of this id was made to you: keep the identifier the form came with",
            "$.identifier.value",
            "not-found",
        )
    if found.payload and found.payload["patient"] != patient_of(response):
        raise Unprocessable("the coverage statement is about another patient", "$.subject.reference")
    return found


def patient_of(response: Json) -> str:
    """The id of the patient a response is about. Raises Unprocessable without one."""
    kind, identity = reference_id(response.get("subject"))
    if kind != "Patient" or not identity:
        raise Unprocessable("a response names its subject, a Patient", "$.subject.reference", "required")
    return identity


def orders_of(response: Json, stated: Assertion | None) -> tuple[Json, ...]:
    """The orders. Raises Unprocessable where none is known, or one is another patient's."""
    patient_id = patient_of(response)
    contained = tuple(dict(one) for one in items(response.get("contained")) if one.get("resourceType") in ORDER_TYPES)
    for order in contained:
        if not belongs_to(order, patient_id):
            raise Unprocessable("a contained order is another patient's", "$.contained")
    stated_on = (stated.payload["order"],) if stated and stated.payload else ()
    found = contained or stated_on
    if not found:
        raise Unprocessable(
            "the order is not known here: keep the identifier and what is contained as the form came with them",
            "$.identifier",
            "required",
        )
    return found
