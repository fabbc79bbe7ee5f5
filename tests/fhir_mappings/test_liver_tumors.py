"""How many tumors and how large: stated, measured, or both (policy 151 a.iii, b.iii, c.ii, d.ii)."""

from typing import Any

import pytest

from fhir_mappings.finding import Interval, Reason, exactly
from fhir_mappings.liver_tumors import largest_tumor_cm, tumor_count
from tests.fhir_mappings.building import (
    BREAST,
    LIVER,
    body_structure,
    chart_of,
    concept,
    form,
    observation,
    quantity,
)

MULTIFOCAL = "snomed 399506006"
AT_DIAGNOSIS = "loinc 42032-3"


def size(
    value: float, tumor: str = "", unit: str = "cm", on: str = "2026-11-10", comparator: str = ""
) -> dict[str, Any]:
    linked = {"focus": [{"reference": f"BodyStructure/{tumor}"}]} if tumor else {}
    return observation("loinc 33728-7", on=on, valueQuantity=quantity(value, unit, comparator), **linked)


def two_tumors() -> list[dict[str, Any]]:
    return [body_structure("a"), body_structure("b")]


def says(largest: float | None = None, count: int | None = None, on: str = "2026-11-20") -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if largest is not None:
        answers["largest-liver-tumor-cm"] = {"valueDecimal": largest}
    if count is not None:
        answers["liver-tumor-count"] = {"valueInteger": count}
    return form(answers, on=on)


@pytest.mark.parametrize(
    ("value", "unit", "largest"),
    [(5.0, "cm", 5.0), (50, "mm", 5.0), (5.1, "cm", 5.1), (51, "mm", 5.1), (3.0, "cm", 3.0), (31, "mm", 3.1)],
)
def test_one_measured_tumor_is_the_largest(value: float, unit: str, largest: float) -> None:
    found = largest_tumor_cm(chart_of(size(value, unit=unit)))
    assert (found.possible, found.reason) == (exactly(largest), Reason.RECORDED)


def test_the_largest_of_several_tumors() -> None:
    found = largest_tumor_cm(chart_of(*two_tumors(), size(3.1, "a"), size(1, "b")))
    assert found.possible == exactly(3.1)
    assert len(found.evidence) == 2


@pytest.mark.parametrize(
    ("comparator", "left"),
    [
        ("<", Interval(None, 5, high_open=True)),
        ("<=", Interval(None, 5)),
        (">", Interval(5, None, low_open=True)),
        (">=", Interval(5, None)),
    ],
)
def test_a_size_with_a_comparator_bounds_the_largest(comparator: str, left: Interval) -> None:
    assert largest_tumor_cm(chart_of(size(5, comparator=comparator))).possible == left


def test_below_5_beside_exactly_3_is_between_them() -> None:
    found = largest_tumor_cm(chart_of(*two_tumors(), size(5, "a", comparator="<"), size(3, "b")))
    assert found.possible == Interval(3, 5, high_open=True)


@pytest.mark.parametrize(
    "unmeasured",
    [
        pytest.param(size(4, "b", unit="cm2"), id="unreadable"),
        pytest.param(size(4, "b", on="2026-06-01"), id="stale, A61"),
        pytest.param(says(count=2), id="one more is counted"),
        pytest.param(observation(AT_DIAGNOSIS, valueInteger=3), id="more are recorded"),
    ],
)
def test_a_tumor_nobody_measured_leaves_the_upper_bound_open(unmeasured: dict[str, Any]) -> None:
    assert largest_tumor_cm(chart_of(*two_tumors(), size(4, "a"), unmeasured)).possible == Interval(4, None)


def test_as_many_tumors_measured_as_counted_close_the_upper_bound() -> None:
    chart = chart_of(*two_tumors(), size(4, "a"), size(2, "b"), says(count=2))
    assert largest_tumor_cm(chart).possible == exactly(4)


def test_where_observations_were_not_read_to_their_end_no_size_is_sure_to_be_the_newest() -> None:
    found = largest_tumor_cm(chart_of(size(4), unread=["Observation"]))
    assert found.possible is None
    assert found.unread == frozenset({"Observation"})


@pytest.mark.parametrize("unread", ["BodyStructure", "QuestionnaireResponse"])
def test_where_something_was_not_read_a_larger_tumor_may_be_there(unread: str) -> None:
    found = largest_tumor_cm(chart_of(size(4), unread=[unread]))
    assert found.possible == Interval(4, None)
    assert found.unread == frozenset({unread})


