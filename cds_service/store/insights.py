"""The record of answers, counted: outcomes by day, criteria that were open, reasons to override, times to answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, case, func, select

from cds_service.store.calls import zoned
from cds_service.store.tables import CALL, CARD, FEEDBACK
from cds_service.store.transactions import reading

COVERAGE: Final = "coverage"
MISSING: Final = "missing-documentation"
FIRST_ERROR: Final = 400
TIMES_MS: Final = (10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
"""Upper ends of the classes answers are counted in by their time; slower ones are a class of their own."""


@dataclass(frozen=True, slots=True)
class Insights:
    """What the record holds since a moment.

    `outcomes`: by day (UTC, YYYY-MM-DD) and outcome; `open_criteria`: how often each was what a card asked for;
    `overrides`: by the system and code of the reason; `times`: answers in each class of TIMES_MS and, last, slower.
    """

    outcomes: dict[tuple[str, str], int]
    open_criteria: dict[str, int]
    overrides: dict[tuple[str, str], int]
    times: tuple[int, ...]


def insights(engine: Engine, since: datetime) -> Insights:
    """Count what was answered since then. Raises StoreUnavailable."""
    since = zoned(since)
    with reading(engine) as connection:
        return Insights(
            outcomes=_outcomes(connection, since),
            open_criteria=_open_criteria(connection, since),
            overrides=_overrides(connection, since),
            times=_times(connection, since),
        )


def _outcomes(connection: Connection, since: datetime) -> dict[tuple[str, str], int]:
    day = func.date(CALL.c.received_at)
    query = (
        select(day, CARD.c.outcome, func.count())
        .join(CALL, CARD.c.call_id == CALL.c.id)
        .where(CALL.c.received_at >= since, CARD.c.kind == COVERAGE)
        .group_by(day, CARD.c.outcome)
    )
    return {(str(on), outcome): count for on, outcome, count in connection.execute(query)}


def _open_criteria(connection: Connection, since: datetime) -> dict[str, int]:
    query = (
        select(CARD.c.criteria, func.count())
        .join(CALL, CARD.c.call_id == CALL.c.id)
        .where(CALL.c.received_at >= since, CARD.c.kind == COVERAGE, CARD.c.outcome == MISSING)
        .group_by(CARD.c.criteria)
    )
    counted: Counter[str] = Counter()
    for criteria, count in connection.execute(query):
        counted.update(dict.fromkeys(criteria, count))
    return dict(counted)


def _overrides(connection: Connection, since: datetime) -> dict[tuple[str, str], int]:
    columns = (FEEDBACK.c.reason_system, FEEDBACK.c.reason_code)
    query = (
        select(*columns, func.count())
        .where(FEEDBACK.c.received_at >= since, FEEDBACK.c.outcome == "overridden")
        .group_by(*columns)
    )
    return {(system, code): count for system, code, count in connection.execute(query)}


def _times(connection: Connection, since: datetime) -> tuple[int, ...]:
    """Answers, counted in the database so that a month is one row here. A call that ended in an error is no answer."""
    within = [func.coalesce(func.sum(case((CALL.c.duration_ms <= end, 1), else_=0)), 0) for end in TIMES_MS]
    query = select(*within, func.count()).where(CALL.c.received_at >= since, CALL.c.status < FIRST_ERROR)
    return tuple(_steps(connection.execute(query).one()))


def _steps(totals: Iterable[int]) -> list[int]:
    """What each running total adds to the one before."""
    listed = [int(total) for total in totals]
    return [total - before for before, total in zip([0, *listed], listed, strict=False)]
