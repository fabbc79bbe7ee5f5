"""A draft order: every type, every place its codes can stand, and what is no order (terminology 1.1)."""

from typing import Any

import pytest

from fhir_mappings.orders import BILLING_OPTIONS, ORDER_TYPES, PROCEDURE_INTENT, Order, read_order
from tests.fhir_mappings.building import concept, order_of

CPT = ("cpt-hcpcs", "47382")


def read(kind: str = "ServiceRequest", **elements: Any) -> Order | None:
    return read_order({"resourceType": kind, "status": "draft", **elements}, f"{kind}/1")


def codes_of(kind: str, **elements: Any) -> tuple[tuple[str, str], ...]:
    order = read(kind, **elements)
    assert order is not None
    return order.service.codes


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("ServiceRequest", "code"),
        ("DeviceRequest", "codeCodeableConcept"),
        ("MedicationRequest", "medicationCodeableConcept"),
        ("SupplyRequest", "itemCodeableConcept"),
        ("DeviceRequest", "code"),
        ("MedicationRequest", "medication"),
        ("SupplyRequest", "item"),
    ],
)
def test_each_order_type_keeps_its_code_in_its_own_element(kind: str, element: str) -> None:
    assert codes_of(kind, **{element: concept("cpt 47382")}) == (CPT,)


def test_the_order_types_are_those_five() -> None:
    types = {"ServiceRequest", "DeviceRequest", "MedicationRequest", "SupplyRequest", "Appointment"}
    assert types == ORDER_TYPES


def test_an_appointment_orders_what_its_service_type_says() -> None:
    asked = read("Appointment", serviceType=[concept("cpt 47382")], start="2026-12-01T09:00:00Z")
    assert asked is not None
    assert asked.service.codes
    assert asked.when is not None


@pytest.mark.parametrize("kind", ["CommunicationRequest", "NutritionOrder", "Task", "VisionPrescription", ""])
def test_another_type_orders_nothing_we_know(kind: str) -> None:
    assert read(kind, code=concept("cpt 47382")) is None


@pytest.mark.parametrize("status", ["entered-in-error", "revoked", "cancelled", "stopped"])
def test_what_was_withdrawn_is_no_order(status: str) -> None:
    assert read(status=status) is None


@pytest.mark.parametrize("status", ["draft", "active", "on-hold", "completed", "unknown", ""])
def test_any_other_status_is_an_order(status: str) -> None:
    assert read(status=status) is not None


@pytest.mark.parametrize(("flag", "ordered"), [(True, False), (False, True), (None, True), ("true", True)])
def test_what_is_not_to_be_done_is_no_order(flag: Any, ordered: bool) -> None:
    assert (read(doNotPerform=flag) is not None) is ordered


def test_every_coding_counts_once() -> None:
    found = codes_of("ServiceRequest", code=concept("cpt 47399", "snomed 433876005", "hcpcs 47399"))
    assert found == (("cpt-hcpcs", "47399"), ("snomed", "433876005"))


@pytest.mark.parametrize("system", ["cpt", "hcpcs"])
@pytest.mark.parametrize("code", ["47382", "C9734", "0686T", "E0767"])
def test_a_procedure_code_counts_under_cpt_and_under_hcpcs(code: str, system: str) -> None:
    order = read(code=concept(f"{system} {code}"))
    assert order is not None
    assert order.service.procedure_codes == frozenset({code})


def test_the_codes_of_the_billing_options_count() -> None:
    billing = [{"url": BILLING_OPTIONS, "valueCodeableConcept": concept("cpt 47382")},
               {"url": BILLING_OPTIONS, "valueCodeableConcept": concept("cpt 76940")},
               {"url": "http://example.org/other", "valueCodeableConcept": concept("cpt 99213")}]  # fmt: skip
    found = codes_of("ServiceRequest", code=concept("snomed 428115007") | {"extension": billing})
    assert found == (("snomed", "428115007"), CPT, ("cpt-hcpcs", "76940"))


@pytest.mark.parametrize(
    ("kind", "element", "contained"),
    [
        ("MedicationRequest", "medicationReference", {"resourceType": "Medication", "code": concept("hcpcs J2353")}),
        ("DeviceRequest", "codeReference", {"resourceType": "Device", "type": concept("hcpcs J2353")}),
        ("SupplyRequest", "itemReference", {"resourceType": "Substance", "code": concept("hcpcs J2353")}),
    ],
)
def test_a_contained_product_is_read(kind: str, element: str, contained: dict[str, Any]) -> None:
    inside = [{"id": "other", "code": concept("cpt 99213")}, contained | {"id": "p"}]
    assert codes_of(kind, contained=inside, **{element: {"reference": "#p"}}) == (("cpt-hcpcs", "J2353"),)
    assert codes_of(kind, contained=inside, **{element: {"reference": "Medication/p"}}) == ()
    assert codes_of(kind, contained=inside, **{element: {"reference": "#gone"}}) == ()


@pytest.mark.parametrize("code", [None, {}, {"coding": [{}]}, {"coding": []}, "47382", [], {"coding": "47382"}])
def test_an_order_without_a_readable_code_is_still_an_order(code: Any) -> None:
    assert codes_of("ServiceRequest", code=code) == ()


def test_a_sandbox_order_before_a_study_is_chosen() -> None:
    order = read(code={"coding": [{}]}, reasonCode=[], intent="plan")
    assert order is not None
    assert (order.service.codes, order.reasons, order.when) == ((), (), None)


def test_the_words_of_code_and_detail_are_kept() -> None:
    order = read(code=concept("cpt 47399", text="Ablation"), orderDetail=[concept("snomed 1", text="microwave")])
    assert order is not None
    assert order.service.words.split() == ["Ablation", "microwave"]
    assert order.service.detail_codes == (("snomed", "1"),)


def test_reasons_are_kept_apart_and_together() -> None:
    order = read(
        reasonCode=[concept("icd C22.0", "snomed 109841003"), concept("icd C78.7"), {"text": "pain"}],
        reasonReference=[{"reference": "Condition/a"}, {"reference": "http://x.org/fhir/Condition/b/_history/1"}],
    )
    assert order is not None
    assert order.reasons == ((("icd-10-cm", "C220"), ("snomed", "109841003")), (("icd-10-cm", "C787"),), ())
    assert order.reason_codes == (("icd-10-cm", "C220"), ("snomed", "109841003"), ("icd-10-cm", "C787"))
    assert order.reason_ids == ("a", "b")


def test_site_intent_insurance_and_date() -> None:
    order = order_of(
        bodySite=[concept("snomed 10200004")],
        extension=[{"url": PROCEDURE_INTENT, "valueCodeableConcept": concept("snomed 373808002")}],
        insurance=[{"reference": "Coverage/c1"}, {"reference": "http://x.org/fhir/Coverage/c2"}],
        occurrencePeriod={"start": "2026-12-01", "end": "2026-12-05"},
    )
    assert order.site == (("snomed", "10200004"),)
    assert order.intents == (("snomed", "373808002"),)
    assert order.insurance == ("Coverage/c1", "Coverage/c2")
    assert order.when is not None
    assert order.when.text == "2026-12-01"


@pytest.mark.parametrize(
    "kind",
    [
        "ServiceRequest",
        "MedicationRequest",
        *(
            pytest.param(kind)
            for kind in ("DeviceRequest", "SupplyRequest")
        ),
    ],
)  # fmt: skip
def test_every_order_type_has_a_date(kind: str) -> None:
    order = read(kind, authoredOn="2026-11-20")
    assert order is not None
    assert order.when is not None
