"""Tests on a fact: met when every value still possible passes, not met when none does, else unknown."""

import pytest

from cds_service.policy import criteria
from cds_service.policy.answers import Answer
from cds_service.policy.criteria import IS_FALSE, IS_TRUE, AtLeast, AtMost, OneOf, Within
from fhir_mappings.finding import Choice, Interval, Possible, exactly

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
ANYTHING = Interval()
BELOW_5, ABOVE_5 = Interval(None, 5, high_open=True), Interval(5, None, low_open=True)
UP_TO_5, FROM_5 = Interval(None, 5), Interval(5, None)


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        (exactly(4.9), MET),
        (exactly(5), MET),
        (exactly(5.1), NOT_MET),
        (Interval(1, 5), MET),
        (Interval(4, 6), UNKNOWN),
        (Interval(5, 6), UNKNOWN),
        (Interval(5, 6, low_open=True), NOT_MET),
        (Interval(5.1, 6), NOT_MET),
        (UP_TO_5, MET),
        (BELOW_5, MET),
        (Interval(None, 6, high_open=True), UNKNOWN),
        (FROM_5, UNKNOWN),
        (ABOVE_5, NOT_MET),
        (Interval(6, None), NOT_MET),
        (ANYTHING, UNKNOWN),
    ],
)
def test_at_most_5(known: Interval, answer: Answer) -> None:
    assert AtMost(5).answer(known) is answer


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        (exactly(5.1), MET),
        (exactly(5), MET),
        (exactly(4.9), NOT_MET),
        (Interval(5, 9), MET),
        (Interval(4, 6), UNKNOWN),
        (Interval(4, 5), UNKNOWN),
        (Interval(4, 5, high_open=True), NOT_MET),
        (Interval(4, 4.9), NOT_MET),
        (FROM_5, MET),
        (ABOVE_5, MET),
        (Interval(4, None, low_open=True), UNKNOWN),
        (UP_TO_5, UNKNOWN),
        (BELOW_5, NOT_MET),
        (Interval(None, 4), NOT_MET),
        (ANYTHING, UNKNOWN),
    ],
)
def test_at_least_5(known: Interval, answer: Answer) -> None:
    assert AtLeast(5).answer(known) is answer


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        (exactly(1), NOT_MET),
        (exactly(2), MET),
        (exactly(3), MET),
        (exactly(4), NOT_MET),
        (Interval(2, 3), MET),
        (Interval(1, 3), UNKNOWN),
        (Interval(2, None), UNKNOWN),
        (Interval(None, 3), UNKNOWN),
        (Interval(4, None), NOT_MET),
        (Interval(None, 1), NOT_MET),
        (Interval(3, None, low_open=True), NOT_MET),
        (Interval(None, 2, high_open=True), NOT_MET),
        (ANYTHING, UNKNOWN),
    ],
)
def test_within_2_and_3(known: Interval, answer: Answer) -> None:
    assert Within(2, 3).answer(known) is answer


@pytest.mark.parametrize(
    ("possible", "answer"),
    [
        ({"apple"}, MET),
        ({"apple", "pear"}, MET),
        ({"apple", "plum"}, UNKNOWN),
        ({"plum"}, NOT_MET),
        ({"plum", "cherry"}, NOT_MET),
        ({"quince"}, UNKNOWN),
        ({"quince", "plum"}, UNKNOWN),
        ({"quince", "apple"}, UNKNOWN),
    ],
)
def test_one_of_apple_and_pear_where_a_quince_is_for_a_person_to_judge(possible: set[Choice], answer: Answer) -> None:
    test = OneOf(frozenset({"apple", "pear"}), unclear=frozenset({"quince"}))
    assert test.answer(frozenset(possible)) is answer


@pytest.mark.parametrize(
    ("possible", "true", "false"),
    [({True}, MET, NOT_MET), ({False}, NOT_MET, MET), ({True, False}, UNKNOWN, UNKNOWN)],
)
def test_yes_and_no(possible: set[Choice], true: Answer, false: Answer) -> None:
    assert IS_TRUE.answer(frozenset(possible)) is true
    assert IS_FALSE.answer(frozenset(possible)) is false


@pytest.mark.parametrize(
    ("test", "possible"),
    [
        (AtMost(5), frozenset({True})),
        (AtLeast(5), frozenset({True})),
        (Within(2, 3), frozenset({"apple"})),
        (IS_TRUE, exactly(1)),
    ],
)
def test_a_value_of_another_kind_says_nothing(test: criteria.Test, possible: Possible) -> None:
    assert test.answer(possible) is UNKNOWN


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (AtMost(5), "at most 5"),
        (AtLeast(60), "at least 60"),
        (Within(1, 1), "1"),
        (Within(2, 3), "2 to 3"),
        (IS_TRUE, "yes"),
        (IS_FALSE, "no"),
        (OneOf(frozenset({"pear", "apple"})), "apple or pear"),
    ],
)
def test_the_outline_says_a_test_in_words(test: criteria.Test, words: str) -> None:
    assert test.words == words