def test_no_size_is_no_data() -> None:
    found = largest_tumor_cm(chart_of())
    assert (found.possible, found.reason) == (None, Reason.NO_DATA)


def test_a_stated_largest_size_is_enough() -> None:
    found = largest_tumor_cm(chart_of(says(largest=4.2)))
    assert (found.possible, found.reason) == (exactly(4.2), Reason.ATTESTED)


@pytest.mark.parametrize(
    ("stated", "measured_on", "left", "reason"),
    [
        pytest.param(4.0, "2026-11-21", Interval(4.0, 6.0), Reason.CONFLICT, id="a larger one measured later"),
        pytest.param(4.0, "2026-11-20", Interval(4.0, 6.0), Reason.CONFLICT, id="a larger one measured that day"),
        pytest.param(4.0, "2026-11-19", exactly(4.0), Reason.ATTESTED, id="a larger one measured before"),
        pytest.param(6.0, "2026-11-21", exactly(6.0), Reason.ATTESTED, id="the same size"),
        pytest.param(7.0, "2026-11-21", exactly(7.0), Reason.ATTESTED, id="a smaller one: not all were measured"),
    ],
)
def test_a_stated_largest_size_against_a_measured_one(
    stated: float, measured_on: str, left: Interval, reason: Reason
) -> None:
    found = largest_tumor_cm(chart_of(says(largest=stated, on="2026-11-20"), size(6.0, on=measured_on)))
    assert (found.possible, found.reason) == (left, reason)


def test_a_stated_size_larger_than_all_tumors_counted_and_measured_since_is_in_doubt() -> None:
    found = largest_tumor_cm(chart_of(says(largest=7.0, count=1, on="2026-11-01"), size(4, on="2026-11-10")))
    assert (found.possible, found.reason) == (Interval(4, 7), Reason.CONFLICT)


def test_a_stale_statement_on_size_gives_way_to_measurements() -> None:
    found = largest_tumor_cm(chart_of(says(largest=2, on="2026-08-25"), size(4)))
    assert found.possible == exactly(4)
    assert "older than 90 days" in found.notes[0]


@pytest.mark.parametrize(
    ("held", "count"),
    [
        pytest.param({"valueInteger": 1}, exactly(1), id="an integer"),
        pytest.param({"valueQuantity": quantity(3, "{#}")}, exactly(3), id="a quantity in {#}"),
        pytest.param({"valueQuantity": quantity(4)}, exactly(4), id="a quantity without a unit"),
        pytest.param({"valueCodeableConcept": concept(MULTIFOCAL)}, Interval(2, None), id="multifocal is at least 2"),
    ],
)
def test_the_number_at_diagnosis_counts_inside_the_window(held: dict[str, Any], count: Interval) -> None:
    assert tumor_count(chart_of(observation(AT_DIAGNOSIS, **held))).possible == count  # A59


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(observation(AT_DIAGNOSIS, valueInteger=0), id="none"),
        pytest.param(observation(AT_DIAGNOSIS, valueQuantity=quantity(1.5, "{#}")), id="one and a half"),
        pytest.param(observation(AT_DIAGNOSIS, valueString="multiple"), id="multiple"),
        pytest.param(observation(AT_DIAGNOSIS, valueInteger="2"), id="a string"),
        pytest.param(observation(AT_DIAGNOSIS, valueInteger=2, on="2026-08-25"), id="stale"),
        pytest.param(observation(AT_DIAGNOSIS, valueInteger=2, status="preliminary"), id="preliminary"),
        pytest.param(observation(AT_DIAGNOSIS, valueInteger=2, bodySite=concept(BREAST)), id="of the breast"),
        pytest.param(observation("loinc 42033-1", valueInteger=2), id="number and histologies: not used"),
        pytest.param(says(count=0), id="a stated count of none"),
    ],
)
def test_what_is_no_count_leaves_it_unknown(body: dict[str, Any]) -> None:
    assert tumor_count(chart_of(body)).possible is None


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_stated_count_is_enough(count: int) -> None:
    assert tumor_count(chart_of(says(count=count))).possible == exactly(count)


def test_a_stated_count_outranks_the_number_at_diagnosis() -> None:
    assert tumor_count(chart_of(says(count=1), observation(AT_DIAGNOSIS, valueInteger=3))).possible == exactly(1)


