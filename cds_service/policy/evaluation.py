"""Evaluate a criterion over findings: the whole tree, every time, because the explanation needs it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cds_service.policy.answers import Answer, agreed, all_met, any_met
from cds_service.policy.criteria import AllOf, ByCase, Criterion, Leaf
from fhir_mappings.finding import NO_FINDING, Finding, Interval, Possible

Findings = Mapping[str, Finding]


class Answered(NamedTuple):
    """A criterion with its answer, its answered children, and for a leaf the finding it rests on."""

    id: str
    statement: str
    answer: Answer
    children: tuple["Answered", ...] = ()
    leaf: Leaf | None = None
    finding: Finding = NO_FINDING
    published: bool = True
    reported_whole: bool = False

    def walk(self) -> Iterator["Answered"]:
        """This criterion and all below it, in the text's order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def find(self, number: str) -> "Answered":
        """The criterion of this number. Raises KeyError for a number the tree does not have."""
        found = self._find(number)
        if found is None:
            raise KeyError(number)
        return found

    def _find(self, number: str) -> "Answered | None":
        if self.id == number:
            return self
        if self.published and not number.startswith(self.id):  # numbers tell where a criterion stands
            return None
        return next((found for child in self.children if (found := child._find(number)) is not None), None)


def evaluate(criterion: Criterion, findings: Findings) -> Answered:
    """Answer a criterion and everything below it."""
    if isinstance(criterion, Leaf):
        return _leaf(criterion, findings)
    if isinstance(criterion, ByCase):
        return _by_case(criterion, findings)
    children = tuple(evaluate(child, findings) for child in criterion.children)
    join = all_met if isinstance(criterion, AllOf) else any_met
    return Answered(
        criterion.id,
        criterion.statement,
        join(child.answer for child in children),
        children,
        published=criterion.published,
        reported_whole=not isinstance(criterion, AllOf) and criterion.reported_whole,
    )


def _leaf(leaf: Leaf, findings: Findings) -> Answered:
    finding = findings.get(leaf.fact.name, NO_FINDING)
    answer = Answer.UNKNOWN if finding.possible is None else leaf.test.answer(finding.possible)
    return Answered(leaf.id, leaf.statement, answer, (), leaf, finding, leaf.published)


def _by_case(split: ByCase, findings: Findings) -> Answered:
    finding = findings.get(split.fact.name, NO_FINDING)
    whole = evaluate(split.child, findings)
    if not finding.established:  # reading A51: with nothing on record to have cases of, nothing is denied
        return whole._replace(answer=Answer.UNKNOWN) if whole.answer is Answer.NOT_MET else whole
    worlds = _worlds(split, finding)
    if len(worlds) < 2:
        return whole
    answered = [evaluate(split.child, {**findings, split.fact.name: finding.narrowed_to(world)}) for world in worlds]
    return _merged(whole, answered)


def _worlds(split: ByCase, finding: Finding) -> list[Possible]:
    if split.parts:
        known = finding.possible if isinstance(finding.possible, Interval) else Interval()
        return [part for one in split.parts if (part := one.meet(known)) is not None]
    possible = split.fact.possible if finding.possible is None else finding.possible
    if possible is None or isinstance(possible, Interval):
        return []
    return [frozenset({value}) for value in sorted(possible, key=str)]


def _merged(whole: Answered, worlds: list[Answered]) -> Answered:
    """The tree whose every answer is the one all worlds share. Leaves keep their own finding."""
    children = tuple(
        _merged(child, [world.children[index] for world in worlds]) for index, child in enumerate(whole.children)
    )
    return whole._replace(answer=agreed(world.answer for world in worlds), children=children)
