"""Coverage statements on the wire: a hook call with a Coverage gets its orders back with what the payer states."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conftest import EMPTY_RECORD, TODAY, Json, order, searchset
from tests.crd.calls import COVERAGE, V2_2, actions, signing, stated

SIGN = "/cds-services/order-sign-crd"
DECLARED: Json = V2_2


def call(*orders: Json, coverages: tuple[Json, ...] = (COVERAGE,), **more: Any) -> Json:
    return signing(*orders, prefetch={**EMPTY_RECORD, "coverage": searchset(*coverages)}, **more)


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.parametrize(
    ("code", "covered"), [("0686T", "not-covered"), ("47382", "conditional"), ("99213", "conditional")]
)
def test_each_order_is_stated_on_in_the_version_asked_for(
    client: FlaskClient, version: str, code: str, covered: str
) -> None:
    (action,) = actions(client.post(SIGN, json=call(order(code), extension={"davinci-crd.requestedVersion": version})))
    assert stated(action)["covered"] == covered
    assert stated(action)["coverage"] == {"reference": "Coverage/c1"}


def test_a_plain_client_gets_the_statement_too(client: FlaskClient) -> None:
    assert stated(actions(client.post(SIGN, json=call(order("0686T"))))[0])["covered"] == "not-covered"


def test_without_a_coverage_nothing_is_stated_on_a_guess(client: FlaskClient) -> None:
    assert actions(client.post(SIGN, json=call(order("0686T"), coverages=()))) == []


def test_a_declaring_client_without_a_coverage_of_ours_is_told_so(client: FlaskClient) -> None:
    answer = client.post(SIGN, json=call(order("0686T"), coverages=(), extension=DECLARED))
    assert (answer.status_code, answer.get_json()["issue"][0]["code"]) == (400, "not-found")


def test_a_version_nobody_speaks_is_refused(client: FlaskClient) -> None:
    answer = client.post(SIGN, json=call(order(), extension={"davinci-crd.requestedVersion": "9.9"}))
    assert answer.status_code == 400


def test_several_coverages_can_be_refused() -> None:
    refusing = create_app(Settings(auth="off", today=TODAY, several_coverages="refuse")).test_client()
    two = (COVERAGE, {**COVERAGE, "id": "c2"})
    assert refusing.post(SIGN, json=call(order("0686T"), coverages=two)).status_code == 400


def test_the_order_comes_back_with_its_digits_and_unknown_members(client: FlaskClient) -> None:
    body = json.dumps(call(order("0686T", quantityQuantity={"value": 1.5}, surprise={"a": [1]})))
    body = body.replace('{"value": 1.5}', '{"value": 1.500}')
    answer = client.post(SIGN, data=body, content_type="application/json")
    assert '"value": 1.500' in answer.get_data(as_text=True).replace('"value":1.500', '"value": 1.500')
    assert actions(answer)[0]["resource"]["surprise"] == {"a": [1]}


@pytest.mark.parametrize(
    ("option", "cards", "updates"),
    [({}, 1, 1), ({"coverage-info": False}, 1, 0), ({"guideline": False}, 0, 1), ({"max-cards": 0}, 0, 1)],
)
def test_what_a_client_switches_off_is_not_sent(client: FlaskClient, option: Json, cards: int, updates: int) -> None:
    extension = {**DECLARED, "davinci-crd.configuration": option}
    answer = client.post(SIGN, json=call(order("0686T"), extension=extension))
    assert (len(answer.get_json()["cards"]), len(actions(answer))) == (cards, updates)


def test_the_default_statement_can_be_left_out_for_clients_that_name_no_version() -> None:
    silent = create_app(Settings(auth="off", today=TODAY, default_statement="none")).test_client()
    assert actions(silent.post(SIGN, json=call(order("99213")))) == []
    assert len(actions(silent.post(SIGN, json=call(order("99213"), extension=DECLARED)))) == 1


def test_discovery_says_which_versions_and_options_there_are(client: FlaskClient) -> None:
    for service in client.get("/cds-services").get_json()["services"]:
        assert service["extension"]["davinci-crd.version"] == ["2.0", "2.2"]
        assert all(o["default"] is not None for o in service["extension"]["davinci-crd.configuration-options"])
