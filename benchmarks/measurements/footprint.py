"""Start-up time, and memory of each worker."""

from pathlib import Path
from typing import Final

from benchmarks.bodies import addressed
from benchmarks.calls import connect, is_covered, post
from benchmarks.effort import Effort
from benchmarks.processes import memory, workers
from benchmarks.report import Figure, Section, at_most
from benchmarks.servers import service
from benchmarks.spread import Spread

READY_SECONDS: Final = 1.5
MEBIBYTES: Final = 120
MB: Final = 2**20
OBSERVATIONS: Final = 100
TEXT: Final = """\
From the start of `coverage-hooks serve` on a new database (its tables are made) until `/ready` answers 200, and the
memory of a worker that has answered every patient's call. RSS counts pages shared with other processes in full, PSS
by their share."""


def measure(effort: Effort, scratch: Path) -> Section:
    """Start the service some times with one worker, once with two."""
    starts = []
    for _ in range(effort.rounds):
        with service(scratch) as server:
            starts.append(server.started_in)
    single, double = (_memory(number, effort, scratch) for number in (1, 2))
    figures = (
        at_most("ready after", Spread.of(starts), READY_SECONDS, "s"),
        at_most("RSS of the one worker", Spread.of([rss for rss, _ in single]), MEBIBYTES, "MiB"),
        at_most("RSS of each of two workers", Spread.of([rss for rss, _ in double]), MEBIBYTES, "MiB"),
        Figure("PSS of each of two workers", Spread.of([pss for _, pss in double]).shown("MiB")),
    )
    return Section("footprint", "Start-up and memory", TEXT, figures)


def _memory(number: int, effort: Effort, scratch: Path) -> list[tuple[float, float]]:
    """RSS and PSS of each worker in MiB, warm."""
    with service(scratch, workers=number) as server:
        for patient in range(effort.patients):
            connection = connect(server.port)  # a new one each time, so that all workers get some
            is_covered(post(connection, addressed(OBSERVATIONS, patient)))
            connection.close()
        found = [memory(pid) for pid in workers(server.pid)]
    assert len(found) == number, found
    return [(rss / MB, pss / MB) for rss, pss in found]
