"""Child-Pugh recorded: points, class or both in each shape, and when it is computed instead (I.C, A50)."""

from typing import Any

import pytest

from fhir_mappings.child_pugh import child_pugh_points
from fhir_mappings.finding import Interval, Reason, exactly
from tests.fhir_mappings.building import chart_of, concept, condition, observation, quantity

SCORE = "loinc 98152-2"
PANEL = "loinc 98153-0"
A, B, C = Interval(5, 6), Interval(7, 9), Interval(10, 15)


def labs() -> list[dict[str, Any]]:
    return [
        observation("loinc 1975-2", valueQuantity=quantity(1.0, "mg/dL")),
        observation("loinc 1751-7", valueQuantity=quantity(4.0, "g/dL")),
        observation("loinc 6301-6", valueQuantity=quantity(1.1, "{INR}")),
    ]


@pytest.mark.parametrize("code", ["loinc 98152-2", "loinc 98153-0", "snomed 3191000175106"])
def test_points_under_each_of_their_codes(code: str) -> None:
    found = child_pugh_points(chart_of(observation(code, valueInteger=7)))
    assert (found.possible, found.reason) == (exactly(7), Reason.RECORDED)


@pytest.mark.parametrize(
    ("held", "points"),
    [
        *(pytest.param({"valueInteger": p}, exactly(p), id=f"{p} points") for p in (5, 6, 7, 9, 10, 15)),
        pytest.param({"valueQuantity": quantity(8, "{score}")}, exactly(8), id="a score"),
        pytest.param({"valueQuantity": quantity(8)}, exactly(8), id="a quantity without a unit"),
        pytest.param({"valueQuantity": quantity(9, "{score}", "<=")}, Interval(5, 9), id="at most 9"),
        pytest.param({"valueQuantity": quantity(9, "{score}", ">")}, Interval(9, 15, low_open=True), id="above 9"),
        pytest.param({"valueCodeableConcept": concept("snomed 710065009")}, A, id="class A coded"),
        pytest.param({"valueCodeableConcept": concept("snomed 710066005")}, B, id="class B coded"),
        pytest.param({"valueCodeableConcept": concept("snomed 710067001")}, C, id="class C coded"),
        pytest.param({"valueString": "A"}, A, id="text A"),
        pytest.param({"valueString": "B"}, B, id="text B"),
        pytest.param({"valueString": "c"}, C, id="text c"),
        pytest.param({"valueString": "A5"}, exactly(5), id="text A5"),
        pytest.param({"valueString": "B7"}, exactly(7), id="text B7"),
        pytest.param({"valueString": "Class B"}, B, id="text Class B"),
        pytest.param({"valueString": "Child B (8)"}, exactly(8), id="text Child B (8)"),
        pytest.param({"valueString": "Child-Pugh A"}, A, id="text Child-Pugh A"),
        pytest.param({"valueString": "Child-Pugh class A (6 points)"}, exactly(6), id="text with class and points"),
        pytest.param({"valueString": "Child-Turcotte-Pugh B"}, B, id="text Child-Turcotte-Pugh B"),
        pytest.param({"valueString": "8 points"}, exactly(8), id="text 8 points"),
        pytest.param({"valueCodeableConcept": {"text": "Class B"}}, B, id="text of a concept"),
        pytest.param(
            {"valueInteger": 8, "interpretation": [concept("snomed 710066005")]},
            exactly(8),
            id="points with the class as interpretation",
        ),
        pytest.param(
            {"component": [{"code": concept(SCORE), "valueInteger": 6}]}, exactly(6), id="points in a component"
        ),
        pytest.param(
            {
                "component": [
                    {"code": concept(SCORE), "valueInteger": 6},
                    {"code": concept(SCORE), "valueCodeableConcept": concept("snomed 710065009")},
                ]
            },
            exactly(6),
            id="points and class in components",
        ),
        pytest.param({"component": [{"code": concept(PANEL), "valueString": "B"}]}, B, id="class in a component"),
        pytest.param(
            {
                "valueInteger": 6,
                "component": [{"code": concept(SCORE), "dataAbsentReason": concept("snomed 1"), "valueInteger": 12}],
            },
            exactly(6),
            id="an absent component",
        ),
        pytest.param(
            {"valueInteger": 6, "component": [{"code": concept("loinc 1975-2"), "valueInteger": 12}]},
            exactly(6),
            id="a component of something else",
        ),
    ],
)
def test_a_recorded_score_in_each_accepted_shape(held: dict[str, Any], points: Interval) -> None:
    found = child_pugh_points(chart_of(observation(SCORE, **held)))
    assert found.possible == points
    assert found.evidence[0].text.startswith("Child-Pugh")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"valueString": "B"}, "Child-Pugh class B"),
        ({"valueInteger": 7}, "Child-Pugh 7 points"),
    ],
)
def test_the_evidence_says_what_was_recorded(held: dict[str, Any], said: str) -> None:
    assert child_pugh_points(chart_of(observation(SCORE, **held))).evidence[0].text == said


