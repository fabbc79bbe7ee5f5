"""Three answers: the truth tables of strong Kleene logic."""

import pytest

from cds_service.policy.answers import Answer, agreed, all_met, any_met

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (MET, MET, MET),
        (MET, UNKNOWN, UNKNOWN),
        (MET, NOT_MET, NOT_MET),
        (UNKNOWN, MET, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NOT_MET, NOT_MET),
        (NOT_MET, MET, NOT_MET),
        (NOT_MET, UNKNOWN, NOT_MET),
        (NOT_MET, NOT_MET, NOT_MET),
    ],
)
def test_all_of_two_is_their_minimum(one: Answer, other: Answer, both: Answer) -> None:
    assert all_met([one, other]) is both


@pytest.mark.parametrize(
    ("one", "other", "either"),
    [
        (MET, MET, MET),
        (MET, UNKNOWN, MET),
        (MET, NOT_MET, MET),
        (UNKNOWN, MET, MET),
        (UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NOT_MET, UNKNOWN),
        (NOT_MET, MET, MET),
        (NOT_MET, UNKNOWN, UNKNOWN),
        (NOT_MET, NOT_MET, NOT_MET),
    ],
)
def test_any_of_two_is_their_maximum(one: Answer, other: Answer, either: Answer) -> None:
    assert any_met([one, other]) is either


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (MET, MET, MET),
        (MET, UNKNOWN, UNKNOWN),
        (MET, NOT_MET, UNKNOWN),
        (UNKNOWN, MET, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NOT_MET, UNKNOWN),
        (NOT_MET, MET, UNKNOWN),
        (NOT_MET, UNKNOWN, UNKNOWN),
        (NOT_MET, NOT_MET, NOT_MET),
    ],
)
def test_two_worlds_agree_only_on_what_both_say(one: Answer, other: Answer, shared: Answer) -> None:
    assert agreed([one, other]) is shared


def test_all_of_nothing_is_met_and_any_of_nothing_is_not() -> None:
    assert all_met([]) is MET
    assert any_met([]) is NOT_MET


def test_no_world_at_all_is_unknown() -> None:
    assert agreed([]) is UNKNOWN


@pytest.mark.parametrize("answer", Answer)
def test_an_answer_refuses_to_be_yes_or_no(answer: Answer) -> None:
    with pytest.raises(TypeError, match="compare it with `is`"):
        bool(answer)


@pytest.mark.parametrize("answer", Answer)
def test_an_answer_cannot_be_negated_by_mistake(answer: Answer) -> None:
    with pytest.raises(TypeError):
        _ = not answer


def test_answers_have_the_words_of_the_contract() -> None:
    assert [answer.word for answer in (MET, NOT_MET, UNKNOWN)] == ["met", "not-met", "unknown"]
