"""Adequate liver reserve: stated, else inferred from class A or ALBI grade 1 (I.B; A5, A48, A49)."""

from typing import Any

import pytest

from fhir_mappings.finding import Reason
from fhir_mappings.liver_reserve import liver_reserve_adequate
from tests.fhir_mappings.building import (
    chart_of,
    condition,
    local_observation,
    observation,
    quantity,
    stated,
)

YES, NO = frozenset({True}), frozenset({False})
CODE = "liver-reserve-adequate"


def score(value: int | str, **more: Any) -> dict[str, Any]:
    held = {"valueInteger": value} if isinstance(value, int) else {"valueString": value}
    return observation("loinc 98152-2", **held, **more)


def labs(bilirubin: float = 0.6, albumin: float = 4.2, inr: float = 1.1) -> list[dict[str, Any]]:
    return [
        observation("loinc 1975-2", valueQuantity=quantity(bilirubin, "mg/dL")),
        observation("loinc 1751-7", valueQuantity=quantity(albumin, "g/dL")),
        observation("loinc 6301-6", valueQuantity=quantity(inr, "{INR}")),
    ]


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize(("said", "known"), [(True, YES), (False, NO)])
def test_a_clinicians_statement_decides(carrier: Any, said: bool, known: frozenset[bool]) -> None:
    found = liver_reserve_adequate(chart_of(carrier(CODE, said)))
    assert (found.possible, found.reason) == (known, Reason.ATTESTED)


@pytest.mark.parametrize(
    ("said", "beside"),
    [
        pytest.param(True, [condition("icd K72.10")], id="adequate in spite of hepatic failure"),
        pytest.param(True, [score("C")], id="adequate in spite of class C"),
        pytest.param(False, [score("A")], id="inadequate in spite of class A"),
    ],
)
def test_a_statement_wins_over_everything_on_record(said: bool, beside: list[dict[str, Any]]) -> None:
    assert liver_reserve_adequate(chart_of(stated(CODE, said), *beside)).possible == frozenset({said})


def test_contradicting_statements_are_unknown_whatever_the_class() -> None:
    found = liver_reserve_adequate(chart_of(stated(CODE, True), stated(CODE, False), score("A")))
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


@pytest.mark.parametrize("value", ["A", 5, 6, "A6"])
def test_a_recorded_class_a_is_adequate_by_inference(value: int | str) -> None:
    found = liver_reserve_adequate(chart_of(score(value)))
    assert (found.possible, found.reason) == (YES, Reason.INFERRED)
    assert "inferred from a Child-Pugh class A" in found.notes[0]


def test_a_class_a_that_is_only_computed_counts_and_says_so() -> None:
    ruled_out = [condition("icd R18.8", certainty="refuted"), condition("icd K76.82", certainty="refuted")]
    found = liver_reserve_adequate(chart_of(*labs(bilirubin=1.5, albumin=3.6), *ruled_out))  # A49
    assert found.possible == YES
    assert "computed Child-Pugh class A" in found.notes[0]


@pytest.mark.parametrize(
    "recorded",
    [
        pytest.param(score("B"), id="class B"),
        pytest.param(score(7), id="7 points"),
        pytest.param(score("C"), id="class C"),
        pytest.param(score(10), id="10 points"),
        pytest.param(observation("loinc 98152-2", valueQuantity=quantity(9, "{score}", "<=")), id="at most 9 points"),
    ],
)
def test_a_recorded_class_b_or_c_is_unknown_and_albi_does_not_overrule_it(recorded: dict[str, Any]) -> None:
    found = liver_reserve_adequate(chart_of(recorded, *labs()))  # A48, vector 41
    assert found.possible is None


def test_albi_grade_1_is_adequate_by_inference() -> None:
    found = liver_reserve_adequate(chart_of(*labs(bilirubin=0.6, albumin=4.2)))
    assert (found.possible, found.reason) == (YES, Reason.INFERRED)
    assert "ALBI -2.90, grade 1" in found.notes[0]


@pytest.mark.parametrize(
    ("bilirubin", "albumin", "known"),
    [
        pytest.param(1.0, 4.02, YES, id="ALBI -2.603"),
        pytest.param(1.0, 4.01, None, id="ALBI -2.595"),
        pytest.param(3.5, 2.4, None, id="ALBI grade 3 is unknown, not inadequate"),
    ],
)
def test_albi_at_the_limit_of_grade_1(bilirubin: float, albumin: float, known: frozenset[bool] | None) -> None:
    assert liver_reserve_adequate(chart_of(*labs(bilirubin, albumin))).possible == known


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(condition("icd K72.10"), id="chronic hepatic failure"),
        pytest.param(condition("icd K70.40"), id="alcoholic hepatic failure"),
        pytest.param(condition("snomed 59927004"), id="hepatic failure in SNOMED"),
        pytest.param(condition("snomed 716203000"), id="decompensated cirrhosis"),
        pytest.param(condition("icd K72.10", certainty="provisional"), id="suspected hepatic failure"),
    ],
)
def test_with_hepatic_failure_nothing_is_inferred(failure: dict[str, Any]) -> None:
    found = liver_reserve_adequate(chart_of(score("A"), failure))
    assert found.possible is None
    assert "reserve is not inferred" in found.notes[0]


@pytest.mark.parametrize("more", [{"clinical": "resolved"}, {"certainty": "refuted"}])
def test_a_past_or_refuted_hepatic_failure_does_not_stand_in_the_way(more: dict[str, str]) -> None:
    assert liver_reserve_adequate(chart_of(score("A"), condition("icd K72.10", **more))).possible == YES


@pytest.mark.parametrize(
    "newest",
    [
        pytest.param(
            score("C", status="preliminary"),
            id="preliminary",
        ),
        pytest.param(score("A8"), id="contradictory"),
        pytest.param(score(20), id="invalid"),
    ],
)
def test_where_the_newest_score_cannot_be_used_albi_does_not_stand_in(newest: dict[str, Any]) -> None:
    assert liver_reserve_adequate(chart_of(newest, *labs())).possible is None  # A50


def test_two_classes_on_one_day_are_no_class_a() -> None:
    assert liver_reserve_adequate(chart_of(score("A"), score("B"), *labs())).possible is None


def test_silence_is_unknown() -> None:
    found = liver_reserve_adequate(chart_of())
    assert (found.possible, found.reason) == (None, Reason.NO_DATA)


def test_a_stale_statement_is_named_and_gives_way_to_inference() -> None:
    old = stated(CODE, True, on="2026-08-25")
    assert liver_reserve_adequate(chart_of(old)).reason is Reason.STALE
    assert liver_reserve_adequate(chart_of(old, score("A"))).possible == YES


def test_without_the_conditions_hepatic_failure_cannot_be_ruled_out() -> None:
    found = liver_reserve_adequate(chart_of(score("A"), unread=["Condition"]))
    assert found.possible is None
    assert found.unread == frozenset({"Condition"})
