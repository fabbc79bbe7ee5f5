"""Observations: which may be used, and the newest usable value of a scalar fact (readings A39, A50, A60)."""

from typing import Any

import pytest

from fhir_mappings.elements import Json
from fhir_mappings.finding import Finding, Interval, Reason, exactly
from fhir_mappings.observations import Standing, newest_of, observed, standing, value_absent, yes_or_no
from fhir_mappings.quantities import Unusable, number
from tests.fhir_mappings.building import TODAY, concept, condition, observation, quantity, record_of

ECOG = frozenset({("loinc", "89247-1")})


def newest(*resources: dict[str, Any], window: int = 90) -> Finding:
    def read(body: Json) -> Interval | Unusable:
        value = number(body.get("valueInteger"))
        if value is None:
            return Unusable("it holds no number")
        return Unusable("it is absurd", implausible=True) if value > 5 else exactly(float(value))

    found = observed(record_of(*resources), ECOG)
    return newest_of(found, TODAY, window, read, lambda v, _: f"grade {v.low:g}")


def ecog(value: int | None, **more: Any) -> dict[str, Any]:
    held = {} if value is None else {"valueInteger": value}
    return observation("loinc 89247-1", **held, **more)


@pytest.mark.parametrize(
    ("status", "judged"),
    [
        ("final", Standing.USABLE), ("amended", Standing.USABLE), ("corrected", Standing.USABLE),
        ("FINAL", Standing.USABLE),
        ("preliminary", Standing.UNSURE), ("", Standing.UNSURE), ("partial", Standing.UNSURE),
        ("registered", Standing.IGNORED), ("cancelled", Standing.IGNORED), ("unknown", Standing.IGNORED),
        ("entered-in-error", Standing.IGNORED),
    ],
)  # fmt: skip
def test_the_status_of_an_observation_says_what_it_allows(status: str, judged: Standing) -> None:
    assert standing(observation("loinc 89247-1", status=status)) is judged


@pytest.mark.parametrize(
    ("certainty", "judged"),
    [
        ("confirmed", Standing.USABLE),
        ("", Standing.USABLE),
        ("provisional", Standing.UNSURE),
        ("refuted", Standing.IGNORED),
    ],
)
def test_a_condition_stands_by_its_verification_status(certainty: str, judged: Standing) -> None:
    assert standing(condition("snomed 422512005", certainty=certainty)) is judged


def test_an_observation_of_another_code_or_a_cancelled_one_is_not_observed() -> None:
    record = record_of(ecog(1, id="a"), ecog(2, id="b", status="cancelled"), observation("loinc 89243-0", id="c"))
    assert [o.reference for o in observed(record, ECOG)] == ["Observation/a"]


