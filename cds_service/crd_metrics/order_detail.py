"""What is ordered, in codes (CRD 2.2.1, CRDMetricData.request.orderDetail)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from cds_service.crd.billing import billing_system
from fhir_mappings.code_systems import CANONICAL_URIS, ICD_10_PCS, LOINC, PROCEDURE_CODE, RXNORM, SNOMED
from fhir_mappings.elements import Json, codes, items, member, text_of

_ELEMENTS: Final = {
    "Appointment": ("serviceType",),
    "DeviceRequest": ("codeCodeableConcept",),
    "Encounter": ("serviceType",),
    "MedicationRequest": ("medicationCodeableConcept",),
    "ServiceRequest": ("code",),
}

_FORMS: Final = {
    ICD_10_PCS: re.compile(r"[A-Z0-9]{7}", re.ASCII),
    LOINC: re.compile(r"\d{1,7}-\d", re.ASCII),
    PROCEDURE_CODE: re.compile(r"\d{5}|\d{4}[A-Z]|[A-Z]\d{4}", re.ASCII),
    RXNORM: re.compile(r"\d{1,8}", re.ASCII),
    SNOMED: re.compile(r"\d{6,18}", re.ASCII),
}
"""The code systems everybody knows, and how a code of each is written."""


def order_detail(order: Json) -> list[dict[str, str]]:
    """The codings of the service or product ordered, as system and code.

    Only codes of systems everybody knows, in their form: what a client writes anywhere else could be of the patient.
    """
    concepts = _concepts(order, text_of(order.get("resourceType")))
    listed = dict.fromkeys(code for concept in concepts for code in codes(concept))
    return [{"system": _uri(system, code), "code": code} for system, code in listed if _is_a_code(system, code)]


def _is_a_code(system: str, code: str) -> bool:
    return system in _FORMS and _FORMS[system].fullmatch(code) is not None


def _concepts(order: Json, kind: str) -> Iterator[Any]:
    yield from (order.get(element) for element in _ELEMENTS.get(kind, ()))
    if kind == "MedicationRequest":
        product = text_of(member(order, "medicationReference", "reference"))
        contained = items(order.get("contained"))
        yield from (one.get("code") for one in contained if product == f"#{text_of(one.get('id'))}")
    if kind == "VisionPrescription":
        yield from (lens.get("product") for lens in items(order.get("lensSpecification")))


def _uri(system: str, code: str) -> str:
    return billing_system(code) if system == PROCEDURE_CODE else CANONICAL_URIS[system]
