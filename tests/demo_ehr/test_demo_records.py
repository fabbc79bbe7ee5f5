"""Every example is valid FHIR, complete in itself, and coded with codes that can exist."""

from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from cds_service.demo_ehr import load_situations
from cds_service.demo_ehr.capability_statement import capability_statement
from cds_service.demo_ehr.date_shift import WRITTEN_FOR
from cds_service.demo_ehr.situations import patient_bundles

BUNDLES = patient_bundles()
SITUATIONS = load_situations(WRITTEN_FOR)
RESOURCES = [entry["resource"] for bundle in BUNDLES for entry in bundle["entry"]]
DRAFTS = [order for one in SITUATIONS for order in one.draft_orders]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from nodes(inner)


def codes(system: str) -> list[str]:
    return sorted({n["code"] for n in nodes([RESOURCES, DRAFTS]) if n.get("system") == system})


def address(resource: dict[str, Any]) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda b: address(b["entry"][0]["resource"]))
def test_a_patient_bundle_is_valid_fhir(bundle: dict[str, Any]) -> None:
    get_fhir_model_class("Bundle").model_validate(bundle)


@pytest.mark.parametrize("order", DRAFTS, ids=[order["id"] for order in DRAFTS])
def test_a_draft_order_is_valid_fhir_and_a_draft(order: dict[str, Any]) -> None:
    get_fhir_model_class(order["resourceType"]).model_validate(order)
    assert (order["status"], order["intent"]) == ("draft", "order")


def test_the_capability_statement_is_valid_fhir() -> None:
    get_fhir_model_class("CapabilityStatement").model_validate(capability_statement("http://localhost/demo/fhir"))


def test_every_id_is_used_once() -> None:
    addresses = [address(resource) for resource in [*RESOURCES, *DRAFTS]]
    assert len(addresses) == len(set(addresses))


def test_every_reference_leads_to_a_resource() -> None:
    referred = {n["reference"] for n in nodes([RESOURCES, DRAFTS]) if "reference" in n}
    assert referred - {address(resource) for resource in RESOURCES} == set()


def test_every_patient_is_marked_as_test_data() -> None:
    patients = [one for one in RESOURCES if one["resourceType"] == "Patient"]
    assert all(one["meta"]["security"][0]["code"] == "HTEST" for one in patients)


@pytest.mark.parametrize("code", codes("http://snomed.info/sct"))
def test_a_snomed_code_has_its_check_digit(code: str) -> None:
    assert verhoeff(code) == 0


@pytest.mark.parametrize("code", [c for c in codes("http://loinc.org") if c[0].isdigit()])
def test_a_loinc_code_has_its_check_digit(code: str) -> None:
    number, check = code.split("-")
    assert luhn(number) == int(check)


@pytest.mark.parametrize("code", codes("http://hl7.org/fhir/sid/icd-10-cm"))
def test_a_diagnosis_code_is_a_billable_icd_10_cm_code(code: str) -> None:
    icd = pytest.importorskip("simple_icd_10_cm")
    assert icd.is_valid_item(code)
    assert icd.is_leaf(code)


def luhn(number: str) -> int:
    doubled = [int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(number))]
    return -sum(d // 10 + d % 10 for d in doubled) % 10


def verhoeff(code: str) -> int:
    """Zero for a code whose last digit checks the others."""
    check, row = 0, list(range(10))
    for digit in reversed(code):
        check = dihedral(check, row[int(digit)])
        row = [row[at] for at in (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)]
    return check


def dihedral(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b - 5) % 5 + 5
    return (a - 5 - b) % 5 + 5 if b < 5 else (a - b) % 5