@pytest.mark.parametrize(
    ("element", "answer"),
    [
        ({"valueBoolean": True}, True),
        ({"valueBoolean": False}, False),
        ({"valueCodeableConcept": concept("snomed 373066001")}, True),
        ({"valueCodeableConcept": concept("snomed 373067005")}, False),
        ({"valueCodeableConcept": concept("snomed 260415000")}, False),
        ({"valueCodeableConcept": concept("snomed 2667000")}, False),
        ({"valueCoding": {"system": "http://snomed.info/sct", "code": "373067005"}}, False),
        ({"valueCodeableConcept": concept("snomed 373066001", "snomed 373067005")}, None),
        ({"valueCodeableConcept": {"text": "no"}}, None),
        ({"valueString": "yes"}, None),
        ({"valueBoolean": "true"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_yes_and_no_in_any_of_their_shapes(element: Any, answer: bool | None) -> None:
    assert yes_or_no(element) is answer


def test_a_value_marked_as_absent_is_absent() -> None:
    assert value_absent({"dataAbsentReason": concept("snomed 1")})
    assert not value_absent({"valueInteger": 0})


def test_the_newest_value_speaks() -> None:
    found = newest(ecog(3, on="2026-10-01"), ecog(1, on="2026-11-01"))
    assert found.possible == exactly(1)
    assert found.reason is Reason.RECORDED
    assert [(e.reference, e.text, e.date) for e in found.evidence] == [
        ("Observation/observation-1", "grade 1", "2026-11-01")
    ]


def test_nothing_on_record_is_no_data() -> None:
    assert newest() == Finding(reason=Reason.NO_DATA)


@pytest.mark.parametrize(
    "latest",
    [
        pytest.param(ecog(1, on="2026-11-01", status="preliminary"), id="preliminary"),
        pytest.param(ecog(None, on="2026-11-01", dataAbsentReason=concept("snomed 1")), id="absent"),
        pytest.param(ecog(1, on="2026-11-01", dataAbsentReason=concept("snomed 1")), id="absent beside a value"),
        pytest.param(ecog(None, on="2026-11-01"), id="without a value"),
        pytest.param(ecog(9, on="2026-11-01"), id="implausible"),
    ],
)
def test_an_unusable_newest_record_leaves_the_fact_unknown_and_nothing_older_takes_its_place(
    latest: dict[str, Any],
) -> None:
    found = newest(ecog(1, on="2026-10-01"), latest)  # A50
    assert found.possible is None
    assert found.notes[0].startswith("Observation/observation-1 was not used: ")


def test_an_implausible_newest_value_says_so() -> None:
    assert newest(ecog(9)).reason is Reason.IMPLAUSIBLE


def test_a_cancelled_newest_record_is_as_if_it_were_not_there() -> None:
    assert newest(ecog(1, on="2026-10-01"), ecog(4, on="2026-11-01", status="cancelled")).possible == exactly(1)


@pytest.mark.parametrize(
    ("on", "known"),
    [
        pytest.param("2026-08-27", True, id="89 days old"),
        pytest.param("2026-08-26", True, id="90 days old, the last day inside (A60)"),
        pytest.param("2026-08-25", False, id="91 days old"),
        pytest.param("2026-11-24", True, id="today"),
        pytest.param("2026-11-25", False, id="tomorrow"),
        pytest.param("2026-09", True, id="a month inside"),
        pytest.param("2026-08", False, id="a month whose first day is too old"),
        pytest.param("2026", False, id="a year"),
    ],
)
def test_a_value_counts_inside_the_window(on: str, known: bool) -> None:
    found = newest(ecog(1, on=on))
    assert (found.possible is not None) is known
    assert known or found.reason is Reason.STALE


def test_a_stale_value_keeps_its_evidence_and_says_whose_limit_it_is() -> None:
    found = newest(ecog(1, on="2026-01-01"))
    assert found.reason is Reason.STALE
    assert found.evidence[0].reference == "Observation/observation-0"
    assert found.notes == (
        "Observation/observation-0 of 2026-01-01 is older than 90 days (this service's limit, not the policy's)",
    )


def test_a_value_of_the_future_is_named_as_such() -> None:
    assert "in the future" in newest(ecog(1, on="2027-01-01")).notes[0]


def test_a_value_without_a_date_is_not_used() -> None:
    found = newest(ecog(1, on=""))
    assert (found.possible, found.reason) == (None, Reason.STALE)
    assert found.notes == ("Observation/observation-0 has no date and was not used",)


def test_a_dated_value_speaks_beside_one_without_a_date() -> None:
    assert newest(ecog(1, on=""), ecog(2, on="2026-11-01")).possible == exactly(2)


@pytest.mark.parametrize(
    ("partial", "left"),
    [
        pytest.param("2026-11", Interval(1, 3), id="this month may be today, as the other may"),
        pytest.param("2026-10", exactly(1), id="last month is older"),
    ],
)
def test_a_partial_date_is_the_latest_day_it_can_mean_when_the_newest_is_sought(partial: str, left: Interval) -> None:
    assert newest(ecog(3, on=partial), ecog(1, on="2026-11-24")).possible == left


def test_two_values_of_one_day_leave_everything_between_them() -> None:
    found = newest(ecog(1, on="2026-11-20"), ecog(3, on="2026-11-20"))  # A39
    assert found.possible == Interval(1, 3)
    assert found.reason is Reason.CONFLICT
    assert "disagree on one day" in found.notes[0]


def test_two_equal_values_of_one_day_agree() -> None:
    found = newest(ecog(1), ecog(1))
    assert (found.possible, found.reason, len(found.evidence)) == (exactly(1), Reason.RECORDED, 2)


@pytest.mark.parametrize(
    ("usable_at", "unusable_at", "known"),
    [
        pytest.param("2026-11-20T08:00:00Z", "2026-11-20T16:00:00Z", False, id="the preliminary one is later"),
        pytest.param("2026-11-20T16:00:00Z", "2026-11-20T08:00:00Z", True, id="the final one is later"),
        pytest.param("2026-11-20", "2026-11-20", True, id="no time of day tells them apart"),
    ],
)
def test_a_preliminary_record_of_the_same_day_stands_in_the_way_only_when_it_is_later(
    usable_at: str, unusable_at: str, known: bool
) -> None:
    found = newest(ecog(1, on=usable_at), ecog(4, on=unusable_at, status="preliminary"))
    assert (found.possible is not None) is known


def test_an_implausible_record_of_the_same_day_makes_the_day_unknown() -> None:
    assert newest(ecog(1, on="2026-11-20"), ecog(9, on="2026-11-20")).possible is None


def test_a_quantity_is_not_read_where_an_integer_is_asked_for() -> None:
    assert newest(observation("loinc 89247-1", valueQuantity=quantity(1))).possible is None
