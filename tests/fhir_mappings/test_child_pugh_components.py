"""Child-Pugh computed: the bounds method over five components of one period (terminology 4.2)."""

from typing import Any

import pytest

from fhir_mappings.child_pugh_components import computed_points
from fhir_mappings.finding import Interval, Reason, exactly
from tests.fhir_mappings.building import chart_of, concept, condition, observation, quantity


def bilirubin(value: float = 1.0, unit: str = "mg/dL", **more: Any) -> dict[str, Any]:
    return observation("loinc 1975-2", valueQuantity=quantity(value, unit), **more)


def albumin(value: float = 4.0, unit: str = "g/dL", **more: Any) -> dict[str, Any]:
    return observation("loinc 1751-7", valueQuantity=quantity(value, unit), **more)


def inr(value: float = 1.1, **more: Any) -> dict[str, Any]:
    return observation("loinc 6301-6", valueQuantity=quantity(value, "{INR}"), **more)


def good_labs() -> list[dict[str, Any]]:
    return [bilirubin(), albumin(), inr()]


def test_three_normal_values_alone_prove_class_a_or_b() -> None:
    found = computed_points(chart_of(*good_labs()))  # vector 10
    assert found.possible == Interval(5, 9)
    assert found.reason is Reason.COMPUTED
    assert "not known: ascites, encephalopathy" in found.notes[-1]
    assert len(found.evidence) == 3


def test_two_bad_values_and_silence_on_the_rest_leave_it_open() -> None:
    found = computed_points(chart_of(bilirubin(4.0), albumin(2.5), inr(1.1)))  # vector 11
    assert found.possible == Interval(9, 13)


def test_three_bad_values_prove_class_c() -> None:
    found = computed_points(chart_of(bilirubin(60, "umol/L"), albumin(25, "g/L"), inr(2.5)))  # vector 12
    assert found.possible == Interval(11, 15)


@pytest.mark.parametrize(
    ("resources", "left"),
    [
        pytest.param([bilirubin()], Interval(5, 13), id="only bilirubin"),
        pytest.param([bilirubin(), albumin()], Interval(5, 11), id="INR is missing"),
        pytest.param([inr(2.5)], Interval(7, 15), id="only a high INR"),
    ],
)
def test_a_component_that_is_not_known_counts_one_to_three(resources: list[dict[str, Any]], left: Interval) -> None:
    assert computed_points(chart_of(*resources)).possible == left


def test_no_component_at_all_is_no_data() -> None:
    found = computed_points(chart_of())
    assert (found.possible, found.reason) == (None, Reason.NO_DATA)
    assert found.notes == ("Child-Pugh components not known: bilirubin, albumin, INR, ascites, encephalopathy",)


@pytest.mark.parametrize(
    ("resources", "unknown"),
    [
        pytest.param([], ("bilirubin", "albumin", "INR", "ascites", "encephalopathy"), id="nothing"),
        pytest.param(good_labs(), ("ascites", "encephalopathy"), id="the laboratory is there"),
        pytest.param([bilirubin(), albumin()], ("INR", "ascites", "encephalopathy"), id="INR is missing"),
        pytest.param([inr(on="2020-01-01")],
                     ("bilirubin", "albumin", "INR", "ascites", "encephalopathy"), id="INR is too old"),
        pytest.param([*good_labs(), condition("icd R18.8")], ("encephalopathy",), id="ascites without a grade"),
        pytest.param(
            [observation("loinc 1975-2", valueQuantity=quantity(2.5, "mg/dL", "<"))],
            ("albumin", "INR", "ascites", "encephalopathy"), id="bilirubin is below 2.5: something is known",
        ),
    ],
)  # fmt: skip
def test_the_parts_of_which_nothing_is_known_are_named(
    resources: list[dict[str, Any]], unknown: tuple[str, ...]
) -> None:
    assert computed_points(chart_of(*resources)).unknown_parts == unknown


@pytest.mark.parametrize(
    ("code", "unit", "value"),
    [
        ("loinc 1975-2", "mg/dL", 1.0), ("loinc 14631-6", "umol/L", 17),
        ("loinc 1751-7", "g/dL", 4.0), ("loinc 61151-7", "g/dL", 4.0), ("loinc 61152-5", "g/dL", 4.0),
        ("loinc 2862-1", "g/dL", 4.0), ("loinc 54347-0", "umol/L", 600),
        ("loinc 6301-6", "{INR}", 1.1), ("loinc 34714-6", "{INR}", 1.1), ("loinc 38875-1", "{INR}", 1.1),
        ("loinc 46418-0", "{INR}", 1.1),
    ],
)  # fmt: skip
def test_each_laboratory_code_counts(code: str, unit: str, value: float) -> None:
    assert computed_points(chart_of(observation(code, valueQuantity=quantity(value, unit)))).possible == Interval(5, 13)


@pytest.mark.parametrize("code", ["loinc 1968-7", "loinc 14629-0", "loinc 5902-2", "loinc 5964-2"])
def test_direct_bilirubin_and_prothrombin_seconds_count_nothing(code: str) -> None:
    assert computed_points(chart_of(observation(code, valueQuantity=quantity(1, "mg/dL")))).possible is None


