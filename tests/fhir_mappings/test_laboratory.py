"""Laboratory values: Child-Pugh points at each limit in each unit, and ALBI (terminology 4.2, 4.3)."""

from typing import Any

import pytest

from fhir_mappings.finding import Interval, exactly
from fhir_mappings.laboratory import albi_score, albumin_points, as_written, bilirubin_points, inr_points
from fhir_mappings.quantities import Unusable
from tests.fhir_mappings.building import chart_of, observation, quantity


def measured(value: Any, unit: str, comparator: str = "") -> dict[str, Any]:
    return {"valueQuantity": quantity(value, unit, comparator)}


@pytest.mark.parametrize(
    ("value", "unit", "points"),
    [
        (1.0, "mg/dL", 1), (1.99, "mg/dL", 1), (2.0, "mg/dL", 2), (2.5, "mg/dL", 2), (3.0, "mg/dL", 2),
        (3.01, "mg/dL", 3), (12, "mg/dL", 3),
        (17, "umol/L", 1), (33.9, "umol/L", 1), (34, "umol/L", 2), (51, "umol/L", 2), (51.1, "umol/L", 3),
        (60, "\u00b5mol/L", 3),
    ],
)  # fmt: skip
def test_bilirubin_below_on_and_above_its_limits(value: float, unit: str, points: int) -> None:
    assert bilirubin_points(measured(value, unit)) == exactly(points)


@pytest.mark.parametrize(
    ("value", "unit", "points"),
    [
        (4.0, "g/dL", 1), (3.51, "g/dL", 1), (3.5, "g/dL", 2), (3.0, "g/dL", 2), (2.8, "g/dL", 2), (2.79, "g/dL", 3),
        (40, "g/L", 1), (35.1, "g/L", 1), (35, "g/L", 2), (28, "g/L", 2), (27.9, "g/L", 3), (25, "g/L", 3),
        (600, "umol/L", 1), (527, "umol/L", 1), (526, "umol/L", 2), (422, "umol/L", 2), (421, "umol/L", 3),
    ],
)  # fmt: skip
def test_albumin_above_on_and_below_its_limits(value: float, unit: str, points: int) -> None:
    assert albumin_points(measured(value, unit)) == exactly(points)  # A8: 2.8, not 3.0


@pytest.mark.parametrize("unit", ["{INR}", "INR", "{ratio}", "ratio", "1", ""])
@pytest.mark.parametrize(("value", "points"), [(1.0, 1), (1.69, 1), (1.7, 2), (2.0, 2), (2.3, 2), (2.31, 3), (2.5, 3)])
def test_inr_below_on_and_above_its_limits(value: float, points: int, unit: str) -> None:
    assert inr_points(measured(value, unit)) == exactly(points)


@pytest.mark.parametrize(
    ("read", "value", "unit", "comparator", "points"),
    [
        pytest.param(bilirubin_points, 2, "mg/dL", "<", Interval(1, 1), id="bilirubin below 2 is one point"),
        pytest.param(bilirubin_points, 2, "mg/dL", "<=", Interval(1, 2), id="at most 2 may be two points"),
        pytest.param(bilirubin_points, 3, "mg/dL", ">", Interval(3, 3), id="above 3 is three points"),
        pytest.param(bilirubin_points, 3, "mg/dL", ">=", Interval(2, 3), id="at least 3 may be two points"),
        pytest.param(bilirubin_points, 5, "mg/dL", "<", Interval(1, 3), id="below 5 says nothing"),
        pytest.param(bilirubin_points, 0.2, "mg/dL", "<", Interval(1, 1), id="below detection is one point"),
        pytest.param(albumin_points, 3.5, "g/dL", ">", Interval(1, 1), id="albumin above 3.5 is one point"),
        pytest.param(albumin_points, 3.5, "g/dL", ">=", Interval(1, 2), id="at least 3.5 may be two"),
        pytest.param(albumin_points, 2.8, "g/dL", "<", Interval(3, 3), id="below 2.8 is three points"),
        pytest.param(albumin_points, 2.8, "g/dL", "<=", Interval(2, 3), id="at most 2.8 may be two"),
        pytest.param(inr_points, 1.7, "", "<", Interval(1, 1), id="INR below 1.7 is one point"),
        pytest.param(inr_points, 2.3, "", ">", Interval(3, 3), id="INR above 2.3 is three points"),
        pytest.param(inr_points, 1.0, "", ">", Interval(1, 3), id="INR above 1 says nothing"),
    ],
)
def test_a_comparator_leaves_the_points_it_does_not_rule_out(
    read: Any, value: float, unit: str, comparator: str, points: Interval
) -> None:
    assert read(measured(value, unit, comparator)) == points


