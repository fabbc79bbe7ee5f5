"""What the page's script is told while a person answers."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.dtr.questions import BY_LINK_ID
from cds_service.web_form.enabled import enabled
from tests.conftest import EMPTY_RECORD, Json, hook_call, order
from tests.web_form.building import CLASS_A, fields, form_path


@pytest.fixture
def ask(service: FlaskClient) -> Any:
    """Ask on the page of a patient of whom nothing is on record."""
    path = form_path(service, hook_call(order(), prefetch=EMPTY_RECORD))
    begun = fields(service.get(path))
    return lambda **answers: service.post(f"{path}/outcome", data={**begun, **named(answers)}).get_json()


def named(answers: Json) -> Json:
    return {name.replace("__", ".").replace("_", "-"): value for name, value in answers.items()}


def test_what_each_answer_does_to_criteria_and_outcome_is_told(ask: Any) -> None:
    (before,), (after,) = ask()["orders"], ask(child_pugh_class="710067001")["orders"]
    assert (before["outcome"], before["answers"]["I.C"]) == ("missing-documentation", "unknown")
    assert (after["outcome"], after["answers"]["I.C"]) == ("not-covered", "not-met")
    assert after["sentence"].startswith("Not covered:")
    assert "policy 151, 2025-05-06" in after["sentence"]


def test_only_the_questions_of_the_branch_are_open(ask: Any) -> None:
    start, hcc = set(ask()["enabled"]), set(ask(liver_tumor_diagnosis="hcc")["enabled"])
    assert "liver-tumor-count" not in start
    assert "liver-tumor-count" in hcc
    assert "mets-primary" not in hcc
    breast = set(ask(liver_tumor_diagnosis="metastasis", mets_primary="breast")["enabled"])
    assert {"mets-primary", "extrahepatic-disease"} <= breast
    assert "liver-tumor-count" not in breast


def test_an_answer_to_a_question_that_is_closed_again_decides_nothing(ask: Any) -> None:
    changed = ask(liver_tumor_diagnosis="hcc", mets_primary="breast", extrahepatic_disease="present")
    assert "extrahepatic-disease" not in changed["enabled"]
    assert changed["orders"] == ask(liver_tumor_diagnosis="hcc")["orders"]


def test_an_answer_that_cannot_be_used_is_told_and_left_out(ask: Any) -> None:
    said = ask(ecog_grade="x", child_pugh_class=CLASS_A)
    assert list(said["faults"]) == ["ecog-grade"]
    assert said["orders"][0]["answers"]["I.C"] == "met"


def test_dont_know_leaves_everything_as_it_is(ask: Any) -> None:
    assert ask(child_pugh_class="dont-know", ecog_grade__unknown="on")["orders"] == ask()["orders"]


def test_nobody_keeps_what_was_asked(service: FlaskClient) -> None:
    path = form_path(service)
    answer = service.post(f"{path}/outcome", data=fields(service.get(path)))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "X-Content-Type-Options" in answer.headers


def test_questions_are_enabled_in_one_pass_whatever_is_asked_of_them() -> None:
    metastasis = {"valueCoding": {"code": "metastasis"}}
    asked = [BY_LINK_ID[link_id] for link_id in ("liver-tumor-diagnosis", "mets-primary", "extrahepatic-disease")]
    assert enabled(asked, {}) == {"liver-tumor-diagnosis"}
    assert enabled(asked, {"liver-tumor-diagnosis": metastasis}) == {"liver-tumor-diagnosis", "mets-primary"}
