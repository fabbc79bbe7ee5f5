"""billopt-3 and found-10: codes an order may be billed by, wherever and however they are written."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import CPT, Json, determinations, order
from tests.crd.calls import (
    ASKED_BY,
    HOOKS,
    ORDERS,
    V2_2,
    VERSIONS,
    actions,
    all_statements,
    appointment,
    post,
)  # fmt: skip
from tests.crd.suites import without_statements

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
OPTIONS = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-billing-options"
RADIOFREQUENCY = {"coding": [{"system": "http://snomed.info/sct", "code": "708625004"}]}
IN_BOTH: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])


def coding(code: str) -> Json:
    return {"system": HCPCS if code[0].isalpha() else CPT, "code": code}


def options(*codes: str) -> Json:
    """The extension that says how something may be billed."""
    listed = [{"url": OPTIONS, "valueCodeableConcept": {"coding": [coding(code)]}} for code in codes]
    return {"extension": listed}


def concept(*codes: str) -> Json:
    """Something named in words alone, with its billing options."""
    return {"text": "as the hospital calls it", **options(*codes)}


def without(order: Json, name: str) -> Json:
    return {key: value for key, value in order.items() if key != name}


CODE = "E0767"
WRITTEN: dict[str, Json] = {
    "ServiceRequest.code": {**ORDERS["ServiceRequest"], "code": concept(CODE)},
    "DeviceRequest.code": {**ORDERS["DeviceRequest"], "codeCodeableConcept": concept(CODE)},
    "Device": {
        **without(ORDERS["DeviceRequest"], "codeCodeableConcept"), "codeReference": {"reference": "#device"},
        "contained": [{"resourceType": "Device", "id": "device", **options(CODE)}],
    },
    "Device.type": {
        **without(ORDERS["DeviceRequest"], "codeCodeableConcept"), "codeReference": {"reference": "#device"},
        "contained": [{"resourceType": "Device", "id": "device", "type": concept(CODE)}],
    },
    "MedicationRequest.medication": {**ORDERS["MedicationRequest"], "medicationCodeableConcept": concept(CODE)},
    "Medication.code": {
        **without(ORDERS["MedicationRequest"], "medicationCodeableConcept"),
        "medicationReference": {"reference": "#drug"},
        "contained": [{"resourceType": "Medication", "id": "drug", "code": concept(CODE)}],
    },
    "NutritionOrder": {**ORDERS["NutritionOrder"], **options(CODE)},
    "VisionPrescription.lensSpecification.product": {
        **ORDERS["VisionPrescription"], "lensSpecification": [{"product": concept(CODE), "eye": "right"}],
    },
    "Appointment.serviceType": appointment(serviceType=[concept(CODE)]),
}  # fmt: skip


def billing_codes(statement: Json) -> list[Json]:
    return [part["valueCoding"] for part in statement["extension"] if part["url"] == "billingCode"]


@pytest.mark.parametrize("place", WRITTEN)
def test_billopt_3_billing_options_are_considered_wherever_the_guide_puts_them(client: FlaskClient, place: str) -> None:
    hook = "appointment-book" if place.startswith("Appointment") else "order-sign"
    answer = post(client, ASKED_BY[hook](WRITTEN[place], extension=V2_2))
    (statement,) = all_statements(answer)
    assert billing_codes(statement) == [coding(CODE)]
    assert without_statements(actions(answer)[0]["resource"]) == WRITTEN[place]


@pytest.mark.parametrize(
    "place", [p for p in WRITTEN if p.split(".")[0] not in ("NutritionOrder", "VisionPrescription")]
)
def test_billopt_3_an_order_is_judged_by_its_billing_options(client: FlaskClient, place: str) -> None:
    """E0767 is a device of criterion VII, whatever the hospital's own words for it."""
    hook = "appointment-book" if place.startswith("Appointment") else "order-sign"
    (found,) = determinations(post(client, ASKED_BY[hook](WRITTEN[place], extension=V2_2)))
    assert found["criteria"] == ["VII.guard"]


@pytest.mark.parametrize("hook", HOOKS)
@IN_BOTH
def test_billopt_3_the_cpt_code_may_stand_in_billing_options_beside_a_clinical_one(
    client: FlaskClient, hook: str, version: Json
) -> None:
    """As the guide's own examples write it: SNOMED CT in the code, CPT in its extension."""
    written = {**order(), "code": {**RADIOFREQUENCY, **options("47382")}}
    answer = post(client, ASKED_BY[hook](written, extension=version))
    assert len(determinations(answer)) == 1
    assert [billing_codes(one) for one in all_statements(answer)] == [[coding("47382")]]


def test_billopt_2_a_service_that_names_no_billing_code_is_stated_on_without_one(client: FlaskClient) -> None:
    answer = post(client, ASKED_BY["order-sign"]({**order(), "code": RADIOFREQUENCY}, extension=V2_2))
    assert [billing_codes(one) for one in all_statements(answer)] == [[]]


ALIASES = [
    CPT, f"{CPT}|2026", f"{CPT}/", CPT.upper(), "urn:oid:2.16.840.1.113883.6.12", HCPCS,
    HCPCS.replace("http:", "https:"), "https://bluebutton.cms.gov/resources/codesystem/hcpcs",
    "urn:oid:2.16.840.1.113883.6.285",
]  # fmt: skip


@pytest.mark.parametrize("code", ["0686T", "C9734", "47382", " 0686t "])
@pytest.mark.parametrize("system", ALIASES)
def test_found_10_a_code_is_understood_under_each_name_of_its_system_and_sent_back_as_it_was_written(
    client: FlaskClient, system: str, code: str
) -> None:
    written = order(code, system)
    answer = post(client, ASKED_BY["order-sign"](written, extension=V2_2))
    (statement,) = all_statements(answer)
    assert billing_codes(statement) == [coding(code.strip().upper())]
    assert len(determinations(answer)) == 1
    assert without_statements(actions(answer)[0]["resource"]) == written
