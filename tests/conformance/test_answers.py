"""CK16 to CK29: what every answer and every card must be, over all examples of the demonstration."""

import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from cds_service.cards.card import LONGEST_SUMMARY
from tests.conformance.wire import SIGN, empties
from tests.conftest import CPT, EMPTY_RECORD, Json, coverage_cards, hook_call, order, searchset

Examples = list[tuple[Json, Any]]
NASTY = "<img src=x onerror=alert(1)> | `x` [see](javascript:alert(1)) **bold**\n# head"
OUTSIDE_THE_POLICY = "99213"


def members(value: Any) -> set[str]:
    """Every member name in a JSON value, however deep."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in members(inner)}
    return {name for inner in value for name in members(inner)} if isinstance(value, list) else set()


def nasty_call(code: str = "47382") -> Json:
    """Markup in every text of the order and of the record."""
    tumor = {
        "resourceType": "Condition", "id": NASTY, "subject": {"reference": "Patient/p1"}, "recordedDate": "2026-11-01",
        "code": {"text": NASTY, "coding": [
            {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C22.0", "display": NASTY}]},
    }  # fmt: skip
    coded = {"text": NASTY, "coding": [{"system": CPT, "code": code, "display": NASTY}]}
    sent = {**EMPTY_RECORD, "conditions": searchset(tumor)}
    return hook_call({**order(), "code": coded, "id": NASTY}, prefetch=sent)


def test_CK16_an_answer_is_an_object_with_an_array_of_cards(examples: Examples) -> None:
    for _, answer in examples:
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert isinstance(answer.get_json()["cards"], list)
        assert answer.get_json().keys() <= {"cards", "systemActions", "extension"}
        assert answer.get_json().get("systemActions") != []


@pytest.mark.parametrize("orders", [(), (order(OUTSIDE_THE_POLICY),)], ids=["no order", "an order of something else"])
def test_CK17_without_advice_there_are_just_no_cards(client: FlaskClient, orders: tuple[Json, ...]) -> None:
    answer = client.post(SIGN, json=hook_call(*orders, prefetch=EMPTY_RECORD))
    assert answer.status_code == 200
    assert answer.get_json() == {"cards": []}


def test_CK18_a_card_has_a_short_summary_an_indicator_and_a_source(cards: list[Json]) -> None:
    for card in cards:
        assert 0 < len(card["summary"]) <= LONGEST_SUMMARY == 139
        assert "\n" not in card["summary"]
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"].strip()
        assert {"code", "system"} <= card["source"]["topic"].keys()


def test_CK18_the_longest_summary_is_cut_in_time(client: FlaskClient) -> None:
    codes = ["47370", "47371", "47380", "47381", "47382", "47383", "0686T", "0944T"]
    body = hook_call(*(order(code, id=f"sr-{code}" + "x" * 50) for code in codes), prefetch=EMPTY_RECORD)
    answer = client.post(SIGN, json=body)
    found = answer.get_json()["cards"]
    assert len(coverage_cards(answer)) == len(codes)
    assert max(len(card["summary"]) for card in found) < 140


def test_CK19_an_answer_has_nothing_null_or_empty(examples: Examples) -> None:
    for _, answer in examples:
        assert empties(answer.get_json()) == []


def test_CK20_suggestions_and_the_way_to_choose_among_them_come_together(cards: list[Json]) -> None:
    suggesting = [card for card in cards if "suggestions" in card]
    assert {card["selectionBehavior"] for card in suggesting} == {"at-most-one", "any"}
    assert all("selectionBehavior" not in card for card in cards if card not in suggesting)
    for suggestion in (one for card in suggesting for one in card["suggestions"]):
        assert suggestion.keys() == {"label", "uuid", "actions"}
        assert suggestion["actions"]


def test_CK21_nothing_is_recommended_above_the_rest(cards: list[Json]) -> None:
    """Which technique or test suits a patient is the clinician's decision."""
    assert not [card for card in cards if "isRecommended" in members(card)]


def test_CK22_CK23_what_a_suggestion_deletes_is_a_draft_order_and_what_it_creates_is_new(examples: Examples) -> None:
    deleted = 0
    for request, answer in examples:
        drafts = {f"ServiceRequest/{e['resource']['id']}" for e in request["context"]["draftOrders"]["entry"]}
        suggestions = [one for card in answer.get_json()["cards"] for one in card.get("suggestions", [])]
        for action in (action for one in suggestions for action in one["actions"]):
            assert action["description"].strip()
            if action["type"] == "delete":
                assert action["resourceId"] in drafts
                deleted += 1
            else:
                assert (action["type"], "id" in action["resource"]) == ("create", False)
    assert deleted > 0


