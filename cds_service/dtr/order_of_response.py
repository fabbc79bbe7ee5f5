"""Which order a response is about: the one its assertion id was stated on, else by the codes its form came with."""

from typing import Any

from cds_service.dtr.adaptive import contained_form
from cds_service.dtr.desk import Desk
from cds_service.dtr.draft_response import assertion_system
from cds_service.dtr.refusals import Unprocessable
from cds_service.dtr.statement import Statement
from cds_service.security.tokens import Caller
from fhir_mappings.code_systems import CANONICAL_URIS
from fhir_mappings.elements import items, member, reference_id, text_of
from fhir_mappings.orders import Order

Json = dict[str, Any]


def assertion_id_of(response: Json, base: str) -> str:
    """The assertion id a response carries as its identifier."""
    identifier = response.get("identifier")
    is_ours = text_of(member(identifier, "system")) == assertion_system(base)
    return text_of(member(identifier, "value")) if is_ours else ""


def statement_of(response: Json, caller: Caller, desk: Desk) -> Statement | None:
    """The coverage statement a response answers to. Raises Unprocessable for one not made, or on another patient."""
    identity = assertion_id_of(response, desk.base)
    if not identity:
        return None
    found = desk.statement(identity, caller)
    if found is None:
        raise Unprocessable(
            "no coverage statement of this id was made to you: keep the identifier the form came with",
            "$.identifier.value",
            "not-found",
        )
    if found.order and found.patient_id != patient_of(response):
        raise Unprocessable("the coverage statement is about another patient", "$.subject.reference")
    return found


def patient_of(response: Json) -> str:
    """The id of the patient a response is about. Raises Unprocessable without one."""
    kind, identity = reference_id(response.get("subject"))
    if kind != "Patient" or not identity:
        raise Unprocessable("a response names its subject, a Patient", "$.subject.reference", "required")
    return identity


def order_of(response: Json, stated: Statement | None) -> Json:
    """The order. Raises Unprocessable where none is known."""
    if stated and stated.order:
        return stated.order
    patient = {"reference": f"Patient/{patient_of(response)}"}
    ordered = [dict(code) for code in items(contained_form(response).get("code"))]
    if not ordered:
        message = "the order is not known here: keep the identifier and the contained form as they came"
        raise Unprocessable(message, "$.identifier", "required")
    return {"resourceType": "ServiceRequest", "status": "draft", "subject": patient, "code": {"coding": ordered}}


def codes_of(order: Order) -> list[Json]:
    """The codes of an order, for a response that travels without it."""
    return [{"system": CANONICAL_URIS.get(system, system), "code": code} for system, code in order.service.codes]
