"""What is ordered, in codes that everybody knows and that cannot be of a patient (CRDMetricData, orderDetail)."""

from typing import Any

import pytest

from cds_service.crd_metrics.order_detail import order_detail
from tests.conftest import CPT

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def concept(code: Any, system: Any = CPT) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": "for John"}], "text": "for John"}


@pytest.mark.parametrize(
    "order",
    [
        {"resourceType": "ServiceRequest", "code": concept("47382")},
        {"resourceType": "ServiceRequest", "code": concept("47382", "urn:oid:2.16.840.1.113883.6.12")},
        {"resourceType": "DeviceRequest", "codeCodeableConcept": concept("47382")},
        {"resourceType": "Appointment", "serviceType": [concept("47382")]},
        {"resourceType": "Encounter", "serviceType": concept("47382")},
        {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept("47382")},
        {"resourceType": "MedicationRequest", "medicationReference": {"reference": "#m"},
         "contained": [{"resourceType": "Medication", "id": "m", "code": concept("47382")}]},
        {"resourceType": "VisionPrescription", "lensSpecification": [{"product": concept("47382")}]},
    ],
)  # fmt: skip
def test_each_kind_of_order_is_told_by_the_code_of_what_it_orders(order: Any) -> None:
    assert order_detail(order) == [{"system": CPT, "code": "47382"}]


@pytest.mark.parametrize(
    ("code", "system", "told"),
    [
        ("0686T", CPT, CPT), ("C9751", CPT, HCPCS), ("C9751", HCPCS, HCPCS), ("225723", RXNORM, RXNORM),
        ("225723008", SNOMED, SNOMED), ("24627-2", "http://loinc.org", "http://loinc.org"),
    ],
)  # fmt: skip
def test_a_code_is_told_under_the_system_it_is_of(code: str, system: str, told: str) -> None:
    assert order_detail({"resourceType": "ServiceRequest", "code": concept(code, system)}) == [
        {"system": told, "code": code}
    ]


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("MRN-4711", "http://hospital.example/orders"), ("47382", ""), ("47382", None), ("John", CPT),
        ("JOHN1", CPT), ("1970-01-01", SNOMED), ("4711", SNOMED), (47382, CPT), ("", CPT),
    ],
)  # fmt: skip
def test_what_is_no_code_of_a_system_everybody_knows_is_left_out(code: Any, system: Any) -> None:
    assert order_detail({"resourceType": "ServiceRequest", "code": concept(code, system)}) == []


@pytest.mark.parametrize(
    "order",
    [{}, {"resourceType": "Task", "code": concept("47382")}, {"resourceType": "ServiceRequest", "code": "47382"},
     {"resourceType": "ServiceRequest", "code": {"text": "John's ablation"}}],
)  # fmt: skip
def test_an_order_without_a_code_has_no_detail(order: Any) -> None:
    assert order_detail(order) == []
