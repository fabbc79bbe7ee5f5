"""Answers of the form to what standard Observations carry: read as they are, and what a newer record does to them."""

from typing import Any

import pytest

from fhir_mappings.child_pugh import child_pugh_points
from fhir_mappings.finding import Finding, Interval, Reason, exactly
from fhir_mappings.form_answers import answered
from fhir_mappings.liver_reserve import liver_reserve_adequate
from fhir_mappings.performance_status import ecog_grade, karnofsky_percent
from tests.fhir_mappings.building import chart_of, form, observation, stated

DONT_KNOW = {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "asked-unknown"}


def ecog_form(grade: Any, **more: Any) -> dict[str, Any]:
    return form({"ecog-grade": {"valueInteger": grade}}, **more)


def child_pugh_form(code: str, **more: Any) -> dict[str, Any]:
    return form({"child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": code}}}, **more)


def ecog_on(day: str, grade: int, **more: Any) -> dict[str, Any]:
    return observation("loinc 89247-1", on=day, valueInteger=grade, **more)


def ecog(*resources: dict[str, Any], unread: tuple[str, ...] = ()) -> Finding:
    return ecog_grade(chart_of(*resources, unread=unread))


def test_the_form_states_performance_status_and_the_form_is_the_evidence() -> None:
    found = ecog(ecog_form(2, on="2026-11-10"))
    assert (found.possible, found.evidence[0]) == (
        exactly(2),
        ("QuestionnaireResponse/questionnaireresponse-0", "ECOG 2", "2026-11-10"),
    )
    karnofsky = karnofsky_percent(chart_of(form({"karnofsky-percent": {"valueInteger": 70}})))
    assert karnofsky.possible == exactly(70)


@pytest.mark.parametrize(("code", "points"), [("710065009", (5, 6)), ("710066005", (7, 9)), ("710067001", (10, 15))])
def test_the_form_states_the_child_pugh_class(code: str, points: tuple[int, int]) -> None:
    assert child_pugh_points(chart_of(child_pugh_form(code))).possible == Interval(*points)


def test_a_class_a_on_the_form_lets_liver_reserve_be_inferred() -> None:
    assert liver_reserve_adequate(chart_of(child_pugh_form("710065009"))).reason is Reason.INFERRED


@pytest.mark.parametrize(
    "held",
    [{"valueCoding": DONT_KNOW}, {}, {"extension": [{"url": "x"}]}],
    ids=["don't know", "left open", "no more than an extension"],
)
def test_a_question_left_open_leaves_the_record_to_speak(held: dict[str, Any]) -> None:
    left_open = form({"child-pugh-class": held}, on="2026-11-22")  # no answer, so no newer one either
    found = child_pugh_points(chart_of(left_open, observation("loinc 98152-2", on="2026-11-20", valueInteger=7)))
    assert (found.possible, found.notes) == (exactly(7), ())


def test_the_form_outranks_an_older_record() -> None:
    assert ecog(ecog_form(1, on="2026-11-20"), ecog_on("2026-11-10", 3)).possible == exactly(1)


def test_a_newer_record_that_says_the_same_speaks() -> None:
    found = ecog(ecog_form(1, on="2026-11-10"), ecog_on("2026-11-20", 1))
    assert (found.possible, found.notes) == (exactly(1), ())


@pytest.mark.parametrize(("said", "measured"), [(1, 3), (3, 1)])
def test_a_newer_record_that_differs_leaves_both_possible_and_says_so(said: int, measured: int) -> None:
    found = ecog(ecog_form(said, on="2026-11-10"), ecog_on("2026-11-20", measured))
    assert (found.possible, found.reason) == (Interval(1, 3), Reason.CONFLICT)
    assert len(found.evidence) == 2
    assert "the form and a newer record differ" in found.notes[0]


def test_a_record_of_the_same_day_that_differs_leaves_both_possible() -> None:
    assert ecog(ecog_form(1, on="2026-11-20"), ecog_on("2026-11-20", 3)).possible == Interval(1, 3)


def test_a_newer_record_that_is_not_final_leaves_nothing() -> None:
    assert ecog(ecog_form(1, on="2026-11-10"), ecog_on("2026-11-20", 2, status="preliminary")).possible is None  # A50


@pytest.mark.parametrize(
    ("grade", "note"), [(9, "whole number from 0 to 5"), ("1", "holds no ECOG grade"), (True, "holds no ECOG grade")]
)
def test_an_answer_that_cannot_be_is_named_and_not_used(grade: Any, note: str) -> None:
    found = ecog(ecog_form(grade))
    assert found.possible is None
    assert note in found.notes[0]


@pytest.mark.parametrize(("on", "known"), [("2026-08-26", True), ("2026-08-25", False), ("", False)])
def test_an_answer_counts_inside_the_window_of_what_it_stands_for(on: str, known: bool) -> None:
    assert (ecog(ecog_form(1, on=on)).possible is not None) is known


def test_a_patients_answer_does_not_count() -> None:
    by_patient = ecog_form(1) | {"source": {"reference": "Patient/pat-1"}}
    assert answered(chart_of(by_patient), "ecog-grade") == ()  # A37


def test_forms_that_could_not_be_read_to_the_end_do_not_speak() -> None:
    assert ecog(ecog_form(1), unread=("QuestionnaireResponse",)).possible is None


def test_another_question_is_no_answer() -> None:
    assert answered(chart_of(stated("resection-feasible", True)), "ecog-grade") == ()
