"""What a soak found: counts, which hold on any machine, and times, which hold for one."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from benchmarks.open_loop import CUT, REFUSED, WRONG, Call, of_status
from benchmarks.report import Figure, Plot, Section, at_most, exactly
from benchmarks.soak.phases import FEW, MANY, OBSERVATIONS, TOO_MUCH, Plan, Soaked, calls_of
from benchmarks.soak.watching import Sample
from benchmarks.spread import Spread, number, percentile

P99_MS: Final = 50
GROWTH: Final = 1.05
FEW_MORE: Final = 4
"""How many more threads or files are none: pools start theirs when they first need them, and let them go again."""

LATENCY: Final = "soak-latency.svg"
MEMORY: Final = "soak-memory.svg"

TEXT: Final = f"""\
Prefetched calls at {OBSERVATIONS} Observations to one worker, its record sealed in SQLite. First as many as {FEW}
connections can send: that is the capacity. Then {{steady:.1f}} minutes at 70 % of it and {{overload:.0f}} seconds at
200 %, on {MANY} connections. Calls come when they are due, and the time of one that waits for a free connection counts
from when it was due. Last the server gets SIGTERM while calls come at 70 %. Memory, threads and files are those of all
its processes; growth is the median of the last quarter of the steady phase beside that of the second."""


def section(plan: Plan, soaked: Soaked) -> Section:
    """All of it as a section with its plots."""
    text = TEXT.format(steady=plan.steady / 60, overload=plan.overload)
    plots = (
        Plot(LATENCY, "Latency of calls at 70 % load"),
        Plot(MEMORY, "Memory of the server's processes at 70 % load"),
    )
    return Section("soak", "Soak", text, (*counts(soaked), *times(plan, soaked)), plots=plots)


def counts(soaked: Soaked) -> tuple[Figure, ...]:
    """What must be so on any machine."""
    answered = {call.number for call in of_status(list(calls_of(soaked)), 200)}
    unanswered = {call.number for call in of_status(list(calls_of(soaked)), CUT, REFUSED)}
    recorded = Counter(soaked.recorded)
    return (
        exactly("calls at 70 % not answered with a determination", _not_answered(soaked.steady), 0),
        exactly("calls at 200 % neither answered nor told when to come again", _left_alone(soaked.overload), 0),
        exactly("calls answered wrongly", len(of_status(list(calls_of(soaked)), WRONG)), 0),
        exactly("answers that are not on record", len(answered - recorded.keys()), 0),
        exactly("calls on record whose answer did not arrive", len(recorded.keys() & unanswered), 0),
        exactly("calls on record twice", sum(1 for times in recorded.values() if times > 1), 0),
        exactly("exit code after SIGTERM", soaked.exit_code, 0),
        at_most("threads more at the end", Spread.of([_more(soaked.samples, "threads")]), FEW_MORE),
        at_most("open files more at the end", Spread.of([_more(soaked.samples, "files")]), FEW_MORE),
        at_most("connections more at the end", Spread.of([_more(soaked.samples, "connections")]), 0),
    )


def times(plan: Plan, soaked: Soaked) -> tuple[Figure, ...]:
    """What depends on the machine."""
    steady = [call.took_ms for call in of_status(soaked.steady, 200)]
    over = of_status(soaked.overload, 200)
    full = of_status(soaked.overload, 503)
    rss = _quarters(soaked.samples, "rss")
    return (
        at_most("p99 at 70 %", Spread.of([percentile(steady, 0.99)]), P99_MS, "ms"),
        at_most("RSS at the end over RSS in the second quarter", Spread.of([rss[1] / rss[0]]), GROWTH),
        Figure("capacity", f"{number(soaked.capacity)} calls a second"),
        Figure("calls at 70 %", f"{len(soaked.steady):,}"),
        Figure("p50 at 70 %", f"{number(percentile(steady, 0.5))} ms"),
        Figure("RSS at the end", f"{number(rss[1] / 2**20)} MiB"),
        Figure("calls due at 200 %", f"{soaked.capacity * TOO_MUCH * plan.overload:,.0f}"),
        Figure("of them sent, answered, told to come again", f"{len(soaked.overload):,}, {len(over):,}, {len(full):,}"),
        Figure("at 200 %: p50 and p99 of those answered", _both([call.took_ms for call in over])),
        Figure("at 200 %: p50 and p99 of those told to come again", _both([call.took_ms for call in full])),
        Figure("after SIGTERM: closed before they were taken, and not on record", f"{_untaken(soaked):,}"),
        Figure("after SIGTERM: ended in", f"{number(soaked.ended_in)} s"),
    )


def _both(took: Sequence[float]) -> str:
    return f"{number(percentile(took, 0.5))} ms, {number(percentile(took, 0.99))} ms" if took else "none"


def _not_answered(calls: Sequence[Call]) -> int:
    return sum(1 for call in calls if call.status != 200)


def _left_alone(calls: Sequence[Call]) -> int:
    return sum(1 for call in calls if call.status != 200 and not (call.status == 503 and call.may_come_again))


def _untaken(soaked: Soaked) -> int:
    recorded = set(soaked.recorded)
    return sum(1 for call in of_status(soaked.drain, CUT) if call.number not in recorded)


def _more(samples: Sequence[Sample], what: str) -> float:
    second, last = _quarters(samples, what)
    return max(last - second, 0)


def _quarters(samples: Sequence[Sample], what: str) -> tuple[float, float]:
    """The medians of the second and the last quarter. Raises ValueError for fewer than four samples."""
    if len(samples) < 4:
        raise ValueError("a soak needs at least four looks at the server")
    values = [float(getattr(sample.look, what)) for sample in samples]
    quarter = len(values) // 4
    return Spread.of(values[quarter : 2 * quarter]).median, Spread.of(values[-quarter:]).median


def by_window(calls: Sequence[Call], seconds: float, share: float) -> list[tuple[float, float]]:
    """A percentile of each span of time: its middle in minutes, and the latency in ms."""
    windows: dict[int, list[float]] = {}
    for call in calls:
        windows.setdefault(int(call.due // seconds), []).append(call.took_ms)
    return [((n + 0.5) * seconds / 60, percentile(took, share)) for n, took in sorted(windows.items())]
