"""$next-question: one question more each time, answers kept as given, and what cannot be understood refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conformance.ehr import Ehr
from tests.conformance.wire import example
from tests.conftest import Json
from tests.dtr.conftest import Start
from tests.dtr.wire import (
    ADAPTIVE,
    NEXT,
    coverage_of,
    fhir,
    items_of,
    package,
    parameters,
    refused,
    signed,
    stated,
)  # fmt: skip

NAME = "hcc-no-child-pugh"
ORDER = example(NAME)["context"]["draftOrders"]["entry"][0]["resource"]
Open = Callable[[str], Ehr]


@pytest.fixture
def draft(service: FlaskClient, open_ehr: Open) -> Json:
    """The adaptive response a client begins with, under the assertion id of its signing."""
    open_ehr(NAME)
    said = stated(signed(service, NAME))
    return package(
        service, coverage=coverage_of(NAME), context=said["coverage-assertion-id"], questionnaire=ADAPTIVE
    )[1]  # fmt: skip


def next_of(service: FlaskClient, response: Json) -> Json:
    return fhir(service.post(NEXT, json=response))


def answered(response: Json, link_id: str, **answer: Any) -> Json:
    for item in items_of(response):
        if item["linkId"] == link_id:
            item["answer"] = [answer]
    return response


def test_CRDF74_the_form_inside_the_response_grows_with_the_question(service: FlaskClient, draft: Json) -> None:
    first = next_of(service, draft)
    form = first["contained"][0]
    assert form["derivedFrom"] == [f"{ADAPTIVE}|2025-05-06"]
    assert first["questionnaire"] == f"#{form['id']}"
    assert [item["linkId"] for item in items_of(form)] == ["child-pugh-class"]
    assert [item["linkId"] for item in items_of(first)] == ["child-pugh-class"]
    assert first["status"] == "in-progress"
    assert first["identifier"] == draft["identifier"]


def test_a_question_that_was_left_open_is_not_asked_again_and_the_form_ends(service: FlaskClient, draft: Json) -> None:
    again = next_of(service, next_of(service, draft))
    assert again["status"] == "completed"
    assert [item["linkId"] for item in items_of(again)] == ["child-pugh-class"]


def test_answers_are_kept_as_they_were_given(service: FlaskClient, draft: Json) -> None:
    by_hand = {"url": "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin",
               "extension": [{"url": "source", "valueCode": "manual"}]}  # fmt: skip
    coding = {"system": "http://snomed.info/sct", "code": "710065009", "display": "their words"}
    asked = answered(next_of(service, draft), "child-pugh-class", extension=[by_hand], valueCoding=coding)
    done = next_of(service, asked)
    assert done["status"] == "completed"
    assert items_of(done)[0]["answer"] == [{"extension": [by_hand], "valueCoding": coding}]


def test_without_a_record_it_asks_what_is_decisive_and_ends(start: Start) -> None:
    service = start(fhir_servers=())
    _, response = package(service, coverage=coverage_of(NAME), order=ORDER, questionnaire=ADAPTIVE)
    first = next_of(service, response)
    (asked,) = items_of(first)
    assert asked["linkId"] == "liver-reserve-adequate"
    done = next_of(service, answered(first, "liver-reserve-adequate", valueBoolean=False))
    assert done["status"] == "completed", "without reserve the order fails, whatever else is true"


def changed(draft: Json, **elements: Any) -> Json:
    return {name: held for name, held in {**draft, **elements}.items() if held is not None}


BAD = {"linkId": "ecog-grade", "text": "x", "answer": [{"valueString": "Zebulon"}]}


@pytest.mark.parametrize(
    ("elements", "status", "place"),
    [
        pytest.param({"questionnaire": "#other"}, 422, "$.questionnaire", id="another form"),
        pytest.param({"questionnaire": None}, 422, "$.questionnaire", id="no form"),
        pytest.param({"contained": None}, 422, "$.questionnaire", id="nothing contained"),
        pytest.param({"subject": {"reference": "Patient/another"}}, 422, "$.subject.reference", id="another patient"),
        pytest.param({"subject": None}, 422, "$.subject.reference", id="nobody"),
        pytest.param({"item": [BAD]}, 422, "$.item[0].answer[0]", id="an answer of the wrong type"),
        pytest.param({"status": "finished"}, 400, "$.status", id="no status"),
        pytest.param({"identifier": None}, 422, "$.identifier", id="an order nobody knows"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_its_place(
    service: FlaskClient, draft: Json, elements: Json, status: int, place: str
) -> None:
    issue = refused(service.post(NEXT, json=changed(draft, **elements)), status)
    assert issue["expression"] == [place]
    assert "Zebulon" not in str(issue)


def test_an_assertion_nobody_made_is_refused(service: FlaskClient, draft: Json) -> None:
    identifier = {**draft["identifier"], "value": "coverage-hooks-unknown"}
    assert refused(service.post(NEXT, json=changed(draft, identifier=identifier)), 422)["code"] == "not-found"


def test_parameters_without_the_response_are_refused(service: FlaskClient) -> None:
    refused(service.post(NEXT, json=parameters()), 400)
