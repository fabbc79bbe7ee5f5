"""ECOG grade and Karnofsky percent: every shape they arrive in (policy 151, I.A; terminology 3.1, 3.2)."""

from typing import Any

import pytest

from fhir_mappings.finding import Interval, Reason, exactly
from fhir_mappings.performance_status import ecog_grade, karnofsky_percent
from tests.fhir_mappings.building import chart_of, concept, condition, observation, quantity

ECOG_CODE = "loinc 89247-1"
KPS_CODE = "loinc 89243-0"
UNREAD = "finding.py: `unread` names the types that could not be read; policy-logic 4: unreadable -> indeterminate"


@pytest.mark.parametrize("code", ["loinc 89247-1", "loinc 89262-0", "snomed 423740007"])
def test_the_ecog_grade_under_each_of_its_codes(code: str) -> None:
    assert ecog_grade(chart_of(observation(code, valueInteger=1))).possible == exactly(1)


@pytest.mark.parametrize(
    ("held", "grade"),
    [
        pytest.param({"valueInteger": 0}, exactly(0), id="0 as an integer"),
        pytest.param({"valueInteger": 2}, exactly(2), id="2 as an integer"),
        pytest.param({"valueInteger": 3}, exactly(3), id="3 as an integer"),
        pytest.param({"valueInteger": 5}, exactly(5), id="5 as an integer"),
        pytest.param({"valueQuantity": quantity(1, "{score}")}, exactly(1), id="a score"),
        pytest.param({"valueQuantity": quantity(1, "1")}, exactly(1), id="unit 1"),
        pytest.param({"valueQuantity": quantity(1)}, exactly(1), id="no unit"),
        pytest.param({"valueQuantity": quantity(2, "{score}", "<=")}, Interval(None, 2), id="at most 2"),
        pytest.param({"valueQuantity": quantity(2, "{score}", ">")}, Interval(2, None, low_open=True), id="above 2"),
        *(
            pytest.param({"valueCodeableConcept": concept(f"loinc {answer}")}, exactly(grade), id=f"answer {answer}")
            for answer, grade in (
                ("LA9622-7", 0),
                ("LA9623-5", 1),
                ("LA9624-3", 2),
                ("LA9625-0", 3),
                ("LA9626-8", 4),
                ("LA9627-6", 5),
            )
        ),
        *(
            pytest.param({"valueCodeableConcept": concept(f"snomed {answer}")}, exactly(grade), id=f"finding {answer}")
            for answer, grade in (
                ("425389002", 0),
                ("422512005", 1),
                ("422894000", 2),
                ("423053003", 3),
                ("423237006", 4),
            )
        ),
        pytest.param({"interpretation": [concept("loinc LA9624-3")]}, exactly(2), id="only the interpretation"),
        pytest.param({"valueInteger": 1, "interpretation": [concept("loinc LA9623-5")]}, exactly(1), id="both"),
        pytest.param({"valueString": "1"}, exactly(1), id="text 1"),
        pytest.param({"valueString": "ECOG 1"}, exactly(1), id="text ECOG 1"),
        pytest.param({"valueString": "ECOG: 2"}, exactly(2), id="text ECOG: 2"),
        pytest.param({"valueString": "ECOG PS 1"}, exactly(1), id="text ECOG PS 1"),
        pytest.param({"valueString": "Grade 3"}, exactly(3), id="text Grade 3"),
        pytest.param({"valueString": "ECOG\u200b 1"}, exactly(1), id="text with a zero-width blank"),
        pytest.param({"valueString": "1-2"}, Interval(1, 2), id="text 1-2 is at most 2"),
        pytest.param({"valueString": "2-3"}, Interval(2, 3), id="text 2-3 straddles"),
        pytest.param({"valueString": "ECOG 0 to 1"}, Interval(0, 1), id="text 0 to 1"),
        pytest.param({"valueCodeableConcept": {"text": "ECOG 2"}}, exactly(2), id="text of a concept"),
    ],
)
def test_the_ecog_grade_in_each_accepted_shape(held: dict[str, Any], grade: Interval) -> None:
    found = ecog_grade(chart_of(observation(ECOG_CODE, **held)))
    assert found.possible == grade
    assert found.evidence[0].text.startswith("ECOG ")


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({}, id="no value"),
        pytest.param({"valueInteger": 6}, id="6 is no grade"),
        pytest.param({"valueInteger": -1}, id="-1 is no grade"),
        pytest.param({"valueInteger": 70}, id="a Karnofsky under ECOG"),
        pytest.param({"valueInteger": "1"}, id="a digit as a string"),
        pytest.param({"valueInteger": True}, id="true is no grade"),
        pytest.param({"valueBoolean": True}, id="a boolean"),
        pytest.param({"valueQuantity": quantity(1.5, "{score}")}, id="one and a half"),
        pytest.param({"valueQuantity": quantity(1, "%")}, id="a percentage"),
        pytest.param({"valueQuantity": quantity("1", "{score}")}, id="a quantity as a string"),
        pytest.param({"valueQuantity": 1}, id="a quantity that is a number"),
        pytest.param({"valueCodeableConcept": concept("loinc LA9622-2")}, id="the wrong check digit of an old map"),
        pytest.param({"valueCodeableConcept": {"coding": [{"code": "LA9623-5"}]}}, id="an answer without its system"),
        pytest.param({"valueCodeableConcept": concept("snomed 373066001")}, id="yes"),
        pytest.param({"valueString": "fully active"}, id="prose"),
        pytest.param({"valueString": "KPS 70"}, id="Karnofsky in words"),
        pytest.param({"valueString": "not 1"}, id="not 1"),
        pytest.param({"valueString": "1 (was 3)"}, id="two grades in prose"),
    ],
)
def test_what_holds_no_ecog_grade_leaves_it_unknown_with_a_note(held: dict[str, Any]) -> None:
    found = ecog_grade(chart_of(observation(ECOG_CODE, **held)))
    assert found.possible is None
    assert found.notes


