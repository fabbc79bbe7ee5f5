"""The whole form: valid FHIR, a question for all that readers accept, by the policy's numbers, branch by branch."""

import hashlib
import json
from typing import Any

import pytest

from cds_service.dtr.canonicals import form_canonical
from cds_service.dtr.questionnaire import LAST_CHANGED, adaptive_form, full_form
from cds_service.dtr.questions import BY_LINK_ID, QUESTIONS
from cds_service.dtr.samples import samples_of
from cds_service.dtr.standing import form_of
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import facts_of
from fhir_mappings.form_answers import answered
from fhir_mappings.form_codes import FORM_STATEMENTS, LINK_IDS, MEASURED, STATEMENTS
from fhir_mappings.models import problems
from tests.conftest import TODAY
from tests.dtr.form_filler import questions_in
from tests.fhir_mappings.building import chart_of

BASE = "http://coverage-hooks.example.org/fhir"
FORM = full_form(BASE)
ITEMS = {item["linkId"]: item for item in questions_in(FORM)}
Json = dict[str, Any]


def test_both_forms_are_valid_fhir() -> None:
    assert problems(FORM) == ()
    assert problems(adaptive_form(BASE, "https://payer.example/fhir")) == ()


def test_its_canonical_carries_the_policy_revision() -> None:
    assert f"{FORM['url']}|{FORM['version']}" == form_canonical(BASE)
    assert FORM["version"] == REVISION.id


def test_it_asks_all_that_the_readers_accept_and_nothing_else() -> None:
    assert set(ITEMS) == LINK_IDS == STATEMENTS.keys() | FORM_STATEMENTS.keys() | MEASURED


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.link_id)
def test_every_answer_that_can_be_picked_is_one_the_readers_understand(question: Any) -> None:
    for held in samples_of(question):
        chart = chart_of(form_of({question.link_id: held}, TODAY))
        if question.link_id in MEASURED:
            assert answered(chart, question.link_id)
        else:
            (statement,) = chart.statements[question.link_id]
            assert statement.value is not None, statement.problem


def test_every_fact_a_criterion_asks_has_a_question() -> None:
    asked = {fact.name for question in QUESTIONS for fact in question.facts}
    assert {fact.name for tree in REVISION.criteria for fact in facts_of(tree)} <= asked


def test_every_question_stands_under_the_number_of_its_criterion() -> None:
    assert all(item["prefix"] and item["text"] for item in ITEMS.values())
    assert ITEMS["child-pugh-class"]["prefix"] == "I.C"
    assert ITEMS["net-symptoms-refractory"]["prefix"] == "I.D.1.c.iii"
    assert ITEMS["lt-status"]["prefix"] == "I.D.1.0, I.D.2.listed"


@pytest.mark.parametrize("link_id", [q.link_id for q in QUESTIONS if q.kind == "choice"])
def test_a_choice_offers_that_it_is_not_known(link_id: str) -> None:
    offered = [option["valueCoding"]["code"] for option in ITEMS[link_id]["answerOption"]]
    assert offered == [*(choice.code for choice in BY_LINK_ID[link_id].choices), "asked-unknown"]


def test_what_is_no_choice_says_that_it_may_be_left_blank() -> None:
    assert all("blank" in item["text"] for item in ITEMS.values() if item["type"] != "choice")


def test_a_length_comes_with_its_units_and_a_number_with_its_range() -> None:
    options = [
        e["valueCoding"]["code"] for e in ITEMS["largest-liver-tumor-cm"]["extension"] if "unitOption" in e["url"]
    ]
    assert options == ["cm", "mm"]
    limits = {e["url"].rpartition("/")[2]: e.get("valueInteger") for e in ITEMS["ecog-grade"]["extension"]}
    assert (limits["minValue"], limits["maxValue"]) == (0, 5)


@pytest.mark.parametrize(
    ("link_id", "enabled_by"),
    [
        ("mets-primary", {("liver-tumor-diagnosis", "metastasis")}),
        ("net-symptoms-refractory", {("mets-primary", "neuroendocrine")}),
        ("extrahepatic-disease", {("mets-primary", "breast")}),
        ("liver-tumor-count", {("liver-tumor-diagnosis", "hcc"), ("liver-tumor-diagnosis", "hcc-mixed")}),
        ("bridge-to-transplant-intent", {("lt-status", "listed"), ("lt-status", "evaluating")}),
        ("ecog-grade", set()),
    ],
)
def test_the_questions_of_a_branch_show_for_its_tumor_only(link_id: str, enabled_by: set[tuple[str, str]]) -> None:
    found = {(one["question"], one["answerCoding"]["code"]) for one in ITEMS[link_id].get("enableWhen", [])}
    assert found == enabled_by


def test_what_is_asked_of_a_patient_shows_where_the_order_is_an_ablation() -> None:
    order, *patient = FORM["item"]
    assert "enableWhen" not in order
    for group in patient:
        assert {one["question"] for one in group["enableWhen"]} == {"ablation-modality"}


def test_when_it_changes_its_date_does_too() -> None:
    """The digest of the form as of LAST_CHANGED: write both anew together."""
    said = json.dumps([{**FORM, "date": ""}, adaptive_form(BASE, "")], sort_keys=True).encode()
    assert (LAST_CHANGED, hashlib.sha256(said).hexdigest()[:12]) == ("2026-11-24", "8f43ba9cbf43")
