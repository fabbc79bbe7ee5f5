"""Criteria as inert data: tests on facts, joined by all_of and any_of, split by case where worlds differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cds_service.policy.answers import Answer
from fhir_mappings.finding import Choice, Fact, Interval, Possible


class Test(Protocol):
    """A question on the values a fact can still have."""

    def answer(self, possible: Possible) -> Answer:
        """Met when every possible value passes, not met when none does, else unknown."""

    @property
    def words(self) -> str:
        """The test as the outline prints it."""


@dataclass(frozen=True, slots=True)
class AtMost:
    """A number no larger than a limit, the limit included."""

    limit: float

    def answer(self, possible: Possible) -> Answer:
        """Compare the interval with the limit."""
        if not isinstance(possible, Interval):
            return Answer.UNKNOWN
        if possible.high is not None and possible.high <= self.limit:
            return Answer.MET
        if possible.low is None or possible.low < self.limit:
            return Answer.UNKNOWN
        return Answer.NOT_MET if possible.low > self.limit or possible.low_open else Answer.UNKNOWN

    @property
    def words(self) -> str:
        """As printed."""
        return f"at most {self.limit:g}"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number no smaller than a limit, the limit included."""

    limit: float

    def answer(self, possible: Possible) -> Answer:
        """Compare the interval with the limit."""
        if not isinstance(possible, Interval):
            return Answer.UNKNOWN
        if possible.low is not None and possible.low >= self.limit:
            return Answer.MET
        if possible.high is None or possible.high > self.limit:
            return Answer.UNKNOWN
        return Answer.NOT_MET if possible.high < self.limit or possible.high_open else Answer.UNKNOWN

    @property
    def words(self) -> str:
        """As printed."""
        return f"at least {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Within:
    """A number between two limits, both included."""

    low: float
    high: float

    def answer(self, possible: Possible) -> Answer:
        """Both limits must hold."""
        both = (AtLeast(self.low).answer(possible), AtMost(self.high).answer(possible))
        return min(both, key=lambda a: a.value)

    @property
    def words(self) -> str:
        """As printed."""
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice among those that meet the criterion; `unclear` choices are for a person to judge."""

    meeting: frozenset[Choice]
    unclear: frozenset[Choice] = frozenset()

    def answer(self, possible: Possible) -> Answer:
        """Met when all that is possible meets it, not met when nothing possible can."""
        if isinstance(possible, Interval):
            return Answer.UNKNOWN
        if possible <= self.meeting:
            return Answer.MET
        return Answer.UNKNOWN if possible & (self.meeting | self.unclear) else Answer.NOT_MET

    @property
    def words(self) -> str:
        """As printed."""
        return " or ".join(sorted(_word(choice) for choice in self.meeting))


def _word(choice: Choice) -> str:
    return {True: "yes", False: "no"}[choice] if isinstance(choice, bool) else str(choice)


IS_TRUE = OneOf(frozenset({True}))
IS_FALSE = OneOf(frozenset({False}))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A criterion that asks one fact. `question` overrides the fact's own where this criterion asks less."""

    id: str
    statement: str
    fact: Fact
    test: Test
    question: str = ""
    published: bool = True


@dataclass(frozen=True, slots=True)
class AllOf:
    """Met when every child is. Not `published`: internal, without an anchor of its own."""

    id: str
    statement: str
    children: tuple["Criterion", ...]
    published: bool = True


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Met when one child is. `reported_whole`: asked and denied under its own number, not its children's."""

    id: str
    statement: str
    children: tuple["Criterion", ...]
    published: bool = True
    reported_whole: bool = False


@dataclass(frozen=True, slots=True)
class ByCase:
    """A criterion answered once for every value a shared fact can have, and then combined.

    Plain three-valued logic would ask for a fact whose value cannot change the answer.
    """

    fact: Fact
    child: "Criterion"
    parts: tuple[Interval, ...] = ()


Criterion = Leaf | AllOf | AnyOf | ByCase


def all_of(number: str, statement: str, *children: Criterion, published: bool = True) -> AllOf:
    """Every one of these."""
    return AllOf(number, statement, children, published)


def any_of(
    number: str, statement: str, *children: Criterion, published: bool = True, reported_whole: bool = False
) -> AnyOf:
    """At least one of these."""
    return AnyOf(number, statement, children, published, reported_whole)


def walk(criterion: Criterion) -> Iterator[Leaf | AllOf | AnyOf]:
    """Every numbered criterion of a tree, in the text's order."""
    if isinstance(criterion, ByCase):
        yield from walk(criterion.child)
        return
    yield criterion
    if not isinstance(criterion, Leaf):
        for child in criterion.children:
            yield from walk(child)


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """Every criterion that asks a fact."""
    return (node for node in walk(criterion) if isinstance(node, Leaf))


def facts_of(criterion: Criterion) -> frozenset[Fact]:
    """Every fact a tree asks, those it is split by included."""
    asked = {leaf.fact for leaf in leaves(criterion)}
    return frozenset(asked | set(_split_facts(criterion)))


def _split_facts(criterion: Criterion) -> Iterator[Fact]:
    if isinstance(criterion, ByCase):
        yield criterion.fact
        yield from _split_facts(criterion.child)
    elif not isinstance(criterion, Leaf):
        for child in criterion.children:
            yield from _split_facts(child)