def test_an_ecog_grade_coded_as_a_condition() -> None:
    assert ecog_grade(chart_of(condition("snomed 422512005"))).possible == exactly(1)


def test_an_ecog_grade_coded_as_the_code_of_an_observation() -> None:
    assert ecog_grade(chart_of(observation("snomed 422894000"))).possible == exactly(2)


def test_two_answers_in_one_record_leave_both() -> None:
    held = {"valueCodeableConcept": concept("loinc LA9624-3", "loinc LA9625-0")}
    assert ecog_grade(chart_of(observation(ECOG_CODE, **held))).possible == Interval(2, 3)


def test_a_preliminary_newest_ecog_leaves_the_grade_unknown() -> None:
    older = observation(ECOG_CODE, on="2026-11-01", valueInteger=1)
    newer = observation(ECOG_CODE, on="2026-11-20", status="preliminary", valueInteger=1)
    assert ecog_grade(chart_of(older, newer)).possible is None  # A50


def test_an_ecog_entered_in_error_gives_way_to_the_older_one() -> None:
    older = observation(ECOG_CODE, on="2026-11-01", valueInteger=1)
    newer = observation(ECOG_CODE, on="2026-11-20", status="entered-in-error", valueInteger=4)
    assert ecog_grade(chart_of(older, newer)).possible == exactly(1)  # vector 42


def test_an_ecog_of_91_days_ago_is_stale() -> None:
    assert ecog_grade(chart_of(observation(ECOG_CODE, on="2026-08-25", valueInteger=1))).reason is Reason.STALE
    assert ecog_grade(chart_of(observation(ECOG_CODE, on="2026-08-26", valueInteger=1))).possible == exactly(1)


def test_a_provisional_ecog_condition_is_no_grade() -> None:
    assert ecog_grade(chart_of(condition("snomed 422512005", certainty="provisional"))).possible is None


def test_a_refuted_ecog_condition_does_not_hide_the_grade_of_an_observation() -> None:
    graded = observation(ECOG_CODE, on="2026-11-01", valueInteger=1)
    refuted = condition("snomed 423053003", certainty="refuted", on="2026-11-20")
    assert ecog_grade(chart_of(graded, refuted)).possible == exactly(1)


@pytest.mark.parametrize("code", ["loinc 89243-0", "snomed 761869008", "snomed 273546003"])
def test_karnofsky_under_each_of_its_codes(code: str) -> None:
    assert karnofsky_percent(chart_of(observation(code, valueInteger=80))).possible == exactly(80)


