"""The rules every answer of the suite is held against: good answers keep them, and each way to break one is found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.cards.card import ASSOCIATED
from tests.answer_rules import faults
from tests.cards.building import DECLARED, call, post
from tests.conftest import Json, hook_call, order

SIGN = "order-sign-crd"


@pytest.fixture(scope="module")
def good(client: FlaskClient) -> tuple[Json, Json]:
    """A call in 2.2 with a coverage card, an alternative and a coverage statement, and its answer."""
    asked = call("histotripsy-alternative", extension=DECLARED)
    return asked, post(client, asked).get_json()


def test_a_good_answer_breaks_no_rule(good: tuple[Json, Json]) -> None:
    asked, answer = good
    assert [card["source"]["topic"]["code"] for card in answer["cards"]] == ["guideline", "therapy-alternatives-opt"]
    assert answer["systemActions"]
    assert faults(SIGN, asked, answer) == []


Break = Callable[[Json], Any]


def coverage(answer: Json) -> Json:
    return answer["cards"][0]


def alternative(answer: Json) -> Json:
    return answer["cards"][1]


def suggestion(answer: Json) -> Json:
    return alternative(answer)["suggestions"][0]


def action(answer: Json, number: int) -> Json:
    return suggestion(answer)["actions"][number]


def topic(answer: Json) -> Json:
    return coverage(answer)["source"]["topic"]


TASK = {"resourceType": "Task"}


@pytest.mark.parametrize(
    ("break_it", "named"),
    [
        (lambda a: a.pop("cards"), "CRD96"),
        (lambda a: a.update(systemActions=[]), "contract 7"),
        (lambda a: coverage(a).update(summary="x" * 140), "CK18"),
        (lambda a: coverage(a).update(summary="two\nlines"), "CK18"),
        (lambda a: coverage(a).update(detail=""), "CK19"),
        (lambda a: coverage(a).update(links=[]), "CK19"),
        (lambda a: coverage(a).update(extension=None), "CK19"),
        (lambda a: coverage(a)["links"][0].update(label=" "), "CK19"),
        (lambda a: coverage(a).update(indicator="critical"), "resp-2"),
        (lambda a: coverage(a).pop("uuid"), "resp-13"),
        (lambda a: coverage(a).update(uuid=alternative(a)["uuid"]), "CK28"),
        (lambda a: coverage(a).update(detail="Ask on our portal."), "resp-17"),
        (lambda a: coverage(a).update(summary="Log in to see"), "resp-17"),
        (lambda a: coverage(a)["source"].pop("label"), "resp-4"),
        (lambda a: coverage(a)["source"].pop("topic"), "resp-5"),
        (lambda a: topic(a).pop("display"), "resp-5"),
        (lambda a: topic(a).update(system="http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"), "A2"),
        (lambda a: topic(a).update(code="cost"), "dev-5"),
        (lambda a: coverage(a)["links"][0].update(type="smart"), "resp-19"),
        (lambda a: coverage(a)["links"][0].update(appContext="x"), "resp-19"),
        (lambda a: coverage(a)["links"][0].update(url="/policies"), "CK25"),
        (lambda a: alternative(a).update(links=coverage(a)["links"]), "resp-13"),
        (lambda a: alternative(a).pop("selectionBehavior"), "CRD98"),
        (lambda a: alternative(a).update(selectionBehavior="all"), "CRD98"),
        (lambda a: coverage(a).update(selectionBehavior="any"), "CRD98"),
        (lambda a: suggestion(a).pop("uuid"), "resp-3"),
        (lambda a: suggestion(a).pop("label"), "resp-3"),
        (lambda a: suggestion(a).pop("actions"), "resp-3"),
        (lambda a: action(a, 0).pop("description"), "CK22"),
        (lambda a: action(a, 0).update(resourceId="sr-1"), "CK22"),
        (lambda a: action(a, 1).pop("resource"), "CK22"),
        (lambda a: action(a, 1).update(type="replace"), "CK22"),
        (lambda a: action(a, 1).update(resourceId="ServiceRequest/sr-1"), "CK22"),
        (lambda a: action(a, 1)["resource"].update(extension=[{"url": "x/ext-coverage-information"}]), "resp-25"),
        (lambda a: coverage(a)["extension"].update({ASSOCIATED: ["ServiceRequest/x"]}), "dev-25"),
        (lambda a: coverage(a)["extension"].update({ASSOCIATED: [{"reference": "Group/1"}]}), "dev-25"),
        (lambda a: a["systemActions"][0].pop("description"), "CK22"),
        (lambda a: a["systemActions"][0]["resource"]["extension"][0]["extension"].append({"url": ""}), "CK19"),
    ],
)  # fmt: skip
def test_each_way_to_break_a_rule_is_found(good: tuple[Json, Json], break_it: Break, named: str) -> None:
    asked, answer = copy.deepcopy(good)
    break_it(answer)
    assert [fault for fault in faults(SIGN, asked, answer) if named in fault]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda a: action(a, 1).update(resource=TASK),
        lambda a: a["systemActions"][0]["resource"]["extension"][0]["extension"].append(
            {"url": "doc-needed", "valueCode": "clinical"}
        ),
        lambda a: a["systemActions"][0]["resource"]["extension"][0]["extension"].append(
            {"url": "detail", "extension": [{"url": "value", "valueString": "Still needed: I.C: Child-Pugh class"}]}
        ),
    ],
)
def test_hook_19_documentation_asked_for_on_a_secondary_hook_is_found(good: tuple[Json, Json], break_it: Break) -> None:
    asked, answer = copy.deepcopy(good)
    break_it(answer)
    assert any("hook-19" in fault for fault in faults("order-select-crd", asked, answer))
    assert not any("hook-19" in fault for fault in faults(SIGN, asked, answer))


def test_what_the_client_sent_may_hold_what_ours_may_not(client: FlaskClient) -> None:
    """An order is echoed as it came, blanks and nulls in it included."""
    coverages = {"resourceType": "Coverage", "id": "c1", "beneficiary": {"reference": "Patient/p1"}}
    body = hook_call(
        order("0686T", note=None, orderDetail=[], status=""),
        prefetch={"coverage": {"resourceType": "Bundle", "entry": [{"resource": coverages}]}},
    )
    (action,) = post(client, body).get_json()["systemActions"]
    assert action["resource"]["note"] is None
    assert action["resource"]["orderDetail"] == []


def test_an_answer_that_breaks_a_rule_fails_the_test_that_got_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("cds_service.cards.coverage.summary", lambda _: "Please log in")
    with pytest.raises(AssertionError, match="no portal"):
        client.post("/cds-services/order-sign-crd", json=hook_call(order("0686T")))
