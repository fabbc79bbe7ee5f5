"""Where a question stands in the policy: the criteria it answers, and the group of the form they make."""

from collections.abc import Iterable
from typing import Final

from cds_service.dtr.questions import QUESTIONS, Question
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import Leaf, leaves, walk
from cds_service.policy.revision import Revision

ORDER: Final = "order"
ON_RECORD: Final = "on-record"
"""The group of what is answered already."""

GROUPS: Final = (
    ORDER, "I.A", "I.B", "I.C", "I.D", "IV", "I.D.1", "I.D.1.a", "I.D.1.b", "I.D.1.c", "I.D.1.d", "I.D.2", "III"
)  # fmt: skip
"""The groups of the form. What tells the branches apart comes before them."""

_TITLES: Final = {ORDER: "The service that is ordered"}


def criteria_of(question: Question, revision: Revision = REVISION) -> tuple[str, ...]:
    """The numbers of the criteria a question answers, as they are published, in the order of the text."""
    found = [_published(leaf, revision) for leaf in _leaves(question, revision)]
    return tuple(dict.fromkeys(found)) or (question.place,)


def _leaves(question: Question, revision: Revision) -> list[Leaf]:
    return [leaf for tree in revision.criteria for leaf in leaves(tree) if leaf.fact in question.facts]


def _published(leaf: Leaf, revision: Revision) -> str:
    """The leaf's own number, or that of the nearest criterion above it that has one."""
    if leaf.published:
        return leaf.id
    numbers = [n.id for tree in revision.criteria for n in walk(tree) if n.published and leaf.id.startswith(n.id)]
    return max(numbers, key=len)


def group_of(question: Question, revision: Revision = REVISION) -> str:
    """The narrowest group that holds every criterion a question answers."""
    if question.place:
        return question.place
    numbers = criteria_of(question, revision)
    return max((group for group in GROUPS if all(_is_under(n, group) for n in numbers)), key=len)


def _is_under(number: str, group: str) -> bool:
    return number == group or number.startswith(f"{group}.")


def title_of(group: str, revision: Revision = REVISION) -> str:
    """What a group is about: the statement of its criterion."""
    statements = {node.id: node.statement for tree in revision.criteria for node in walk(tree)}
    return _TITLES.get(group) or statements.get(group) or revision.statements[group]


def grouped(questions: Iterable[Question] = QUESTIONS) -> dict[str, list[Question]]:
    """Questions by their group, groups and questions in the order they are asked."""
    listed = list(questions)
    found = {group: [q for q in listed if group_of(q) == group] for group in GROUPS}
    return {group: members for group, members in found.items() if members}
