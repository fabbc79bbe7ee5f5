"""What several instances came to, and the arithmetic for thousands of calls a second."""

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.report import Figure, Section, Table, exactly
from benchmarks.scale_out.trial import CONNECTIONS, Trial
from benchmarks.soak.phases import OBSERVATIONS
from benchmarks.spread import number

BUSY: Final = 0.7
"""How busy a core may be on the average, so that calls that come together do not wait for each other."""

RATES: Final = (100, 500, 1000, 2000, 5000)
HOURS: Final = 10
DAYS: Final = 30
GB: Final = 1e9
TEXT: Final = f"""\
Prefetched calls at {OBSERVATIONS} Observations, each a full determination with its record sealed, to one, two and
four instances of one worker behind nginx, on one PostgreSQL that writes to disk. {CONNECTIONS} connections for each
instance call as fast as answers come. All of it, the load too, shares the cores named here, so throughput ends where
they do: what scales is read from the CPU of each part."""


def section(trials: Sequence[Trial]) -> Section:
    """All numbers of instances, with what follows for more."""
    tables = (_throughput(trials), _parts(trials), statements(trials[0]), arithmetic(trials[0]))
    figures = (*(figure for one in trials for figure in counts(one)), Figure("one core", per_core(trials[0].cpu)))
    return Section("scale-out", "Several instances", TEXT, figures, tables)


def counts(one: Trial) -> tuple[Figure, ...]:
    """What must be so on any machine."""
    who = f"{one.instances} instance{'s' if one.instances > 1 else ''}"
    return (
        exactly(f"{who}: answers that differ from those of one instance", one.different, 0),
        exactly(f"{who}: calls not answered", one.unanswered, 0),
        exactly(f"{who}: answers not on record", one.unrecorded, 0),
        exactly(f"{who}: calls on record twice", one.recorded_twice, 0),
    )


def per_core(cpu: Mapping[str, float]) -> str:
    """How many calls a core of the service answers in a second."""
    return f"{number(1 / cpu['instances'])} calls a second of the service alone, wholly busy"


def _throughput(trials: Sequence[Trial]) -> Table:
    rows = tuple(
        (f"{one.instances}", f"{one.calls:,}", number(one.calls_per_second), number(one.p50_ms), number(one.p99_ms))
        for one in trials
    )
    return Table("Throughput", ("instances", "calls", "calls a second", "p50, ms", "p99, ms"), rows)


def _parts(trials: Sequence[Trial]) -> Table:
    parts = tuple(trials[0].cpu)
    rows = tuple((f"{one.instances}", *(number(one.cpu[part] * 1e6) for part in parts)) for one in trials)
    return Table("CPU of a call by part, in microseconds", ("instances", *parts), rows)


def statements(one: Trial) -> Table:
    """What the database does for a call."""
    rows = tuple(
        (f"`{each.text}`", number(each.times / one.calls), number(each.milliseconds / each.times * 1000))
        for each in one.work.statements
        if each.times * 100 > one.calls  # what is rarer belongs to no call
    )
    written = (
        ("write-ahead log, bytes", number(one.work.log / one.calls), ""),
        ("growth of the database, bytes", number(one.work.growth / one.calls), ""),
    )
    return Table("What the database does", ("", "a call", "us each"), (*rows, *written))


def arithmetic(one: Trial) -> Table:
    """Cores and disk for a number of calls a second, from what one instance took."""
    columns = ("calls a second", "cores for instances", "cores for PostgreSQL", "log, MB/s", "record in 30 days, GB")
    return Table(
        f"What follows, cores {BUSY:.0%} busy, the record for {HOURS} such hours a day", columns,
        tuple(_needs(rate, one) for rate in RATES),
    )  # fmt: skip


def _needs(rate: int, one: Trial) -> tuple[str, ...]:
    stored = rate * one.work.growth / one.calls * HOURS * 3600 * DAYS
    return (
        f"{rate:,}", number(rate * one.cpu["instances"] / BUSY), number(rate * one.cpu["PostgreSQL"] / BUSY),
        number(rate * one.work.log / one.calls / 1e6), number(stored / GB),
    )  # fmt: skip
