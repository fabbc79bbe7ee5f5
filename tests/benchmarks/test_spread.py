"""Rounds become a median with its range, points a line: what every published figure stands on."""

import statistics

import pytest

from benchmarks.pairing import ratio
from benchmarks.spread import Spread, line_through, number, percentile


@pytest.mark.parametrize(
    ("values", "middle", "low", "high"),
    [([3.0], 3, 3, 3), ([5.0, 1.0, 3.0], 3, 1, 5), ([4.0, 1.0, 2.0, 3.0], 2.5, 1, 4)],
)
def test_rounds_are_told_by_the_one_in_the_middle_and_how_far_the_others_lie(
    values: list[float], middle: float, low: float, high: float
) -> None:
    assert Spread.of(values) == Spread(middle, low, high)


def test_a_range_is_shown_where_there_is_one() -> None:
    assert Spread(1.5, 1.25, 1.75).shown("ms") == "1.50 (1.25 to 1.75) ms"
    assert Spread(1.5, 1.5, 1.5).shown() == "1.50"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (1234.5, "1,234"), (100, "100"), (44.14, "44.1"), (1.534, "1.53"), (0.1234, "0.123"),
        (0.00234, "0.00234"), (-2.5, "-2.50"), (1e-9, "0.000000"),
    ],
)  # fmt: skip
def test_a_number_has_three_figures_and_no_exponent(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([7.0], 0.5, 7), ([1.0, 2.0], 0.5, 1), ([3.0, 1.0, 2.0], 0.5, 2), (list(range(1, 101)), 0.99, 99),
        (list(range(1, 101)), 0.07, 7), (list(range(1, 101)), 1.0, 100), (list(range(1, 101)), 0.0, 1),
    ],
)  # fmt: skip
def test_a_percentile_is_a_value_that_was_measured(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == found


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_points_on_a_line_are_explained_by_it_wholly() -> None:
    line = line_through([10, 100, 1000, 10_000], [70, 250, 2050, 20_050])
    assert (round(line.start, 6), round(line.slope, 6), round(line.r_squared, 6)) == (50, 2, 1)


def test_cost_that_grows_with_the_square_is_told_from_a_line() -> None:
    """By three figures only: the largest size rules the line."""
    sizes = [10, 100, 1000, 10_000]
    assert 0.99 < line_through(sizes, [n * n for n in sizes]).r_squared < 0.999


def test_a_cost_that_does_not_grow_is_a_level_line() -> None:
    line = line_through([10, 100, 1000], [5, 5, 5])
    assert (line.slope, line.r_squared) == (0, 1)


def test_no_line_goes_through_one_point() -> None:
    with pytest.raises(statistics.StatisticsError):
        line_through([10], [5])


def test_ratios_are_taken_round_by_round() -> None:
    """A machine that slows down in the second round slows both sides: the ratio stays."""
    assert ratio([2.0, 4.0, 2.0], [1.0, 2.0, 1.0]) == Spread(2, 2, 2)


def test_rounds_that_were_not_run_together_are_not_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([1.0, 2.0], [1.0])
