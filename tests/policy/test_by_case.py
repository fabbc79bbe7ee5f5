"""A criterion answered once for every value a shared fact can have: what all worlds say holds, else it is open."""

import pytest

from cds_service.policy.answers import Answer
from cds_service.policy.criteria import IS_TRUE, AtMost, ByCase, Leaf, OneOf, Within, all_of, any_of
from cds_service.policy.evaluation import evaluate
from fhir_mappings.finding import Finding, Interval
from tests.policy.small_policy import AGE, FIT, KIND, SIZE, WILLING, number, one_of

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


def is_kind(number: str, *kinds: str) -> Leaf:
    return Leaf(number, f"It is {' or '.join(kinds)}", KIND, OneOf(frozenset(kinds)))


EITHER_WAY = any_of(
    "P", "A fit patient with an apple, or a willing one with a pear",
    all_of("P.1", "Apple and fit", is_kind("P.1.a", "apple"), Leaf("P.1.b", "Fit", FIT, IS_TRUE)),
    all_of("P.2", "Pear and willing", is_kind("P.2.a", "pear"), Leaf("P.2.b", "Willing", WILLING, IS_TRUE)),
)  # fmt: skip
SPLIT = ByCase(KIND, EITHER_WAY)
YES, NO = one_of(True), one_of(False)


def test_plain_logic_asks_for_a_fact_that_cannot_change_the_answer() -> None:
    known = {"kind": one_of("apple", "pear"), "fit": YES, "willing": YES}
    assert evaluate(EITHER_WAY, known).answer is UNKNOWN
    assert evaluate(SPLIT, known).answer is MET


@pytest.mark.parametrize(
    ("fit", "willing", "answer"),
    [(YES, YES, MET), (NO, NO, NOT_MET), (YES, NO, UNKNOWN), (NO, YES, UNKNOWN), (YES, Finding(), UNKNOWN)],
)
def test_worlds_that_agree_decide_and_worlds_that_differ_do_not(fit: Finding, willing: Finding, answer: Answer) -> None:
    known = {"kind": one_of("apple", "pear"), "fit": fit, "willing": willing}
    assert evaluate(SPLIT, known).answer is answer


def test_a_fact_that_is_known_is_one_world() -> None:
    assert evaluate(SPLIT, {"kind": one_of("apple"), "fit": YES, "willing": NO}).answer is MET
    assert evaluate(SPLIT, {"kind": one_of("plum"), "fit": YES, "willing": YES}).answer is NOT_MET


def test_a_fact_without_a_finding_can_be_anything() -> None:
    """Plum is possible and fails, so the criterion is open though the other two worlds hold."""
    assert evaluate(SPLIT, {"fit": YES, "willing": YES}).answer is UNKNOWN
    assert evaluate(SPLIT, {"fit": NO, "willing": NO}).answer is NOT_MET


def test_nothing_established_denies_nothing() -> None:
    for possible in (None, frozenset({"plum"}), frozenset({"apple", "plum"})):
        nothing = Finding(possible, established=False)
        assert evaluate(SPLIT, {"kind": nothing, "fit": NO, "willing": NO}).answer is UNKNOWN


def test_what_is_met_without_the_fact_is_met_though_nothing_is_established() -> None:
    tree = ByCase(KIND, any_of("P", "Fit, or an apple", Leaf("P.1", "Fit", FIT, IS_TRUE), is_kind("P.2", "apple")))
    assert evaluate(tree, {"kind": Finding(established=False), "fit": YES}).answer is MET


def test_every_node_below_is_answered_by_what_its_worlds_share() -> None:
    tree = evaluate(SPLIT, {"kind": one_of("apple", "pear"), "fit": YES, "willing": NO})
    answers = {node.id: node.answer for node in tree.walk()}
    assert answers == {
        "P": UNKNOWN, "P.1": UNKNOWN, "P.1.a": UNKNOWN, "P.1.b": MET,
        "P.2": NOT_MET, "P.2.a": UNKNOWN, "P.2.b": NOT_MET,
    }  # fmt: skip


def test_leaves_keep_the_finding_as_it_was_not_as_a_world_narrowed_it() -> None:
    known = {"kind": one_of("apple", "pear"), "fit": YES, "willing": YES}
    assert evaluate(SPLIT, known).find("P.1.a").finding == known["kind"]


COUNTED = any_of(
    "Q", "A young patient with a tumor of any size, or a small tumor",
    all_of("Q.1", "One to three, up to 5", Leaf("Q.1.a", "", AGE, Within(1, 3)), Leaf("Q.1.b", "", SIZE, AtMost(5))),
    all_of("Q.2", "Four or more, up to 3", Leaf("Q.2.a", "", AGE, Within(4, 99)), Leaf("Q.2.b", "", SIZE, AtMost(3))),
)  # fmt: skip
PARTS = (Interval(1, 3), Interval(4, None))


@pytest.mark.parametrize(
    ("age", "size", "answer"),
    [
        (number(2, 5), number(3, 3), MET),
        (number(2, 5), number(4, 4), UNKNOWN),
        (number(2, 5), number(6, 6), NOT_MET),
        (number(2, 3), number(4, 4), MET),
        (number(4, 9), number(4, 4), NOT_MET),
        (Finding(), number(6, 6), NOT_MET),
        (Finding(), number(4, 4), UNKNOWN),
    ],
)
def test_a_number_is_split_into_the_parts_the_text_tells_apart(age: Finding, size: Finding, answer: Answer) -> None:
    assert evaluate(ByCase(AGE, COUNTED, PARTS), {"age": age, "size": size}).answer is answer


def test_a_number_without_parts_is_not_split() -> None:
    known = {"age": number(2, 5), "size": number(6, 6)}
    assert evaluate(ByCase(AGE, COUNTED), known).answer is evaluate(COUNTED, known).answer


def test_splits_nest() -> None:
    """By kind and by fitness: every one of the four worlds holds."""
    tree = ByCase(FIT, ByCase(KIND, any_of("R", "", Leaf("R.1", "", FIT, IS_TRUE), is_kind("R.2", "apple", "pear"))))
    assert evaluate(tree, {"kind": one_of("apple", "pear"), "fit": one_of(True, False)}).answer is MET
    assert evaluate(tree, {"kind": one_of("apple", "plum"), "fit": one_of(True, False)}).answer is UNKNOWN


def test_what_stands_below_has_the_answer_all_worlds_share_and_its_own_finding() -> None:
    below = any_of("P.1", "An apple or a pear", is_kind("P.1.a", "apple"), is_kind("P.1.b", "pear"))
    kind = one_of("apple", "pear")
    found = evaluate(ByCase(KIND, all_of("P", "All of this", below)), {"kind": kind})
    assert {node.id: node.answer for node in found.walk()} == {
        "P": MET, "P.1": MET, "P.1.a": UNKNOWN, "P.1.b": UNKNOWN,
    }  # fmt: skip
    assert found.find("P.1.a").finding is kind