@pytest.mark.parametrize(("code", "points"), [("710065009", A), ("710066005", B), ("710067001", C)])
def test_a_class_recorded_as_a_condition(code: str, points: Interval) -> None:
    assert child_pugh_points(chart_of(condition(f"snomed {code}"))).possible == points


@pytest.mark.parametrize(("code", "points"), [("710065009", A), ("710066005", B), ("710067001", C)])
def test_a_class_recorded_as_the_code_of_an_observation(code: str, points: Interval) -> None:
    assert child_pugh_points(chart_of(observation(f"snomed {code}"))).possible == points


@pytest.mark.parametrize("more", [{"certainty": "refuted"}, {"certainty": "provisional"}, {"clinical": "resolved"}])
def test_a_class_refuted_suspected_or_past_is_none(more: dict[str, str]) -> None:
    assert child_pugh_points(chart_of(condition("snomed 710065009", **more))).possible is None


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"valueInteger": 4}, id="4 points"),
        pytest.param({"valueInteger": 16}, id="16 points"),
        pytest.param({"valueInteger": 0}, id="no points"),
        pytest.param({"valueString": "A8"}, id="A with 8 points"),
        pytest.param({"valueString": "Child B (5)"}, id="B with 5 points"),
        pytest.param({"valueInteger": 10, "interpretation": [concept("snomed 710066005")]}, id="10 points, class B"),
        pytest.param({"valueCodeableConcept": concept("snomed 710065009", "snomed 710067001")}, id="classes A and C"),
        pytest.param(
            {"component": [{"code": concept(SCORE), "valueInteger": 6}], "valueString": "C"}, id="6 and class C"
        ),
    ],
)
def test_a_score_outside_5_to_15_or_in_conflict_with_its_class_is_unknown_and_never_computed_over(
    held: dict[str, Any],
) -> None:
    found = child_pugh_points(chart_of(observation(SCORE, **held), *labs()))  # A50
    assert (found.possible, found.reason) == (None, Reason.IMPLAUSIBLE)
    assert "Observation/observation-0 was not used" in found.notes[0]


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"valueString": "compensated"}, id="prose"),
        pytest.param({"valueString": "D"}, id="a class D"),
        pytest.param({"valueString": ""}, id="empty text"),
        pytest.param({"valueInteger": "7"}, id="a digit as a string"),
        pytest.param({"valueBoolean": True}, id="a boolean"),
        pytest.param({"valueQuantity": quantity(8, "{score}", "~")}, id="a comparator nobody knows"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_holds_no_score_is_unknown_and_not_computed_over(held: dict[str, Any]) -> None:
    found = child_pugh_points(chart_of(observation(SCORE, **held), *labs()))
    assert found.possible is None
    assert found.notes


def test_a_preliminary_newest_score_is_unknown_though_an_older_one_and_laboratory_values_are_there() -> None:
    older = observation(SCORE, on="2026-11-01", valueInteger=6)
    newer = observation(SCORE, on="2026-11-20", status="preliminary", valueInteger=6)
    assert child_pugh_points(chart_of(older, newer, *labs())).possible is None  # A50


def test_of_two_scores_the_newest_counts() -> None:
    older = observation(SCORE, on="2026-10-01", valueInteger=11)
    assert child_pugh_points(chart_of(older, observation(SCORE, on="2026-11-20", valueInteger=6))).possible == exactly(
        6
    )


def test_a_stale_score_gives_way_to_computing() -> None:
    found = child_pugh_points(chart_of(observation(SCORE, on="2026-08-25", valueInteger=12), *labs()))  # A50
    assert (found.possible, found.reason) == (Interval(5, 9), Reason.COMPUTED)
    assert "older than 90 days" in found.notes[0]


def test_a_score_of_90_days_ago_still_counts() -> None:
    found = child_pugh_points(chart_of(observation(SCORE, on="2026-08-26", valueInteger=12), *labs()))
    assert found.possible == exactly(12)


def test_without_a_recorded_score_it_is_computed() -> None:
    found = child_pugh_points(chart_of(*labs()))
    assert (found.possible, found.reason) == (Interval(5, 9), Reason.COMPUTED)


def test_a_recorded_class_outranks_better_laboratory_values() -> None:
    found = child_pugh_points(chart_of(observation(SCORE, valueString="C"), *labs()))
    assert (found.possible, found.reason) == (C, Reason.RECORDED)


def test_points_and_class_of_one_day_in_two_observations_that_agree_are_both_shown() -> None:
    found = child_pugh_points(chart_of(observation(SCORE, valueInteger=6), observation(PANEL, valueString="A")))
    assert found.possible == A
    assert len(found.evidence) == 2


def test_a_panel_and_its_member_of_the_same_time_give_the_members_score() -> None:
    panel = observation(PANEL, hasMember=[{"reference": "Observation/score"}])
    assert child_pugh_points(chart_of(panel, observation(SCORE, id="score", valueInteger=6))).possible == exactly(6)


def test_a_panel_signed_minutes_after_its_member_does_not_hide_the_score() -> None:
    panel = observation(PANEL, on="2026-11-20T10:05:00Z", hasMember=[{"reference": "Observation/score"}])
    member = observation(SCORE, on="2026-11-20T10:00:00Z", id="score", valueInteger=6)
    assert child_pugh_points(chart_of(panel, member)).possible == exactly(6)


@pytest.mark.parametrize("unit", ["mg/dL", "cm", "%"])
def test_points_in_a_unit_of_something_else_are_no_points(unit: str) -> None:
    assert child_pugh_points(chart_of(observation(SCORE, valueQuantity=quantity(6, unit)))).possible is None


def test_half_a_point_is_no_score() -> None:
    assert child_pugh_points(chart_of(observation(SCORE, valueQuantity=quantity(9.5, "{score}")))).possible is None


def test_a_score_from_a_part_of_the_observations_may_not_be_the_newest() -> None:
    found = child_pugh_points(chart_of(observation(SCORE, valueInteger=6), unread=["Observation"]))
    assert found.unread == frozenset({"Observation"})


def test_a_stale_score_that_contradicts_itself_is_stale_first_and_makes_way_for_laboratory_values() -> None:
    """Reading A50: stale is computed anew; what is too old says nothing, not even nonsense."""
    chart = chart_of(
        observation("loinc 98153-0", valueString="Child B (6)", effectiveDateTime="2026-08-25"),
        observation("loinc 1975-2", valueQuantity=quantity(0.7, "mg/dL"), effectiveDateTime="2026-11-20"),
        observation("loinc 1751-7", valueQuantity=quantity(4.0, "g/dL"), effectiveDateTime="2026-11-20"),
        observation("loinc 6301-6", valueQuantity=quantity(1.0, "{INR}"), effectiveDateTime="2026-11-20"),
    )
    assert child_pugh_points(chart).possible == Interval(5, 9)
