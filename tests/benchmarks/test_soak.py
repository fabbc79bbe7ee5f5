"""What a soak must find on any machine, however slow: no answer lost, nothing that grows, nobody left alone."""

from dataclasses import replace

import pytest

from benchmarks.open_loop import CUT, WRONG, Call
from benchmarks.processes import Look
from benchmarks.report import Figure
from benchmarks.soak.findings import by_window, counts, section, times
from benchmarks.soak.phases import Plan, Soaked
from benchmarks.soak.plots import lines
from benchmarks.soak.watching import Sample


def called(number: int, status: int = 200, may_come_again: bool = False) -> Call:
    return Call(number, number / 10, 5.0, status, may_come_again)


def samples(*threads: int) -> list[Sample]:
    return [Sample(float(n), Look(100, 80, many, 20, 16)) for n, many in enumerate(threads)]


GOOD = Soaked(
    capacity=100, steady=[called(0), called(1)], samples=samples(9, 9, 9, 9),
    overload=[called(2), called(3, 503, True)], drain=[called(4), called(5, CUT)], ended_in=1.0, exit_code=0,
    recorded=[0, 1, 2, 4],
)  # fmt: skip


def missed(soaked: Soaked) -> list[str]:
    return [figure.what for figure in counts(soaked) if figure.verdict == "missed"]


def test_a_soak_in_which_all_is_well_misses_nothing() -> None:
    assert missed(GOOD) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"steady": [called(0), called(1, 503, True)]}, "calls at 70 % not answered with a determination"),
        ({"overload": [called(2), called(3, 503)]}, "calls at 200 % neither answered nor told when to come again"),
        ({"overload": [called(2), called(3, 500)]}, "calls at 200 % neither answered nor told when to come again"),
        ({"drain": [called(4, WRONG)]}, "calls answered wrongly"),
        ({"recorded": [0, 1, 2]}, "answers that are not on record"),
        ({"recorded": [0, 1, 2, 4, 5]}, "calls on record whose answer did not arrive"),
        ({"recorded": [0, 1, 2, 4, 4]}, "calls on record twice"),
        ({"exit_code": -9}, "exit code after SIGTERM"),
        ({"samples": samples(9, 9, 9, 14)}, "threads more at the end"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_well_is_missed(change: dict[str, object], what: str) -> None:
    assert missed(replace(GOOD, **change)) == [what]  # type: ignore[arg-type]


def test_calls_that_warm_the_server_are_not_judged() -> None:
    """They are on record under numbers nobody counts."""
    assert missed(replace(GOOD, recorded=[*GOOD.recorded, 99])) == []


def test_threads_a_pool_let_go_are_no_growth() -> None:
    assert missed(replace(GOOD, samples=samples(9, 20, 9, 5))) == []


def test_growth_is_not_told_from_too_few_looks() -> None:
    with pytest.raises(ValueError, match="four looks"):
        counts(replace(GOOD, samples=samples(9, 9)))


def figure(soaked: Soaked, what: str) -> Figure:
    return next(one for one in times(Plan.of(60), soaked) if one.what == what)


def test_those_told_to_come_again_are_counted_beside_those_answered() -> None:
    assert figure(GOOD, "of them sent, answered, told to come again").result == "2, 1, 1"
    assert figure(GOOD, "at 200 %: p50 and p99 of those told to come again").result == "5.00 ms, 5.00 ms"


def test_without_anyone_turned_away_there_is_no_time_of_it() -> None:
    alone = replace(GOOD, overload=[called(2)])
    assert figure(alone, "at 200 %: p50 and p99 of those told to come again").result == "none"


def test_a_call_that_was_never_taken_is_told_and_no_loss() -> None:
    assert figure(GOOD, "after SIGTERM: closed before they were taken, and not on record").result == "1"


@pytest.mark.parametrize("seconds", [20, 45, 60, 600, 1800, 3600])
def test_a_plan_fills_the_time_it_is_given(seconds: float) -> None:
    plan = Plan.of(seconds)
    assert 2 * plan.capacity + plan.steady + plan.overload + plan.drain == pytest.approx(seconds, abs=3)
    assert plan.steady / plan.every >= 8
    assert plan.steady == max(plan.steady, plan.overload)


def test_latency_is_told_by_spans_of_time() -> None:
    calls = [Call(n, n * 30.0, float(n), 200) for n in range(4)]
    assert by_window(calls, 60, 1.0) == [(0.5, 1.0), (1.5, 3.0)]


def test_the_section_shows_counts_times_and_plots() -> None:
    shown = section(Plan.of(60), GOOD)
    assert len(shown.figures) == len(counts(GOOD)) + len(times(Plan.of(60), GOOD))
    assert [plot.file for plot in shown.plots] == ["soak-latency.svg", "soak-memory.svg"]


def test_a_plot_names_its_lines_and_loads_nothing() -> None:
    drawn = lines({"p50, ms": [(0, 1), (1, 2)], "p99, ms": [(0, 3), (1, 9)]}, "minutes")
    for word in ("p50, ms", "p99, ms", "minutes"):
        assert word in drawn
    assert "href" not in drawn
