"""The FHIRPath by which an EHR fills in the form, run by another engine over every demonstration patient."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from cds_service.demo import create_demo_app
from cds_service.dtr.answers import read_answers
from cds_service.dtr.known_answers import known_answers
from cds_service.dtr.questionnaire import full_form
from cds_service.dtr.standing import standing
from cds_service.settings import Settings
from tests.conformance.wire import example_names
from tests.conftest import TODAY
from tests.dtr.examples import cases_of, request_of
from tests.dtr.form_filler import INITIAL, VARIABLE, FormFiller, expressions, questions_in

BASE = "http://coverage-hooks.example.org/fhir"
FORM = full_form(BASE)
Json = dict[str, Any]
Prefilled = Callable[[str], dict[str, Any]]

WORKED_OUT = frozenset({
    "largest-liver-tumor-cm", "liver-tumor-count", "child-pugh-class", "mets-primary", "resection-concurrent",
    "dx-confirmation-method", "prior-ablation", "lt-status", "extrahepatic-disease", "resection-feasible",
})  # fmt: skip
"""Questions our readers also answer from several records together; the expressions claim less."""


@pytest.fixture(scope="module")
def prefilled() -> Prefilled:
    ehr = create_demo_app(Settings(auth="off", today=TODAY)).test_client()
    return cache(lambda patient_id: FormFiller(ehr, "/demo/fhir", patient_id, TODAY).prefilled(FORM))


def as_held(answer: Any) -> Json:
    """A FHIRPath value as the value[x] of an answer."""
    if isinstance(answer, bool):
        return {"valueBoolean": answer}
    if isinstance(answer, int):
        return {"valueInteger": answer}
    if "code" in answer and "value" not in answer:
        return {"valueCoding": answer}
    return {"valueQuantity": answer}


def plain(held: Json) -> Any:
    """What an answer comes to, whatever words stand beside it."""
    (value,) = held.values()
    if isinstance(value, dict):
        return value["code"] if "value" not in value else float(value["value"])
    return value


@pytest.mark.parametrize("name", example_names())
class TestEveryExample:
    def test_CRDF76_what_the_ehr_fills_in_is_what_our_readers_know(self, name: str, prefilled: Prefilled) -> None:
        by_ehr = {link_id: plain(as_held(held)) for link_id, held in prefilled(patient_of(name)).items()}
        for case in cases_of(name):
            ours = {link_id: plain(held) for link_id, held in known_answers(case, standing(case)).items()}
            shared = ours.keys() & by_ehr.keys()
            assert {link_id: by_ehr[link_id] for link_id in shared} == {link_id: ours[link_id] for link_id in shared}
            assert ours.keys() - by_ehr.keys() <= WORKED_OUT

    def test_what_the_ehr_fills_in_changes_no_outcome(self, name: str, prefilled: Prefilled) -> None:
        by_ehr = {link_id: as_held(held) for link_id, held in prefilled(patient_of(name)).items()}
        assert [standing(case.with_answers(by_ehr)).outcome for case in cases_of(name)] == [
            standing(case).outcome for case in cases_of(name)
        ]

    def test_what_the_ehr_fills_in_are_answers_the_form_takes(self, name: str, prefilled: Prefilled) -> None:
        filled = [
            {"linkId": link_id, "answer": [as_held(held)]} for link_id, held in prefilled(patient_of(name)).items()
        ]
        assert read_answers({"item": filled}).faults == ()


def patient_of(name: str) -> str:
    return request_of(name).patient_id


def test_the_expressions_fill_in_most_of_a_patient_who_is_documented(prefilled: Prefilled) -> None:
    assert len(prefilled("hcc-covered")) > 8


def test_every_question_has_one_expression_and_it_is_labeled_fhirpath() -> None:
    """spec-61: what is FHIRPath is said to be."""
    for item in questions_in(FORM):
        (initial,) = expressions(item, INITIAL)
        assert initial["language"] == "text/fhirpath"
        assert {variable["language"] for variable in expressions(item, VARIABLE)} == {"text/fhirpath"}


def test_sec_3_the_searches_ask_no_more_than_the_expressions_use() -> None:
    searched = {variable["name"]: variable["expression"] for variable in expressions(FORM, VARIABLE)}
    assert set(searched) == {"observations", "conditions", "forms"}
    assert all("patient={{%patient.id}}" in query for query in searched.values())
    assert "&code=" in searched["observations"]
    assert "&questionnaire=" in searched["forms"]
