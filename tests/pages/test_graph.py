"""The drawing of a criteria tree: nobody covers anybody, and a criterion stands in the middle of those below it."""

import pytest

from cds_service.pages.graph import LONGEST_WORDS, ROW, graph
from cds_service.policies import POLICIES
from cds_service.policy.outline import Line, outline

LEAVES = (Line("A.1", "one"), Line("A.2", "two"))


def test_a_criterion_stands_in_the_middle_of_those_below_it() -> None:
    drawn = {node.id: node for node in graph((Line("A", "both", children=LEAVES), Line("B", "alone"))).nodes}
    assert drawn["A"].y == (drawn["A.1"].y + drawn["A.2"].y) / 2
    assert drawn["B"].y == drawn["A.2"].y + ROW
    assert len(drawn["A"].bends) == 2


@pytest.mark.parametrize("number", POLICIES)
def test_no_two_criteria_share_a_place(number: str) -> None:
    drawn = graph(outline(POLICIES[number]))
    assert len({(node.x, node.y) for node in drawn.nodes}) == len(drawn.nodes)
    assert all(0 <= node.y < drawn.height and 0 <= node.x < drawn.width for node in drawn.nodes)


def test_words_stand_beside_the_last_criteria_only_and_are_cut() -> None:
    drawn = {node.id: node for node in graph((Line("A", "x" * 200), Line("B", "both", children=LEAVES))).nodes}
    assert len(drawn["A"].words) == LONGEST_WORDS
    assert (drawn["B"].words, drawn["A.1"].words) == ("", "one")


def test_nothing_at_all_can_be_drawn() -> None:
    assert graph(()).nodes == ()