@pytest.mark.parametrize(
    ("held", "percent"),
    [
        *(pytest.param({"valueInteger": p}, exactly(p), id=f"{p} as an integer") for p in range(0, 101, 10)),
        pytest.param({"valueQuantity": quantity(60, "%")}, exactly(60), id="60 %"),
        pytest.param({"valueQuantity": quantity(60, "{score}")}, exactly(60), id="a score of 60"),
        pytest.param({"valueQuantity": quantity(60)}, exactly(60), id="60 without a unit"),
        pytest.param({"valueQuantity": quantity(60, "%", ">=")}, Interval(60, None), id="at least 60"),
        pytest.param({"valueQuantity": quantity(60, "%", "<")}, Interval(None, 60, high_open=True), id="below 60"),
        pytest.param({"valueString": "60%"}, exactly(60), id="text 60%"),
        pytest.param({"valueString": "KPS 70"}, exactly(70), id="text KPS 70"),
        pytest.param({"valueString": "Karnofsky 80 %"}, exactly(80), id="text Karnofsky 80 %"),
        pytest.param({"valueString": "60-70%"}, Interval(60, 70), id="text 60-70%"),
        pytest.param({"valueInteger": 55}, Interval(50, 60), id="55 lies between two steps of the scale"),
        *(
            pytest.param({"valueCodeableConcept": concept(f"loinc {answer}")}, exactly(percent), id=f"answer {answer}")
            for answer, percent in (
                ("LA29175-9", 100), ("LA29176-7", 90), ("LA29177-5", 80), ("LA29178-3", 70), ("LA29179-1", 60),
                ("LA29180-9", 50), ("LA29181-7", 40), ("LA29182-5", 30), ("LA29183-3", 20), ("LA29184-1", 10),
                ("LA9627-6", 0),
            )
        ),
    ],
)  # fmt: skip
def test_karnofsky_in_each_accepted_shape(held: dict[str, Any], percent: Interval) -> None:
    found = karnofsky_percent(chart_of(observation(KPS_CODE, **held)))
    assert found.possible == percent
    assert found.evidence[0].text.startswith("Karnofsky ")


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"valueQuantity": quantity(0.6, "1")}, id="a fraction"),
        pytest.param({"valueQuantity": quantity(0.6)}, id="a fraction without a unit"),
        pytest.param({"valueString": "0.6"}, id="a fraction in words"),
        pytest.param({"valueInteger": 1}, id="an ECOG under Karnofsky"),
        pytest.param({"valueInteger": 110}, id="110"),
        pytest.param({"valueInteger": -10}, id="-10"),
        pytest.param({"valueString": "999"}, id="text 999"),
        pytest.param({"valueInteger": "80"}, id="digits as a string"),
        pytest.param({"valueQuantity": quantity(80, "cm")}, id="centimeters"),
        pytest.param({"valueCodeableConcept": concept("loinc LA9623-5")}, id="an answer of ECOG"),
        pytest.param({}, id="no value"),
    ],
)
def test_what_holds_no_karnofsky_leaves_it_unknown_with_a_note(held: dict[str, Any]) -> None:
    found = karnofsky_percent(chart_of(observation(KPS_CODE, **held)))
    assert found.possible is None
    assert found.notes


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("loinc 89245-5", id="another scale"),
        pytest.param("loinc 89247-1", id="ECOG"),
    ],
)
def test_another_scale_is_not_karnofsky(code: str) -> None:
    assert karnofsky_percent(chart_of(observation(code, valueInteger=80))).possible is None


def test_ecog_and_karnofsky_are_read_apart() -> None:
    chart = chart_of(observation(ECOG_CODE, valueInteger=2), observation(KPS_CODE, valueInteger=50))  # A3
    assert ecog_grade(chart).possible == exactly(2)
    assert karnofsky_percent(chart).possible == exactly(50)


@pytest.mark.parametrize("code", [ECOG_CODE, KPS_CODE])
def test_a_number_with_hundreds_of_digits_is_no_grade_and_no_crash(code: str) -> None:
    chart = chart_of(observation(code, valueInteger=10**400))
    assert ecog_grade(chart).possible is None
    assert karnofsky_percent(chart).possible is None


@pytest.mark.parametrize("reader", [ecog_grade, karnofsky_percent])
def test_when_observations_could_not_be_read_the_finding_says_so(reader: Any) -> None:
    assert reader(chart_of(unread=["Observation"])).unread == frozenset({"Observation"})


def test_a_grade_from_a_part_of_the_observations_may_not_be_the_newest() -> None:
    chart = chart_of(observation(ECOG_CODE, valueInteger=1), unread=["Observation"])
    assert ecog_grade(chart).unread == frozenset({"Observation"})
