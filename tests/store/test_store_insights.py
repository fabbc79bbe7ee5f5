"""The record of answers, counted: by day, by criterion, by reason, by time; of any patient it says nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from cds_service.store.calls import keep
from cds_service.store.feedback import keep_feedback
from cds_service.store.insights import TIMES_MS, insights
from tests.store.building import NOON, call, card, entry

SINCE = NOON - timedelta(days=7)
SYSTEM = "http://coverage-hooks.example.org/fhir/CodeSystem/override-reasons"


def answered(engine: Engine, *cards: dict[str, object], **changes: object) -> None:
    one = call(**changes)
    keep(engine, None, one, [card(**more) for more in cards])


def test_an_empty_record_counts_nothing(engine: Engine) -> None:
    found = insights(engine, SINCE)
    assert (found.outcomes, found.open_criteria, found.overrides) == ({}, {}, {})
    assert found.times == (0,) * (len(TIMES_MS) + 1)


def test_outcomes_are_counted_by_day_and_older_calls_are_left_out(engine: Engine) -> None:
    answered(engine, {"outcome": "covered"}, {"outcome": "covered"}, {"outcome": "refer"})
    answered(engine, {"outcome": "covered"}, received_at=NOON - timedelta(days=1))
    answered(engine, {"outcome": "covered"}, received_at=SINCE - timedelta(seconds=1))
    assert insights(engine, SINCE).outcomes == {
        ("2026-11-24", "covered"): 2,
        ("2026-11-24", "refer"): 1,
        ("2026-11-23", "covered"): 1,
    }


def test_a_day_is_a_day_of_utc(engine: Engine) -> None:
    answered(engine, {}, received_at=NOON.replace(hour=23, minute=59))
    assert set(insights(engine, SINCE).outcomes) == {("2026-11-24", "covered")}


def test_criteria_are_counted_where_documentation_was_missing(engine: Engine) -> None:
    answered(engine, {"outcome": "missing-documentation", "criteria": ("I.C", "I.B")})
    answered(engine, {"outcome": "missing-documentation", "criteria": ("I.C",)})
    answered(engine, {"outcome": "not-covered", "criteria": ("II", "I.C")})
    assert insights(engine, SINCE).open_criteria == {"I.C": 2, "I.B": 1}


def test_cards_of_other_kinds_are_no_outcomes(engine: Engine) -> None:
    answered(engine, {"kind": "instructions", "outcome": "missing-documentation"})
    assert insights(engine, SINCE).outcomes == {}


def test_overrides_are_counted_by_their_reason(engine: Engine) -> None:
    given = [
        entry("card-1", reason_system=SYSTEM, reason_code="data-is-wrong"),
        entry("card-2", reason_system=SYSTEM, reason_code="data-is-wrong"),
        entry("card-3", comment="no code"),
        entry("card-4", outcome="accepted", suggestions=("s",)),
    ]
    keep_feedback(engine, None, "order-sign-crd", tuple(given), NOON)
    assert insights(engine, SINCE).overrides == {(SYSTEM, "data-is-wrong"): 2, ("", ""): 1}


@pytest.mark.parametrize(
    ("took_ms", "place"), [(0, 0), (10, 0), (10.1, 1), (5000, len(TIMES_MS) - 1), (5001, len(TIMES_MS))]
)
def test_a_time_is_counted_once_in_its_class(engine: Engine, took_ms: float, place: int) -> None:
    answered(engine, duration_ms=took_ms)
    times = insights(engine, SINCE).times
    assert times[place] == 1
    assert sum(times) == 1


def test_a_call_that_ended_in_an_error_is_no_answer(engine: Engine) -> None:
    answered(engine, status=412)
    assert sum(insights(engine, SINCE).times) == 0


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="zone"):
        insights(engine, SINCE.replace(tzinfo=None))