def actions_of(examples: Examples) -> list[tuple[Json, Json]]:
    """Each system action with the order of the request it updates."""
    found = []
    for request, answer in examples:
        drafts = {d["id"]: d for d in (e["resource"] for e in request["context"]["draftOrders"]["entry"])}
        found += [
            (action, drafts.get(action["resource"]["id"])) for action in answer.get_json().get("systemActions", [])
        ]
    assert len(found) > 10
    return found


def test_CK22_CK29_a_system_action_says_what_it_does_and_carries_the_resource(examples: Examples) -> None:
    for action, _ in actions_of(examples):
        assert action.keys() == {"type", "description", "resource"}
        assert action["type"] == "update"
        assert action["description"].strip()
        assert action["resource"]["resourceType"]


def test_CK23_CK24_an_update_is_the_whole_draft_with_nothing_but_coverage_information_added(examples: Examples) -> None:
    for action, draft in actions_of(examples):
        assert draft is not None
        sent = {name: value for name, value in action["resource"].items() if name != "extension"}
        assert sent == {name: value for name, value in draft.items() if name != "extension"}
        ours = [e for e in action["resource"]["extension"] if e not in draft.get("extension", [])]
        assert {e["url"].rpartition("/")[2] for e in ours} == {"ext-coverage-information"}


def test_CK25_links_are_absolute_and_say_where_they_lead(cards: list[Json]) -> None:
    for link in (link for card in cards for link in card.get("links", [])):
        assert link.keys() == {"label", "url", "type"}, "appContext and autolaunchable are for SMART apps"
        assert link["label"].strip()
        assert link["type"] == "absolute"
        assert urlsplit(link["url"]).scheme in ("http", "https")
        assert urlsplit(link["url"]).netloc


def test_CK25_every_link_leads_to_a_page_that_has_its_anchor(client: FlaskClient, cards: list[Json]) -> None:
    links = {urlsplit(link["url"]) for card in cards for link in card.get("links", [])}
    assert len({link.fragment for link in links}) > 3
    for link in links:
        page = client.get(link.path)
        assert page.status_code == 200
        assert not link.fragment or f'id="{link.fragment}"' in page.get_data(as_text=True)


def test_CK26_override_reasons_are_whole_codings(cards: list[Json]) -> None:
    reasons = [reason for card in cards for reason in card.get("overrideReasons", [])]
    assert reasons
    for reason in reasons:
        assert reason.keys() == {"code", "system", "display"}
        assert all(value.strip() for value in reason.values())


@pytest.mark.parametrize("code", ["47382", "0686T", "47399"])
def test_CK27_text_of_the_ehr_is_shown_and_never_markup(client: FlaskClient, code: str) -> None:
    cards = client.post(SIGN, json=nasty_call(code)).get_json()["cards"]
    for text in (text for card in cards for text in (card["detail"], card["summary"])):
        assert "<" not in text
        assert "](javascript" not in text
        assert "**bold**" not in text
        assert "\n# head" not in text


def test_CK27_a_pipe_in_the_record_makes_no_column(client: FlaskClient) -> None:
    (card,) = coverage_cards(client.post(SIGN, json=nasty_call()))
    rows = [line for line in card["detail"].splitlines() if line.startswith("|")]
    assert any("&lt;img" in row for row in rows)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}


def test_CK27_the_detail_is_paragraphs_lists_and_tables(cards: list[Json]) -> None:
    for card in cards:
        assert not re.search(r"<[a-zA-Z/!]", card["detail"])
        tables = re.findall(r"(?:^\|.*\n?)+", card["detail"], re.MULTILINE)
        assert all(re.match(r"\|.*\|\n\| --- ", table) for table in tables)


def test_CK28_every_card_has_a_uuid_that_never_comes_again(client: FlaskClient, cards: list[Json]) -> None:
    body = hook_call(order("0686T"), order("0944T"))
    again = [card for _ in range(3) for card in client.post(SIGN, json=body).get_json()["cards"]]
    found = [uuid.UUID(card["uuid"]) for card in (*cards, *again)]
    assert len(found) == len(set(found)) == len(cards) + 6


def test_CK29_nothing_asks_for_behavior_the_client_may_not_know(client: FlaskClient, examples: Examples) -> None:
    said = [answer.get_data(as_text=True) for _, answer in examples]
    said.append(client.get("/cds-services").get_data(as_text=True))
    assert not [text for text in said if "actionSelectionBehavior" in text]