@pytest.mark.parametrize(
    ("read", "body"),
    [
        pytest.param(inr_points, measured(13.4, "{INR}"), id="prothrombin seconds stored as INR"),
        pytest.param(inr_points, measured(13.4, "s"), id="prothrombin time in seconds"),
        pytest.param(inr_points, measured(70, "%"), id="Quick percent"),
        pytest.param(albumin_points, measured(5200, "g/dL"), id="albumin 5200"),
        pytest.param(albumin_points, measured(3.9, "mg/dL"), id="g/dL headed mg/dL"),
        pytest.param(albumin_points, measured(39, "g/dL"), id="g/L headed g/dL"),
        pytest.param(bilirubin_points, measured(1.0, ""), id="bilirubin without a unit"),
        pytest.param(bilirubin_points, measured("1.0", "mg/dL"), id="a value as a string"),
        pytest.param(bilirubin_points, {"valueString": "1.0 mg/dL"}, id="a string"),
        pytest.param(bilirubin_points, {}, id="nothing"),
    ],
)
def test_what_cannot_be_right_has_no_points(read: Any, body: dict[str, Any]) -> None:
    assert isinstance(read(body), Unusable)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (measured(2.5, "mg/dL"), "2.5 mg/dL"),
        (measured(2.5, "mg/dL", "<"), "<2.5 mg/dL"),
        ({"valueQuantity": {"value": 1.1}}, "1.1"),
    ],
)
def test_a_value_is_shown_as_it_was_written(body: dict[str, Any], said: str) -> None:
    assert as_written(body) == said


def labs(bilirubin: float, albumin: float, *, albumin_on: str = "2026-11-20") -> list[dict[str, Any]]:
    return [
        observation("loinc 1975-2", valueQuantity=quantity(bilirubin, "mg/dL")),
        observation("loinc 1751-7", on=albumin_on, valueQuantity=quantity(albumin, "g/dL")),
    ]


@pytest.mark.parametrize(
    ("bilirubin", "albumin", "score"),
    [(1.0, 4.0, -2.586), (0.6, 4.2, -2.903), (3.0, 2.5, -0.998)],
)
def test_albi_from_bilirubin_and_albumin(bilirubin: float, albumin: float, score: float) -> None:
    found, evidence = albi_score(chart_of(*labs(bilirubin, albumin)))
    assert found is not None
    assert found.low == pytest.approx(score, abs=0.002)
    assert found.high == pytest.approx(score, abs=0.002)
    assert [e.reference for e in evidence] == ["Observation/observation-0", "Observation/observation-1"]


def test_albi_is_the_same_in_other_units() -> None:
    mass, _ = albi_score(chart_of(*labs(1.0, 4.0)))
    moles, _ = albi_score(
        chart_of(
            observation("loinc 14631-6", valueQuantity=quantity(17.1, "umol/L")),
            observation("loinc 1751-7", valueQuantity=quantity(40, "g/L")),
        )
    )
    assert mass is not None
    assert moles is not None
    assert mass.low == pytest.approx(moles.low)


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param(labs(1.0, 4.0)[:1], id="no albumin"),
        pytest.param(labs(1.0, 4.0)[1:], id="no bilirubin"),
        pytest.param(labs(1.0, 4.0, albumin_on="2026-10-20"), id="31 days apart"),
        pytest.param(labs(1.0, 40.0), id="an implausible albumin"),
        pytest.param([], id="nothing"),
    ],
)
def test_without_both_values_of_one_period_there_is_no_albi(resources: list[dict[str, Any]]) -> None:
    assert albi_score(chart_of(*resources)) == (None, ())


def test_values_30_days_apart_belong_together() -> None:
    assert albi_score(chart_of(*labs(1.0, 4.0, albumin_on="2026-10-21")))[0] is not None


def test_a_value_below_detection_leaves_no_albi() -> None:
    low = observation("loinc 1975-2", valueQuantity=quantity(0.2, "mg/dL", "<"))
    assert albi_score(chart_of(low, labs(1.0, 4.0)[1]))[0] is None
