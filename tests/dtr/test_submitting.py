"""A completed form submitted to the service: taken whole, or refused with nothing stored."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.store.errors import StoreUnavailable
from tests.conformance.ehr import Ehr
from tests.conformance.wire import example
from tests.conftest import Json
from tests.dtr.conftest import Start
from tests.dtr.wire import RESPONSES, coverage_of, fhir, filled, outcome, package, refused, signed, stated

NAME = "hcc-no-child-pugh"
CLASS_A = {"child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": "710065009"}}}
CLASS_C = {"child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": "710067001"}}}
Open = Callable[[str], Ehr]


@pytest.fixture
def done(service: FlaskClient, open_ehr: Open) -> Json:
    """The form of a signing, filled in."""
    open_ehr(NAME)
    said = stated(signed(service, NAME))
    form, draft = package(service, coverage=coverage_of(NAME), context=said["coverage-assertion-id"])
    return filled(draft, form, CLASS_A)


def changed(response: Json, **elements: Any) -> Json:
    return {name: held for name, held in {**response, **elements}.items() if held is not None}


def test_it_can_be_read_again_by_who_submitted_it(service: FlaskClient, done: Json) -> None:
    kept = fhir(service.post(RESPONSES, json=done), 201)
    assert fhir(service.get(f"{RESPONSES}/{kept['id']}"))["item"] == done["item"]
    refused(service.get(f"{RESPONSES}/00000000-0000-0000-0000-000000000000"), 404)


def test_a_later_form_of_the_order_takes_the_place_of_the_earlier_one(service: FlaskClient, done: Json) -> None:
    first = fhir(service.post(RESPONSES, json=done), 201)
    assert outcome(signed(service, NAME)) == "covered"
    item = [{**group, "item": [{**one, "answer": [CLASS_C[one["linkId"]]]} if one["linkId"] in CLASS_C else one
                               for one in group["item"]]} for group in done["item"]]  # fmt: skip
    fhir(service.post(RESPONSES, json={**done, "item": item}), 201)
    assert outcome(signed(service, NAME)) == "not-covered"
    refused(service.get(f"{RESPONSES}/{first['id']}"), 404)


def test_it_says_when_it_was_completed_or_is_of_now(service: FlaskClient, done: Json) -> None:
    kept = fhir(service.post(RESPONSES, json=changed(done, authored=None)), 201)
    assert kept["authored"].startswith("2026-11-24")


def wrong(link_id: str, held: Json) -> list[Json]:
    return [{"linkId": link_id, "text": "x", "answer": [held]}]


@pytest.mark.parametrize(
    ("elements", "status", "place"),
    [
        pytest.param({"status": "in-progress"}, 422, "$.status", id="not completed"),
        pytest.param({"item": [{"linkId": 5}]}, 400, "$.item[0].linkId", id="no FHIR"),
        pytest.param({"questionnaire": "http://other.example/x"}, 422, "$.questionnaire", id="no form of ours"),
        pytest.param({"subject": {"reference": "Patient/other"}}, 422, "$.subject.reference", id="another patient"),
        pytest.param({"subject": None}, 422, "$.subject.reference", id="no patient"),
        pytest.param({"identifier": None}, 422, "$.identifier", id="no assertion id"),
        pytest.param({"source": {"reference": f"Patient/{NAME}"}}, 422, "$.source.reference", id="by the patient"),
        pytest.param({"item": wrong("child-pugh-class", {"valueString": "Zebulon"})}, 422, "$.item[0].answer[0]",
                     id="an answer of the wrong type"),
        pytest.param({"item": wrong("ecog-grade", {"valueInteger": 9})}, 422, "$.item[0].answer[0].valueInteger",
                     id="an answer out of range"),
        pytest.param({"item": wrong("Zebulon", {"valueInteger": 1})}, 422, "$.item[0].linkId", id="no question"),
        pytest.param({"item": None}, 422, "$.item", id="no answer at all"),
        pytest.param({"authored": "2027-01-01"}, 422, "$.authored", id="of tomorrow"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_its_place_and_nothing_is_stored(
    service: FlaskClient, done: Json, elements: Json, status: int, place: str
) -> None:
    issue = refused(service.post(RESPONSES, json=changed(done, **elements)), status)
    assert issue["expression"] == [place]
    assert "Zebulon" not in str(issue)
    assert outcome(signed(service, NAME)) == "missing-documentation"


def test_an_assertion_nobody_made_is_refused(service: FlaskClient, done: Json) -> None:
    identifier = {**done["identifier"], "value": "coverage-hooks-unknown"}
    assert refused(service.post(RESPONSES, json=changed(done, identifier=identifier)), 422)["code"] == "not-found"


def test_without_a_key_it_is_to_be_kept_in_the_ehr(start: Start, done: Json) -> None:
    issue = refused(start().post(RESPONSES, json=done), 422)
    assert "EHR" in issue["details"]["text"]


def test_the_form_of_one_patient_is_no_evidence_for_another(service: FlaskClient, done: Json) -> None:
    fhir(service.post(RESPONSES, json=done), 201)
    answer = signed(service, NAME, context={**example(NAME)["context"], "patientId": "another"}, extension={})
    assert outcome(answer) == "undetermined", "this EHR answers with another patient's data alone"
    assert "was submitted to this service" not in str(answer)


@pytest.mark.parametrize(
    ("name", "before", "then"),
    [("hcc-covered", "covered", "covered"), ("hcc-too-large", "not-covered", "undetermined")],
)
def test_forms_that_cannot_be_read_take_no_answer_but_nothing_is_denied_without_them(
    service: FlaskClient, open_ehr: Open, monkeypatch: pytest.MonkeyPatch, name: str, before: str, then: str
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailable

    open_ehr(name)
    assert outcome(signed(service, name)) == before
    monkeypatch.setattr("cds_service.store.shelf.forms_of", down)
    answer = signed(service, name)
    assert outcome(answer) == then
    assert "the forms submitted to this service could not be read" in str(answer)
