"""The orders a batch judges: one assumed of every patient, or those of the export that the policy addresses."""

from cds_service.policies.policy_151.codes_2025_05_06 import CODES, NOT_ADDRESSED, governing
from fhir_mappings.code_systems import CANONICAL_URIS, PROCEDURE_CODE
from fhir_mappings.elements import Json
from fhir_mappings.orders import Order, read_order
from fhir_mappings.record import PatientRecord


def is_addressed(code: str) -> bool:
    """Whether the policy has anything to say of a CPT or HCPCS code."""
    order = read_order(assumed_body(code, ""), "")
    return order is not None and governing(order.service).by != NOT_ADDRESSED


def addressed_codes() -> tuple[str, ...]:
    """The codes of the policy's table."""
    return tuple(CODES)


def assumed_body(code: str, patient_id: str) -> Json:
    """The order that is assumed: a draft of this code and no more, as if it were signed on the day of the batch."""
    return {
        "resourceType": "ServiceRequest",
        "id": f"assumed-{code}",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{patient_id}"},
        "code": {"coding": [{"system": CANONICAL_URIS[PROCEDURE_CODE], "code": code}]},
    }


def orders_of(record: PatientRecord, assumed_code: str) -> tuple[Order, ...]:
    """The orders of one patient to be judged, each by itself."""
    if assumed_code:
        order = read_order(assumed_body(assumed_code, record.patient_id), f"ServiceRequest/assumed-{assumed_code}")
        return () if order is None else (order,)
    listed = (read_order(one.body, one.reference) for one in record.of_type("ServiceRequest"))
    return tuple(order for order in listed if order and governing(order.service).by != NOT_ADDRESSED)
