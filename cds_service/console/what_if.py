"""What would change an answer: a fact is assumed to be otherwise, and the policy is asked again. Nothing is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cds_service.console.facts_in_words import choice_word
from cds_service.errors import UnreadableRequest
from cds_service.judging import Judged, reconsider
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import AtLeast, AtMost, Test, Within, leaves
from cds_service.policy.determination import Determination
from cds_service.policy.evaluation import Findings
from fhir_mappings import facts as vocabulary
from fhir_mappings.facts import TREATED_TUMOR
from fhir_mappings.finding import ALL_TUMORS, Evidence, Fact, Finding, Reason, Tumor, exactly

UNKNOWN: Final = "unknown"
ASSUMED: Final = Evidence("", "assumed for this question, not on record")

FACTS: Final[Mapping[str, Fact]] = {fact.name: fact for fact in vars(vocabulary).values() if isinstance(fact, Fact)}
_NO_TUMOR: Final = Finding(frozenset(ALL_TUMORS - {Tumor.MELANOMA}), established=False)
"""As readers leave it without any diagnosis: nothing is established (A51), and no melanoma is on record."""

_STEPS: Final[Mapping[str, float]] = {"%": 10, "cm": 0.1}
"""How far beyond a limit the next value lies, by unit; 1 for all others."""


@dataclass(frozen=True, slots=True)
class Move:
    """A value a fact could have, and what the policy would then say; `moves` where that is not what it says now."""

    value: str
    outcome: str
    criteria: tuple[str, ...]
    moves: bool


def choices(fact: Fact) -> tuple[str, ...]:
    """The values worth asking about: every choice, or for a number those on both sides of each limit; and unknown."""
    if fact.possible is not None:
        listed = sorted((choice_word(choice) for choice in fact.possible), reverse=fact.unit == "yes/no")
        return (*listed, UNKNOWN)
    tests = [leaf.test for tree in REVISION.criteria for leaf in leaves(tree) if leaf.fact is fact]
    sides = {side for test in tests for side in _sides(test, _STEPS.get(fact.unit, 1))}
    return (*(f"{side:g}" for side in sorted(sides)), UNKNOWN)


def _sides(test: Test, step: float) -> tuple[float, ...]:
    if isinstance(test, AtMost):
        return test.limit, round(test.limit + step, 1)
    if isinstance(test, AtLeast):
        return test.limit, round(test.limit - step, 1)
    return (test.low, test.high, round(test.high + step, 1)) if isinstance(test, Within) else ()


def assumed_findings(assumed: Mapping[str, str]) -> dict[str, Finding]:
    """Findings as they are assumed. Raises UnreadableRequest for a fact or a value there is not."""
    return {name: _assumed(name, value) for name, value in assumed.items()}


def _assumed(name: str, value: str) -> Finding:
    place = "$.assumed"
    fact = FACTS.get(name)
    if fact is None:
        raise UnreadableRequest("there is no fact of this name", place)
    if value == UNKNOWN:
        return _NO_TUMOR if fact is TREATED_TUMOR else Finding()
    if fact.possible is not None:
        chosen = frozenset(choice for choice in fact.possible if choice_word(choice) == value)
        if not chosen:
            raise UnreadableRequest(f"{name} has no such value", place)
        return Finding(chosen, Reason.ATTESTED, (ASSUMED,))
    try:
        return Finding(exactly(float(value)), Reason.ATTESTED, (ASSUMED,))
    except ValueError:
        raise UnreadableRequest(f"{name} is a number", place) from None


def moves(judged: Judged, assumed: Findings, fact: Fact) -> tuple[Move, ...]:
    """What each value of one fact would make of the answer, all else as it is assumed already."""
    now = _told(reconsider(judged, assumed))
    found = []
    for value in choices(fact):
        outcome, criteria = _told(reconsider(judged, {**assumed, **assumed_findings({fact.name: value})}))
        found.append(Move(value, outcome, criteria, (outcome, criteria) != now))
    return tuple(found)


def _told(determination: Determination | None) -> tuple[str, tuple[str, ...]]:
    if determination is None:
        return "not addressed", ()
    return determination.outcome.value, determination.criteria
