"""The follow-up calls of the 2.2.1 suite: the same call with coverage information off, or with what nobody knows."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.crd.options import KINDS, MAX_CARDS
from tests.conftest import Json, order
from tests.crd.calls import (
    ASKED_BY,
    HOOKS,
    ORDERS,
    PRIMARY,
    V2_2,
    VERSIONS,
    actions,
    all_statements,
    post,
)  # fmt: skip

UNKNOWN = "qzxwvutsrponmlkj"
ON_EACH: Any = pytest.mark.parametrize("hook", HOOKS)
IN_BOTH: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
ASKED = (ORDERS["ServiceRequest"], order("0686T", id="sr-2"), ORDERS["DeviceRequest"])


def configured(**options: Any) -> Json:
    return {**V2_2, "davinci-crd.configuration": options}


@ON_EACH
@IN_BOTH
def test_dev_5_dev_14_resp_28_without_coverage_information_nothing_is_stated(
    client: FlaskClient, hook: str, version: Json
) -> None:
    off = {**version, "davinci-crd.configuration": {"coverage-info": False}}
    assert actions(post(client, ASKED_BY[hook](*ASKED, extension=version)))
    answer = post(client, ASKED_BY[hook](*ASKED, extension=off))
    assert actions(answer) == []
    assert answer.get_json()["cards"], "the cards were not switched off"


@ON_EACH
@pytest.mark.parametrize("value", [True, False, 7, None, {}])
def test_dev_17_an_option_nobody_offers_changes_nothing(client: FlaskClient, hook: str, value: Any) -> None:
    usual = post(client, ASKED_BY[hook](*ASKED, extension=V2_2))
    answer = post(client, ASKED_BY[hook](*ASKED, extension=configured(**{UNKNOWN: value})))
    assert all_statements(answer) == all_statements(usual) != []


@ON_EACH
@IN_BOTH
@pytest.mark.parametrize("value", ["x", 7, None, [], {"resourceType": "Patient"}])
def test_hook_23_an_unknown_member_of_the_context_changes_nothing(
    client: FlaskClient, hook: str, version: Json, value: Any
) -> None:
    body = ASKED_BY[hook](*ASKED, extension=version)
    usual = all_statements(post(client, body))
    body["context"][UNKNOWN] = value
    assert all_statements(post(client, body)) == usual != []


@ON_EACH
@IN_BOTH
@pytest.mark.parametrize("value", ["x", 7, None, [], {"hook": "patient-view"}])
def test_found_33_an_unknown_member_of_the_request_changes_nothing(
    client: FlaskClient, hook: str, version: Json, value: Any
) -> None:
    body = ASKED_BY[hook](*ASKED, extension=version)
    usual = all_statements(post(client, body))
    assert all_statements(post(client, {**body, UNKNOWN: value})) == usual != []


@ON_EACH
def test_found_33_an_unknown_element_of_an_order_changes_nothing_but_the_order_sent_back(
    client: FlaskClient, hook: str
) -> None:
    odd = {**ORDERS["DeviceRequest"], UNKNOWN: {"deep": [1, None]}, "extension": [{"url": "http://x.example"}]}
    usual, answer = (post(client, ASKED_BY[hook](one, extension=V2_2)) for one in (ORDERS["DeviceRequest"], odd))
    (before,), (after,) = all_statements(usual), all_statements(answer)
    told = [[part for part in one["extension"] if part["url"] != "coverage-assertion-id"] for one in (before, after)]
    assert told[0] == told[1]


@ON_EACH
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"coverage-info": "false"},
        {"coverage-info": None, "max-cards": "all"},
        {"max-cards": -1, "guideline": 0},
    ],
)
def test_dev_6_dev_15_options_are_not_required_and_nonsense_leaves_the_default(
    client: FlaskClient, hook: str, options: Json
) -> None:
    usual = post(client, ASKED_BY[hook](*ASKED, extension=V2_2))
    answer = post(client, ASKED_BY[hook](*ASKED, extension=configured(**options)))
    assert all_statements(answer) == all_statements(usual)
    assert len(answer.get_json()["cards"]) == len(usual.get_json()["cards"])


def test_dev_6_nonsense_is_logged_by_the_name_of_the_option(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    post(client, ASKED_BY["order-sign"](*ASKED, extension=configured(**{"coverage-info": "p1", UNKNOWN: 1})))
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [word for word in warned if "coverage-info" in word] != []
    assert not any("p1" in word or UNKNOWN in word for word in warned)


@pytest.mark.parametrize(("hook", "code"), [(hook, kind.code) for hook in HOOKS for kind in KINDS[hook]])
def test_dev_5_each_kind_of_answer_can_be_switched_off_by_itself(client: FlaskClient, hook: str, code: str) -> None:
    usual = post(client, ASKED_BY[hook](*ASKED, extension=V2_2))
    answer = post(client, ASKED_BY[hook](*ASKED, extension=configured(**{code: False})))
    topics = [card["source"]["topic"]["code"] for card in answer.get_json()["cards"]]
    assert code not in topics
    kept = [c for c in usual.get_json()["cards"] if c["source"]["topic"]["code"] != code]
    assert len(topics) == len(kept)
    assert (all_statements(answer) == []) is (code == "coverage-info")


@pytest.mark.parametrize("most", [0, 1, 2, 1000])
def test_dev_14_no_more_cards_come_than_the_client_wants(client: FlaskClient, most: int) -> None:
    usual = len(post(client, ASKED_BY["order-sign"](*ASKED, extension=V2_2)).get_json()["cards"])
    answer = post(client, ASKED_BY["order-sign"](*ASKED, extension=configured(**{MAX_CARDS: most})))
    assert len(answer.get_json()["cards"]) == min(most, usual)


@pytest.mark.parametrize("hook", PRIMARY)
def test_billopt_2_conf_12_what_a_call_may_leave_out_is_no_error(client: FlaskClient, hook: str) -> None:
    """No configuration, no version, no extension at all, no fhirServer, no billing options."""
    body = ASKED_BY[hook](*ASKED)
    assert "extension" not in body
    assert len(all_statements(post(client, body))) == len(ASKED)
