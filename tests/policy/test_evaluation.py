"""Evaluation keeps the whole tree: the explanation needs every node, whatever decided first."""

import pytest

from cds_service.policy.answers import Answer
from cds_service.policy.criteria import (
    IS_TRUE,
    AtLeast,
    AtMost,
    ByCase,
    Leaf,
    OneOf,
    all_of,
    any_of,
    facts_of,
    leaves,
    walk,
)
from cds_service.policy.evaluation import evaluate
from fhir_mappings.finding import NO_FINDING, Finding
from tests.policy.small_policy import AGE, FIT, KIND, PROOF, SIZE, WILLING, number, one_of

TREE = all_of(
    "T", "All of this",
    Leaf("T.1", "Of age", AGE, AtLeast(18)),
    any_of(
        "T.2", "Small, or willing",
        Leaf("T.2.a", "Small", SIZE, AtMost(5)),
        Leaf("T.2.b", "Willing", WILLING, IS_TRUE),
        reported_whole=True,
    ),
    ByCase(KIND, all_of("T.3", "Hidden", Leaf("T.3.a", "Fit", FIT, IS_TRUE, published=False), published=False)),
)  # fmt: skip
NUMBERS = ["T", "T.1", "T.2", "T.2.a", "T.2.b", "T.3", "T.3.a"]


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"age": number(17, 17)},
        {"age": number(40, 40), "size": number(4, 4)},
        {"age": number(17, 17), "size": number(9, 9), "willing": one_of(False), "fit": one_of(False)},
    ],
)
def test_every_node_is_answered_whatever_decides_first(known: dict[str, Finding]) -> None:
    assert [node.id for node in evaluate(TREE, known).walk()] == NUMBERS


def test_the_answers_of_a_tree() -> None:
    known = {"age": number(40, 40), "size": number(9, 9), "willing": one_of(True)}
    answers = {node.id: node.answer for node in evaluate(TREE, known).walk()}
    assert answers == {
        "T": Answer.UNKNOWN, "T.1": Answer.MET, "T.2": Answer.MET, "T.2.a": Answer.NOT_MET, "T.2.b": Answer.MET,
        "T.3": Answer.UNKNOWN, "T.3.a": Answer.UNKNOWN,
    }  # fmt: skip


def test_a_leaf_keeps_the_finding_it_rests_on() -> None:
    tree = evaluate(TREE, {"age": number(40, 40)})
    assert tree.find("T.1").finding.evidence == (PROOF,)
    assert tree.find("T.1").leaf is not None
    assert tree.find("T.2.a").finding is NO_FINDING
    assert tree.find("T.2").leaf is None


def test_a_finding_in_which_nothing_is_known_is_unknown() -> None:
    assert evaluate(TREE, {"age": Finding(None, evidence=(PROOF,))}).find("T.1").answer is Answer.UNKNOWN


def test_how_a_criterion_is_reported_is_kept() -> None:
    tree = evaluate(TREE, {})
    assert [node.id for node in tree.walk() if not node.published] == ["T.3", "T.3.a"]
    assert [node.id for node in tree.walk() if node.reported_whole] == ["T.2"]
    assert [node.statement for node in tree.walk()][:2] == ["All of this", "Of age"]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_criterion_is_found_by_its_number(number: str) -> None:
    assert evaluate(TREE, {}).find(number).id == number


@pytest.mark.parametrize("number", ["T.4", "T.1.a", "U", ""])
def test_a_number_the_tree_does_not_have_is_an_error(number: str) -> None:
    with pytest.raises(KeyError):
        evaluate(TREE, {}).find(number)


def test_a_tree_is_walked_in_the_order_of_the_text() -> None:
    assert [node.id for node in walk(TREE)] == NUMBERS
    assert [leaf.id for leaf in leaves(TREE)] == ["T.1", "T.2.a", "T.2.b", "T.3.a"]


def test_the_facts_of_a_tree_are_those_it_asks_and_those_it_is_split_by() -> None:
    assert facts_of(TREE) == {AGE, SIZE, WILLING, FIT, KIND}
    assert facts_of(Leaf("L", "", AGE, AtLeast(1))) == {AGE}
    assert facts_of(ByCase(KIND, ByCase(FIT, Leaf("L", "", AGE, AtLeast(1))))) == {KIND, FIT, AGE}


def test_a_fact_asked_twice_is_one_fact() -> None:
    twice = any_of("X", "", *(Leaf(f"X.{n}", "", KIND, OneOf(frozenset({n}))) for n in ("apple", "pear")))
    assert facts_of(twice) == {KIND}
