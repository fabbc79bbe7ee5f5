"""Intervals: what two records share, and what is left when they disagree."""

import random
from itertools import pairwise

import pytest

from fhir_mappings.finding import Interval, exactly

POINTS = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]


def holds(interval: Interval, value: float) -> bool:
    """Whether a number lies in an interval, said without the code under test."""
    above = interval.low is None or value > interval.low or (value == interval.low and not interval.low_open)
    below = interval.high is None or value < interval.high or (value == interval.high and not interval.high_open)
    return above and below


def some_intervals(count: int) -> list[Interval]:
    """Closed, open, half-open, half-known and unknown, none of them empty; the same every time."""
    chance = random.Random(151)
    found: list[Interval] = []
    while len(found) < count:
        low, high = sorted(chance.choice([0.0, 1.0, 2.0, 3.0, 4.0]) for _ in range(2))
        candidate = Interval(
            chance.choice([low, low, None]),
            chance.choice([high, high, None]),
            chance.choice([True, False]),
            chance.choice([True, False]),
        )
        if any(holds(candidate, point) for point in POINTS):
            found.append(_plain(candidate))
    return found


def _plain(interval: Interval) -> Interval:
    """An unknown bound is neither open nor closed."""
    low_open, high_open = (
        interval.low_open and interval.low is not None,
        interval.high_open and interval.high is not None,
    )
    return Interval(interval.low, interval.high, low_open, high_open)


PAIRS = list(pairwise(some_intervals(400)))


def test_what_two_intervals_share_lies_in_both_and_nothing_else_does() -> None:
    for one, other in PAIRS:
        shared = one.meet(other)
        for point in POINTS:
            assert (shared is not None and holds(shared, point)) == (holds(one, point) and holds(other, point))


def test_the_hull_holds_everything_either_holds() -> None:
    for one, other in PAIRS:
        whole = one.hull(other)
        assert all(holds(whole, point) for point in POINTS if holds(one, point) or holds(other, point))


def test_the_hull_ends_where_one_of_them_ends() -> None:
    for one, other in PAIRS:
        whole = one.hull(other)
        assert whole.low in (one.low, other.low)
        assert whole.high in (one.high, other.high)
        if whole.low is not None and whole.low_open:
            assert not holds(one, whole.low)
            assert not holds(other, whole.low)
        if whole.high is not None and whole.high_open:
            assert not holds(one, whole.high)
            assert not holds(other, whole.high)


def test_order_does_not_matter() -> None:
    for one, other in PAIRS:
        assert one.meet(other) == other.meet(one)
        assert one.hull(other) == other.hull(one)


def test_an_interval_shares_all_of_itself_with_itself_and_with_anything() -> None:
    for one, _ in PAIRS:
        assert one.meet(one) == one
        assert one.hull(one) == one
        assert one.meet(Interval()) == one


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Interval(1, 3), Interval(2, 4), Interval(2, 3)),
        (Interval(1, 2), Interval(2, 3), exactly(2)),
        (Interval(1, 2, high_open=True), Interval(2, 3), None),
        (Interval(1, 2), Interval(3, 4), None),
        (Interval(None, 2), Interval(1, None), Interval(1, 2)),
    ],
)
def test_what_two_intervals_share(one: Interval, other: Interval, shared: Interval | None) -> None:
    assert one.meet(other) == shared


def test_two_records_that_disagree_leave_all_between_them() -> None:
    assert exactly(2).hull(exactly(3)) == Interval(2, 3)
    assert exactly(2).hull(Interval(3, None)) == Interval(2, None)
