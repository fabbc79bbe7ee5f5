"""Several rounds of one measurement as a median with its range; percentiles; a straight line through points."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """What rounds came to: the one in the middle, and how far the others lie."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(statistics.median(values), min(values), max(values))

    def times(self, factor: float) -> "Spread":
        return Spread(self.median * factor, self.low * factor, self.high * factor)

    def shown(self, unit: str = "") -> str:
        """As "1.53 (1.42 to 1.60) ms"; without the range where there was one round."""
        after = f" {unit}" if unit else ""
        if self.low == self.high:
            return f"{number(self.median)}{after}"
        return f"{number(self.median)} ({number(self.low)} to {number(self.high)}){after}"


def number(value: float) -> str:
    """Three figures, never an exponent: 0.00234, 1.53, 44.1, 1,234."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 1 if abs(value) >= 10 else 2
    while abs(value) * 10**digits < 100 and digits < 6:
        digits += 1
    return f"{value:.{digits}f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share (0 to 1) of the values does not exceed. Raises ValueError for none."""
    if not values:
        raise ValueError("a percentile of nothing")
    ordered = sorted(values)
    rank = math.ceil(round(len(ordered) * share, 6))  # rounded first: 0.07 * 100 is 7.000000000000001
    return ordered[max(rank, 1) - 1]


@dataclass(frozen=True, slots=True)
class Line:
    """The least-squares line y = start + slope x, and the share of the variation it explains (R squared)."""

    start: float
    slope: float
    r_squared: float


def line_through(x: Sequence[float], y: Sequence[float]) -> Line:
    """Fit a line. Raises StatisticsError for fewer than two points or when all x are equal."""
    slope, start = statistics.linear_regression(x, y)
    explained = statistics.correlation(x, y) ** 2 if len(set(y)) > 1 else 1.0
    return Line(start, slope, explained)
