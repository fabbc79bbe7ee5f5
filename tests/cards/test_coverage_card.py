"""Coverage cards: what the contract and the CDS Hooks rules ask of every one of them, whatever the determination."""

import json
import re
import uuid
from typing import Any

import pytest

from cds_service.cards.card import LONGEST_SUMMARY
from cds_service.cards.coverage import summary
from cds_service.markdown import escaped, table
from cds_service.policy.determination import Determination, Outcome
from examples.record import FOLDER
from tests.conftest import EMPTY_RECORD, coverage_cards, hook_call, order, searchset

ANSWERS = {p.parent.name: json.loads(p.read_text("utf-8")) for p in sorted(FOLDER.glob("*/response.json"))}
CARDS = [
    pytest.param(card, id=f"{name}-{n}")
    for name, body in ANSWERS.items()
    for n, card in enumerate(body["cards"])
    if card["source"]["topic"]["code"] == "guideline"
]
OPENINGS = {
    "covered": "Likely covered", "not-covered": "Not covered", "missing-documentation": "Documentation missing",
    "refer": "Other rules come first", "no-criterion": "No criterion", "undetermined": "Could not be determined",
}  # fmt: skip


def empties(value: Any, path: str = "$") -> list[str]:
    if value is None or value in ("", [], {}):
        return [path]
    if isinstance(value, dict):
        return [p for key, inner in value.items() for p in empties(inner, f"{path}.{key}")]
    if isinstance(value, list):
        return [p for index, inner in enumerate(value) for p in empties(inner, f"{path}[{index}]")]
    return []


@pytest.mark.parametrize("card", CARDS)
def test_J2_nothing_is_null_or_empty(card: Any) -> None:
    assert empties(card) == []


@pytest.mark.parametrize("card", CARDS)
def test_C5_the_summary_is_one_short_sentence_that_opens_with_the_outcome(card: Any) -> None:
    found = card["extension"]["coverage-hooks.determination"]
    assert card["summary"].startswith(OPENINGS[found["outcome"]])
    assert len(card["summary"]) < 140


@pytest.mark.parametrize("card", CARDS)
def test_policy_and_revision_are_always_visible(card: Any) -> None:
    assert "olicy 151" in card["summary"]
    assert "revision 2025-05-06" in card["detail"]


@pytest.mark.parametrize("card", CARDS)
def test_the_card_is_a_guideline_with_links_and_without_suggestions(card: Any) -> None:
    assert card["source"]["topic"]["code"] == "guideline"
    assert card["source"]["label"]
    assert "suggestions" not in card
    assert all(link["type"] == "absolute" for link in card["links"])
    assert re.match(r"http://127\.0\.0\.1:8000/policies/151", card["links"][0]["url"])


@pytest.mark.parametrize("card", CARDS)
def test_no_card_promises_payment(card: Any) -> None:
    assert "not a guarantee of coverage or payment" in card["detail"]


@pytest.mark.parametrize("card", CARDS)
def test_a_denial_names_individual_consideration(card: Any) -> None:
    found = card["extension"]["coverage-hooks.determination"]
    denied = "not-covered" in (found["outcome"], found.get("advisory"))
    assert ("Individual consideration" in card["detail"]) is denied


@pytest.mark.parametrize("card", CARDS)
def test_a_verdict_has_evidence(card: Any) -> None:
    found = card["extension"]["coverage-hooks.determination"]
    if found["outcome"] in ("covered", "not-covered"):
        assert found["evidence"]


def test_a_card_has_a_uuid_of_its_own(sign: Any) -> None:
    cards = sign(hook_call(order("0686T"), order("0944T"))).get_json()["cards"]
    assert len({uuid.UUID(card["uuid"]) for card in cards}) == 2


def test_text_of_the_record_never_becomes_markup(sign: Any) -> None:
    nasty = "<img src=x onerror=alert(1)>|`**x**"
    condition = {
        "resourceType": "Condition", "id": nasty, "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C22.0"}]},
    }  # fmt: skip
    answer = sign(hook_call(order(), prefetch={**EMPTY_RECORD, "conditions": searchset(condition)}))
    (card,) = coverage_cards(answer)
    assert "&lt;img" in card["detail"]
    assert not [c for c in answer.get_json()["cards"] if "<" in c["detail"]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("<b>", "&lt;b&gt;"),
        ("a & b", "a &amp; b"),
        ("x\ny\u2028z", "x y z"),
        ("[l](u)", "\\[l\\]\\(u\\)"),
    ],
)
def test_escaping(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_table_has_a_head_a_rule_and_its_rows() -> None:
    assert table(("A", "B"), [("1", "2")]) == "| A | B |\n| --- | --- |\n| 1 | 2 |"


def test_a_long_list_of_criteria_is_cut_inside_the_limit() -> None:
    many = tuple(f"I.D.1.{letter}.iii" for letter in "abcdefghijklmnop")
    found = Determination("ServiceRequest/x", "151", "2025-05-06", Outcome.MISSING, many)
    text = summary(found)
    assert len(text) <= LONGEST_SUMMARY
    assert text.endswith("... (policy 151, 2025-05-06)")
