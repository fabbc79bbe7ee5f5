"""Which QuestionnaireResponses are our form, completed, and what is answered in them (reading A63)."""

from typing import Any

import pytest

from fhir_mappings.forms import answers_in, completed_forms, is_by_patient, is_ours
from tests.fhir_mappings.building import FORM, form, record_of


def contained(**questionnaire: Any) -> dict[str, Any]:
    """An adaptive form: the questions asked travel inside the response."""
    inside = {"resourceType": "Questionnaire", "id": "asked", **questionnaire}
    return form({}) | {"questionnaire": "#asked", "contained": [inside]}


@pytest.mark.parametrize(
    "response",
    [
        form({}),
        form({}) | {"questionnaire": f"{FORM}|2025-05-06"},
        form({}) | {"questionnaire": f"{FORM}-adaptive|2025-05-06"},
        contained(derivedFrom=[f"{FORM}|2025-05-06"]),
        contained(derivedFrom=[f"{FORM}-adaptive"]),
        contained(derivedFrom=FORM),
        contained(url=FORM),
    ],
    ids=["plain", "a version", "the adaptive form", "derived", "derived from adaptive", "no list", "by its own url"],
)
def test_our_form_is_known_by_its_canonical_or_by_what_it_is_derived_from(response: dict[str, Any]) -> None:
    assert is_ours(response)


@pytest.mark.parametrize(
    "response",
    [
        form({}) | {"questionnaire": "http://other.example/Questionnaire/phq-9"},
        contained(derivedFrom=["http://other.example/Questionnaire/phq-9"]),
        contained(),
        contained(derivedFrom=[FORM]) | {"questionnaire": "#another"},
        form({}) | {"questionnaire": "#asked"},
        form({}) | {"questionnaire": "#asked", "contained": "nonsense"},
        {"resourceType": "QuestionnaireResponse"},
    ],
    ids=["another form", "derived from another", "derived from none", "an id that is not inside", "nothing inside",
         "nonsense inside", "no canonical"],
)  # fmt: skip
def test_other_forms_are_not_ours(response: dict[str, Any]) -> None:
    assert not is_ours(response)


def test_only_completed_and_amended_forms_count() -> None:
    listed = [form({}, status=status) for status in ("completed", "amended", "in-progress", "stopped")]
    assert len(completed_forms(record_of(*listed))) == 2


def test_answers_come_in_the_order_of_the_form_however_deep() -> None:
    inner = {
        "linkId": "b",
        "answer": [{"valueBoolean": True, "item": [{"linkId": "c", "answer": [{"valueInteger": 1}]}]}],
    }
    response = {"item": [{"linkId": "group", "item": [inner]}, {"linkId": "d", "answer": [{"valueString": "x"}]}]}
    assert [answer.link_id for answer in answers_in(response)] == ["b", "c", "d"]


def test_a_form_nested_without_end_is_read_to_a_depth() -> None:
    response: dict[str, Any] = {"linkId": "deepest", "answer": [{"valueBoolean": True}]}
    for _ in range(50):
        response = {"item": [response]}
    assert list(answers_in(response)) == []


@pytest.mark.parametrize(
    ("more", "by_patient"),
    [
        ({"author": {"reference": "Practitioner/d1"}}, False),
        ({"source": {"reference": "Patient/pat-1"}}, True),
        ({"author": {"reference": "RelatedPerson/r1"}}, True),
        ({}, False),
    ],
)
def test_who_answered_is_read_from_source_and_author(more: dict[str, Any], by_patient: bool) -> None:
    assert is_by_patient(form({}) | more) is by_patient
