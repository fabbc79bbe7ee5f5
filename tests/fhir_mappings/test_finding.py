"""Intervals: what two records leave possible together, and what is left when they disagree."""

import pytest

from fhir_mappings.finding import ALL_TUMORS, METASTASES, Evidence, Finding, Interval, Tumor, exactly


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        pytest.param(Interval(5, 15), Interval(7, 9), Interval(7, 9), id="a class within the scale"),
        pytest.param(exactly(8), Interval(7, 9), exactly(8), id="points within their class"),
        pytest.param(exactly(5), Interval(7, 9), None, id="points of another class"),
        pytest.param(Interval(None, 5), Interval(5, None), exactly(5), id="both bounds touch"),
        pytest.param(Interval(None, 5, high_open=True), Interval(5, None), None, id="below 5 and at least 5"),
        pytest.param(
            Interval(None, 5, high_open=True), Interval(None, 5), Interval(None, 5, high_open=True), id="open wins"
        ),
        pytest.param(
            Interval(3, None), Interval(3, None, low_open=True), Interval(3, None, low_open=True), id="open low wins"
        ),
        pytest.param(Interval(), Interval(), Interval(), id="nothing known of either"),
        pytest.param(Interval(2, None), Interval(None, 4), Interval(2, 4), id="half and half"),
    ],
)
def test_two_intervals_meet_in_the_part_they_share(one: Interval, other: Interval, shared: Interval | None) -> None:
    assert one.meet(other) == shared
    assert other.meet(one) == shared


@pytest.mark.parametrize(
    ("one", "other", "hull"),
    [
        pytest.param(exactly(1), exactly(3), Interval(1, 3), id="grades 1 and 3"),
        pytest.param(Interval(2, None), exactly(1), Interval(1, None), id="one without an upper bound"),
        pytest.param(Interval(None, 5), exactly(6), Interval(None, 6), id="one without a lower bound"),
        pytest.param(Interval(5, None, low_open=True), exactly(5), Interval(5, None), id="a closed bound stays closed"),
        pytest.param(
            Interval(5, None, low_open=True),
            exactly(6),
            Interval(5, None, low_open=True),
            id="an open bound stays open",
        ),
    ],
)
def test_disagreeing_records_leave_everything_between_them(one: Interval, other: Interval, hull: Interval) -> None:
    assert one.hull(other) == hull
    assert other.hull(one) == hull


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (exactly(2), "2"),
        (exactly(2.5), "2.5"),
        (Interval(1, 3), "1-3"),
        (Interval(5, None), "at least 5"),
        (Interval(5, None, low_open=True), "above 5"),
        (Interval(None, 5), "at most 5"),
        (Interval(None, 5, high_open=True), "below 5"),
        (Interval(1, 3, low_open=True), "above 1 and at most 3"),
        (Interval(1, 3, high_open=True), "at least 1 and below 3"),
        (Interval(0, None), "at least 0"),
        (Interval(), "unknown"),
    ],
    ids=str,
)
def test_a_number_is_told_with_its_bounds_as_they_are(known: Interval, words: str) -> None:
    assert known.in_words == words


def test_a_finding_narrowed_to_one_world_keeps_its_evidence() -> None:
    found = Finding(frozenset({"a", "b"}), evidence=(Evidence("Condition/1", "x"),), notes=("n",))
    narrowed = found.narrowed_to(frozenset({"a"}))
    assert narrowed.possible == frozenset({"a"})
    assert (narrowed.evidence, narrowed.notes) == (found.evidence, found.notes)


def test_every_tumor_is_a_metastasis_or_one_of_the_four_kinds_that_began_in_the_liver() -> None:
    assert frozenset({Tumor.HCC, Tumor.HCC_MIXED, Tumor.OTHER_PRIMARY, Tumor.BENIGN}) == ALL_TUMORS - METASTASES
