"""From "missing" to "covered", over HTTP only: sign, see what is missing, fill in, sign again."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conformance.ehr import Ehr
from tests.conftest import Json
from tests.dtr.wire import (
    ADAPTIVE,
    FORM,
    NEXT,
    RESPONSES,
    coverage_of,
    fhir,
    filled,
    items_of,
    named,
    outcome,
    package,
    parameters,
    signed,
    stated,
)  # fmt: skip

TRUTH = {
    "crc-unproven-confinement": {"mets-confined-to-liver": {"valueBoolean": True}},
    "hcc-no-child-pugh": {
        "child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": "710065009"}}
    },
}
DENIED = {
    "crc-unproven-confinement": {"mets-confined-to-liver": {"valueBoolean": False}},
    "hcc-no-child-pugh": {
        "child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": "710067001"}}
    },
}
OPEN = pytest.mark.parametrize("name", TRUTH)
Open = Callable[[str], Ehr]


@OPEN
def test_resp_38_where_documentation_is_needed_the_form_is_named(
    service: FlaskClient, open_ehr: Open, name: str
) -> None:
    open_ehr(name)
    said = stated(signed(service, name))
    assert (said["covered"], said["doc-needed"]) == ("conditional", "clinical")
    assert said["questionnaire"] == f"{FORM}|2025-05-06"
    assert said["coverage-assertion-id"]


@OPEN
@pytest.mark.parametrize(("answers", "then"), [(TRUTH, "covered"), (DENIED, "not-covered")])
def test_CRDF77_the_form_answered_and_submitted_decides_the_next_call(
    service: FlaskClient, open_ehr: Open, name: str, answers: Json, then: str
) -> None:
    open_ehr(name)
    first = signed(service, name)
    assert outcome(first) == "missing-documentation"
    said = stated(first)
    form, draft = package(service, coverage=coverage_of(name), context=said["coverage-assertion-id"])
    assert {"mets-confined-to-liver", "child-pugh-class"} & {item["linkId"] for item in items_of(form)}
    kept = service.post(RESPONSES, json=filled(draft, form, answers[name]))
    assert fhir(kept, 201)["id"] in kept.headers["Location"]
    again = signed(service, name)
    assert outcome(again) == then
    assert f"QuestionnaireResponse/{kept.get_json()['id']}" in str(again["cards"])


@OPEN
def test_the_form_kept_in_the_ehr_decides_as_well(service: FlaskClient, open_ehr: Open, name: str) -> None:
    ehr = open_ehr(name)
    said = stated(signed(service, name))
    form, draft = package(service, coverage=coverage_of(name), order=said["order"])
    ehr.record.setdefault("QuestionnaireResponse", []).append({**filled(draft, form, TRUTH[name]), "id": "mine"})
    assert outcome(signed(service, name)) == "covered"


@OPEN
def test_asked_one_by_one_it_ends_completed_and_decides(service: FlaskClient, open_ehr: Open, name: str) -> None:
    open_ehr(name)
    said = stated(signed(service, name))
    form, response = package(
        service, coverage=coverage_of(name), context=said["coverage-assertion-id"], questionnaire=ADAPTIVE
    )
    assert "item" not in form
    assert "item" not in response
    asked = []
    while response["status"] != "completed":
        answer = fhir(service.post(NEXT, json=parameters(**{"questionnaire-response": response})))
        (response,) = named(answer, "return")
        for item in items_of(response):
            if "answer" not in item:
                asked.append(item["linkId"])
                item["answer"] = [TRUTH[name][item["linkId"]]]
    assert asked == list(TRUTH[name])
    response["source"] = {"reference": "Practitioner/surgeon-1"}
    fhir(service.post(RESPONSES, json=response), 201)
    assert outcome(signed(service, name)) == "covered"


def test_a_newer_record_that_contradicts_the_form_leaves_the_criterion_open_with_a_note(
    service: FlaskClient, open_ehr: Open
) -> None:
    name = "crc-unproven-confinement"
    ehr = open_ehr(name)
    said = stated(signed(service, name))
    form, draft = package(service, coverage=coverage_of(name), context=said["coverage-assertion-id"])
    fhir(service.post(RESPONSES, json=filled(draft, form, TRUTH[name])), 201)
    bone = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C79.51"}]}
    metastasis = {"resourceType": "Condition", "id": "bone", "code": bone, "recordedDate": "2026-11-24"}
    ehr.record["Condition"].append({**metastasis, "subject": {"reference": f"Patient/{name}"}})
    again = signed(service, name)
    assert outcome(again) == "missing-documentation"
    notes = again["cards"][0]["extension"]["coverage-hooks.determination"]["notes"]
    assert any("Condition/bone" in note for note in notes)


def test_dont_know_stays_unknown(service: FlaskClient, open_ehr: Open) -> None:
    name = "hcc-no-child-pugh"
    ehr = open_ehr(name)
    said = stated(signed(service, name))
    form, draft = package(service, coverage=coverage_of(name), order=said["order"])
    unknown = {
        "valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "asked-unknown"}
    }
    done = {**filled(draft, form, {"child-pugh-class": unknown}), "id": "mine"}
    ehr.record.setdefault("QuestionnaireResponse", []).append(done)
    assert outcome(signed(service, name)) == "missing-documentation"