@pytest.mark.parametrize(
    ("extra", "total"),
    [
        pytest.param(condition("icd R18.8"), Interval(6, 9), id="ascites without a grade is 2 to 3"),
        pytest.param(condition("icd K70.31"), Interval(6, 9), id="cirrhosis with ascites"),
        pytest.param(condition("snomed 389026000"), Interval(6, 9), id="ascites in SNOMED"),
        pytest.param(
            condition("icd R18.8", severity=concept("snomed 255604002")), Interval(6, 8), id="mild ascites is 2"
        ),
        pytest.param(condition("icd R18.8", severity=concept("snomed 6736007")), Interval(7, 9), id="moderate is 3"),
        pytest.param(condition("icd R18.8", severity=concept("snomed 24484000")), Interval(7, 9), id="severe is 3"),
        pytest.param(condition("icd R18.8", certainty="refuted"), Interval(5, 7), id="ascites ruled out is 1"),
        pytest.param(
            condition("icd R18.8", certainty="refuted", on="2025-01-01"),
            Interval(5, 9),
            id="ruled out long ago says nothing now",
        ),
        pytest.param(
            condition("icd R18.8", certainty="provisional"), Interval(5, 9), id="suspected ascites is unknown"
        ),
        pytest.param(
            condition("icd R18.8", clinical="resolved"), Interval(5, 9), id="ascites of the past is unknown now"
        ),
        pytest.param(
            observation("snomed 389026000", valueBoolean=False), Interval(5, 7), id="ascites observed as absent"
        ),
        pytest.param(observation("snomed 389026000", valueBoolean=True), Interval(6, 9), id="ascites observed"),
        pytest.param(
            observation("snomed 389026000", valueCodeableConcept=concept("snomed 2667000")),
            Interval(5, 7),
            id="ascites coded as absent",
        ),
        pytest.param(
            observation("snomed 389026000", valueString="some"), Interval(5, 9), id="ascites in words is unknown"
        ),
        pytest.param(condition("icd K76.82"), Interval(6, 9), id="encephalopathy without a grade is 2 to 3"),
        pytest.param(condition("snomed 13920009"), Interval(6, 9), id="encephalopathy in SNOMED"),
        pytest.param(condition("icd K72.11"), Interval(7, 9), id="hepatic coma is 3"),
        pytest.param(condition("icd K70.41"), Interval(7, 9), id="alcoholic hepatic failure with coma is 3"),
        pytest.param(condition("icd K76.82", certainty="refuted"), Interval(5, 7), id="encephalopathy ruled out is 1"),
        pytest.param(condition("icd K74.60"), Interval(5, 9), id="cirrhosis alone says nothing on either"),
    ],
)
def test_ascites_and_encephalopathy_beside_three_normal_values(extra: dict[str, Any], total: Interval) -> None:
    assert computed_points(chart_of(*good_labs(), extra)).possible == total


def test_all_five_components_known_are_a_number() -> None:
    found = computed_points(
        chart_of(
            *good_labs(), condition("icd R18.8", certainty="refuted"), condition("icd K76.82", certainty="refuted")
        )
    )
    assert found.possible == exactly(5)
    assert "not known" not in found.notes[-1]


def test_ascites_ruled_out_and_suspected_again_is_unknown() -> None:
    extra = [condition("icd R18.8", certainty="refuted"), condition("icd R18.8", certainty="provisional")]
    assert computed_points(chart_of(*good_labs(), *extra)).possible == Interval(5, 9)


def test_the_worse_of_two_grades_counts() -> None:
    mild = condition("icd R18.8", severity=concept("snomed 255604002"))
    assert computed_points(chart_of(*good_labs(), mild, condition("icd K70.31"))).possible == Interval(6, 9)


@pytest.mark.parametrize(
    ("on", "total"),
    [
        pytest.param("2026-10-21", Interval(5, 9), id="30 days apart"),
        pytest.param("2026-10-20", Interval(5, 11), id="31 days apart"),
    ],
)
def test_a_component_more_than_30_days_older_than_the_newest_is_not_counted(on: str, total: Interval) -> None:
    found = computed_points(chart_of(bilirubin(on=on), albumin(), inr()))
    assert found.possible == total
    assert (total == Interval(5, 9)) is not any("30 days older" in n for n in found.notes)


@pytest.mark.parametrize(
    "newest",
    [
        pytest.param(bilirubin(on="2026-11-22", status="preliminary"), id="preliminary"),
        pytest.param(bilirubin(500, on="2026-11-22"), id="implausible"),
        pytest.param(bilirubin(1, "g/L", on="2026-11-22"), id="in a wrong unit"),
        pytest.param(observation("loinc 1975-2", on="2026-11-22", dataAbsentReason=concept("snomed 1")), id="absent"),
    ],
)
def test_an_unusable_newest_bilirubin_counts_one_to_three_and_no_older_one_takes_its_place(
    newest: dict[str, Any],
) -> None:
    found = computed_points(chart_of(*good_labs(), newest))  # A50
    assert found.possible == Interval(5, 11)
    assert "Observation/observation-3 was not used" in found.notes[0]


def test_a_stale_value_counts_one_to_three() -> None:
    assert computed_points(chart_of(bilirubin(on="2026-08-25"), albumin(), inr())).possible == Interval(5, 11)


def test_observations_or_conditions_that_could_not_be_read_are_named() -> None:
    found = computed_points(chart_of(*good_labs(), unread=["Condition", "Observation"]))
    assert found.unread == frozenset({"Condition", "Observation"})