def test_measured_tumors_are_at_least_so_many() -> None:
    found = tumor_count(chart_of(*two_tumors(), size(4, "a"), size(2, "b")))
    assert (found.possible, found.reason) == (Interval(2, None), Reason.NOT_SPECIFIC)
    assert "nothing says that this is all" in found.notes[0]


def test_one_measured_tumor_does_not_say_that_it_is_the_only_one() -> None:
    assert tumor_count(chart_of(size(4))).possible is None


def test_a_tumor_ablated_since_is_not_counted() -> None:
    chart = chart_of(body_structure("a"), body_structure("b", active=False), size(4, "a"), size(2, "b"))
    assert tumor_count(chart).possible is None


def test_a_count_lower_than_the_tumors_on_record_is_in_doubt() -> None:
    found = tumor_count(chart_of(says(count=1), *two_tumors(), size(4, "a"), size(2, "b")))
    assert (found.possible, found.reason) == (Interval(1, None), Reason.CONFLICT)


def test_a_count_at_least_as_high_as_the_tumors_on_record_holds() -> None:
    assert tumor_count(chart_of(says(count=2), *two_tumors(), size(4, "a"), size(2, "b"))).possible == exactly(2)


def test_two_forms_of_one_day_that_count_differently_leave_the_count_unknown() -> None:
    found = tumor_count(chart_of(says(count=1), says(count=3)))
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(observation(MULTIFOCAL), id="as its code"),
        pytest.param(observation(MULTIFOCAL, bodySite=concept(LIVER)), id="in the liver"),
        pytest.param(observation("loinc 21889-1", valueCodeableConcept=concept(MULTIFOCAL)), id="as the value"),
    ],
)
def test_a_multifocal_tumor_is_at_least_two(body: dict[str, Any]) -> None:
    assert tumor_count(chart_of(body)).possible == Interval(2, None)


@pytest.mark.parametrize(
    "more", [{"status": "preliminary"}, {"on": "2026-08-25"}, {"on": ""}], ids=["preliminary", "stale", "undated"]
)
def test_a_multifocal_tumor_counts_only_final_and_inside_the_window(more: dict[str, Any]) -> None:
    assert tumor_count(chart_of(observation(MULTIFOCAL, **more))).possible is None


def test_multifocal_beside_a_count_of_one_is_in_doubt() -> None:
    found = tumor_count(chart_of(says(count=1), observation(MULTIFOCAL)))
    assert (found.possible, found.reason) == (Interval(1, None), Reason.CONFLICT)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            observation(MULTIFOCAL, bodySite=concept(BREAST)),
            id="in the breast",
        ),
        pytest.param(
            observation(MULTIFOCAL, valueBoolean=False),
            id="denied",
        ),
        pytest.param(
            observation(MULTIFOCAL, dataAbsentReason=concept("snomed 1")),
            id="absent",
        ),
        pytest.param(
            observation(MULTIFOCAL, on="2027-01-01"),
            id="of the future",
        ),
    ],
)
def test_a_multifocal_tumor_that_is_elsewhere_or_not_said_to_be_there_does_not_count(body: dict[str, Any]) -> None:
    assert tumor_count(chart_of(body)).possible is None


@pytest.mark.parametrize("unit", ["cm", "mm", "%"])
def test_a_count_in_centimeters_is_no_count(unit: str) -> None:
    assert tumor_count(chart_of(observation(AT_DIAGNOSIS, valueQuantity=quantity(3, unit)))).possible is None


def test_active_tumors_of_the_liver_are_counted_whether_measured_or_not() -> None:
    named = [tumor | {"morphology": {"coding": [{"code": "4147007"}]}} for tumor in two_tumors()]
    assert tumor_count(chart_of(*named, size(4, "a"))).possible == Interval(2, None)


def test_a_part_of_the_liver_that_is_not_called_a_tumor_is_none() -> None:
    assert tumor_count(chart_of(*two_tumors(), size(4, "a"))).possible is None


@pytest.mark.parametrize("unread", ["Observation", "BodyStructure", "QuestionnaireResponse"])
def test_a_count_that_was_not_read_is_named(unread: str) -> None:
    found = tumor_count(chart_of(unread=[unread]))
    assert found.possible is None
    assert found.unread == frozenset({unread})
