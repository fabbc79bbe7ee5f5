"""How the cost of a call grows with the record: a straight line, up to ten thousand resources."""

from pathlib import Path
from typing import Final

from benchmarks.bodies import addressed
from benchmarks.calls import is_covered
from benchmarks.effort import Effort
from benchmarks.pairing import Contender, cpu_rounds, microseconds
from benchmarks.report import Figure, Section, Table, at_most
from benchmarks.servers import service
from benchmarks.spread import Line, Spread, line_through, number

SIZES: Final = (10, 100, 1000, 10_000)
STEEPER: Final = 1.25
TEXT: Final = """\
CPU of a determination over records of growing size, with the least-squares line through the medians. R squared is the
share of the variation the line explains. The largest size rules such a line: cost that grew with the square of the
record would still reach 0.993. So what a further Observation costs in the last step is held against the step before; it
would be ten times as much then."""


def measure(effort: Effort, scratch: Path) -> Section:
    """One server, sizes one after the other."""
    costs: list[Spread] = []
    with service(scratch) as ours:
        for size in SIZES:
            bodies = [addressed(size, patient) for patient in range(effort.patients_at(size))]
            contender = {"service": Contender(ours, bodies, is_covered)}
            costs.append(microseconds(cpu_rounds(contender, effort.rounds, effort.calls_at(size))["service"]))
    return section(costs)


def section(costs: list[Spread]) -> Section:
    """What the costs of SIZES, in microseconds, say."""
    medians = [cost.median for cost in costs]
    line = line_through(SIZES, medians)
    steps = list(zip(medians, medians[1:], SIZES, SIZES[1:], strict=False))
    each = [(after - before) / (more - fewer) for before, after, fewer, more in steps]
    figures = (
        Figure("R squared of the line through the four sizes", f"{line.r_squared:.4f}"),
        at_most(
            "a further Observation in the last step, times that in the step before",
            Spread.of([each[-1] / each[-2]]),
            STEEPER,
        ),
        Figure("the line", _as_text(line)),
    )
    shown = ("", *(number(cost) for cost in each))
    rows = tuple((f"{n:,}", cost.shown(), step) for n, cost, step in zip(SIZES, costs, shown, strict=True))
    table = Table("CPU of a call, in microseconds", ("Observations", "a call", "each further Observation"), rows)
    return Section("linear", "Growth with the record", TEXT, figures, (table,))


def _as_text(line: Line) -> str:
    return f"{number(line.start)} us + {number(line.slope)} us for each Observation"
