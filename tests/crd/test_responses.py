"""The shape of every response: each hook, each version, every example and every order type."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conformance.wire import example_names
from tests.conftest import DETERMINATION, EMPTY_RECORD, Json, order
from tests.crd.calls import (
    ASKED_BY,
    HOOKS,
    ORDERS,
    VERSIONS,
    appointment,
    as_call_of,
    post,
)  # fmt: skip
from tests.crd.suites import assert_answer, assert_card, assert_update

AT_ALL: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
ON_EACH: Any = pytest.mark.parametrize("hook", HOOKS)


@AT_ALL
@ON_EACH
@pytest.mark.parametrize("name", example_names())
def test_resp_13_resp_52_every_example_gets_a_response_of_the_guides_shape(
    client: FlaskClient, hook: str, version: Json, name: str
) -> None:
    assert_answer(post(client, as_call_of(hook, name, extension=version)))


@AT_ALL
@ON_EACH
@pytest.mark.parametrize("kind", ORDERS)
def test_hook_4_orders_of_each_type_get_a_response_of_the_guides_shape(
    client: FlaskClient, hook: str, version: Json, kind: str
) -> None:
    assert_answer(post(client, ASKED_BY[hook](ORDERS[kind], extension=version)))


@pytest.fixture(scope="module")
def cards(client: FlaskClient) -> list[Json]:
    """The cards of all examples, on all hooks."""
    asked = [as_call_of(hook, name) for hook in HOOKS for name in example_names()]
    return [card for body in asked for card in post(client, body).get_json()["cards"]]


@pytest.fixture(scope="module")
def judging(cards: list[Json]) -> list[Json]:
    """Those of them that judge an order."""
    return [card for card in cards if DETERMINATION in card["extension"]]


def test_resp_18_resp_19_resp_20_a_coverage_card_is_an_external_reference(judging: list[Json]) -> None:
    """At least one link, all of them absolute, nothing to choose; the link says what it leads to."""
    assert judging
    for card in judging:
        assert {link["type"] for link in card["links"]} == {"absolute"}
        assert "suggestions" not in card
        assert all(link["label"].startswith("Policy 151, criteri") for link in card["links"])


def test_resp_21_links_lead_to_the_criterion_that_decides(judging: list[Json]) -> None:
    decided = [card for card in judging if card["extension"][DETERMINATION]["outcome"] == "covered"]
    assert decided
    for card in decided:
        (deciding, *_) = card["extension"][DETERMINATION]["criteria"]
        assert card["links"][0]["url"].endswith(f"/policies/151#{deciding}")


def test_resp_17_no_card_sends_anybody_to_a_portal(cards: list[Json]) -> None:
    for card in cards:
        assert "portal" not in (card["summary"] + card["detail"]).lower()


def test_resp_1_resp_2_nothing_is_critical_and_what_is_good_news_is_for_information(cards: list[Json]) -> None:
    said = {(c["summary"].split(" (")[0].split(":")[0], c["indicator"]) for c in cards}
    assert ("Likely covered", "info") in said
    assert {indicator for _, indicator in said} == {"info", "warning"}


def test_resp_5_every_card_has_a_topic_of_the_guide(cards: list[Json]) -> None:
    assert {card["source"]["topic"]["code"] for card in cards} >= {"guideline", "claim", "clinical-reminder"}
    assert all(card["source"]["topic"]["display"] for card in cards)


def test_resp_6_the_summary_says_what_is_likely_and_where_it_is_written(judging: list[Json]) -> None:
    openings = ("Likely covered", "Not covered", "Documentation missing", "Other rules come first", "No criterion")
    unresolved = "Could not be determined: no coverage of this plan is active"
    for card in judging:
        assert card["summary"].startswith((*openings, unresolved))
        assert "151" in card["summary"]


def test_resp_11_the_detail_says_enough_to_act_by_hand(judging: list[Json]) -> None:
    """What is missing stands there question by question, and how to supply it."""
    missing = [card for card in judging if card["summary"].startswith("Documentation missing")]
    assert missing
    for card in missing:
        asked = [q["question"] for q in card["extension"][DETERMINATION]["missing"]]
        assert all(question.split(":")[0] in card["detail"] for question in asked)
        assert "sign again" in card["detail"]


def test_resp_25_no_card_holds_a_coverage_statement(cards: list[Json]) -> None:
    assert not any("ext-coverage-information" in str(card) for card in cards)


def test_found_40_a_response_has_no_blanks_between_its_members(client: FlaskClient) -> None:
    answer = post(client, ASKED_BY["order-sign"](order("99213"), prefetch=EMPTY_RECORD))
    assert answer.get_data() == b'{"cards":[]}'


def test_CRD101_no_card_has_an_icon_nobody_set(cards: list[Json]) -> None:
    assert not any("icon" in card["source"] for card in cards)


BROKEN_CARDS: dict[str, Json] = {
    "no uuid": {"uuid": None},
    "a long summary": {"summary": "x" * 140},
    "an unknown indicator": {"indicator": "hard-stop"},
    "no topic": {"source": {"label": "Plan"}},
    "links of two kinds": {"links": [{"label": "a", "url": "https://a", "type": t} for t in ("absolute", "smart")]},
    "a link that is none": {"links": [{"label": "a", "url": "ftp://a", "type": "absolute"}]},
    "a suggestion without id": {"links": None, "suggestions": [{"label": "a", "actions": [{"type": "create"}]}]},
    "an empty member": {"detail": ""},
    "half an override reason": {"overrideReasons": [{"code": "x"}]},
}


@pytest.mark.parametrize("name", BROKEN_CARDS)
def test_the_suites_see_what_is_wrong_with_a_card(cards: list[Json], name: str) -> None:
    broken = {k: v for k, v in {**cards[0], **BROKEN_CARDS[name]}.items() if v is not None}
    with pytest.raises((AssertionError, KeyError)):
        assert_card(broken)


@pytest.mark.parametrize("more", [{"type": "create"}, {"description": " "}, {"resourceId": "x/1"}, {"resource": {}}])
def test_the_suites_see_what_is_wrong_with_a_system_action(client: FlaskClient, more: Json) -> None:
    action = post(client, ASKED_BY["order-sign"](order("0686T"))).get_json()["systemActions"][0]
    assert_update(action)
    with pytest.raises((AssertionError, KeyError)):
        assert_update({**action, **more})


def test_an_appointment_that_is_the_order_gets_a_response_of_the_guides_shape(client: FlaskClient) -> None:
    for version in VERSIONS:
        assert_answer(post(client, ASKED_BY["appointment-book"](appointment(), extension=version)))
