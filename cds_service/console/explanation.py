"""A determination explained for one order: the tree with its evidence, the facts behind it, what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cds_service.console.facts_in_words import label, said
from cds_service.console.timeline import Event, timeline
from cds_service.console.what_if import FACTS, Move, assumed_findings, moves
from cds_service.judging import Judged, reconsider
from cds_service.policies import POLICIES
from cds_service.policy.criteria import Criterion, facts_of, walk
from cds_service.policy.determination import Determination
from cds_service.policy.evaluation import Findings
from cds_service.policy.outline import Line, outline
from fhir_mappings.finding import Fact, Finding

FORM: Final = "form "


@dataclass(frozen=True, slots=True)
class ExplainedFact:
    """A fact with what the record says, and what other values would make of the answer; `assumed` is one of them."""

    name: str
    label: str
    question: str
    said: str
    reason: str
    finding: Finding
    assumed: str
    moves: tuple[Move, ...]
    matters: bool
    links: str


@dataclass(frozen=True, slots=True)
class Explained:
    """All the console shows of one order. `determination` is None where the policy would not speak."""

    order: str
    policy: str
    determination: Determination | None
    is_assumed: bool
    lines: tuple[Line, ...]
    links: Mapping[str, str]
    facts: tuple[ExplainedFact, ...]
    events: tuple[Event, ...]


def explained(judged: Judged, assumed: Mapping[str, str], today: date) -> Explained:
    """Explain one order, with some facts assumed to be otherwise. Raises UnreadableRequest for what cannot be so."""
    findings = assumed_findings(assumed)
    number = judged.determination.policy
    return Explained(
        order=judged.order.reference,
        policy=number,
        determination=reconsider(judged, findings),
        is_assumed=bool(findings),
        lines=outline(POLICIES[number]),
        links=links_of(number),
        facts=_facts(judged, findings, assumed),
        events=timeline(judged.findings, today),
    )


def links_of(number: str) -> dict[str, str]:
    """For each criterion the questions of the documentation form that answer it: what to point at in a form."""
    nodes = [node for tree in POLICIES[number].criteria for node in walk(tree)]
    return {node.id: _links(facts_of(node)) for node in nodes}


def _links(facts: frozenset[Fact]) -> str:
    forms = {source.removeprefix(FORM) for fact in facts for source in fact.sources if source.startswith(FORM)}
    return " ".join(sorted(forms))


def _facts(judged: Judged, findings: Findings, assumed: Mapping[str, str]) -> tuple[ExplainedFact, ...]:
    """The facts in the order of the text, those that matter to this order first."""
    mattering = _mattering(judged.determination)
    listed = [
        _fact(fact, judged, findings, assumed.get(fact.name, ""), fact in mattering)
        for fact in _in_order(judged.determination.policy)
        if fact.name in judged.findings
    ]
    return tuple(sorted(listed, key=lambda one: not one.matters))


def _in_order(number: str) -> tuple[Fact, ...]:
    asked = [f for tree in POLICIES[number].criteria for node in walk(tree) for f in sorted(_own(node), key=_name)]
    return tuple(dict.fromkeys((*asked, *FACTS.values())))


def _own(node: Criterion) -> frozenset[Fact]:
    return facts_of(node) if not getattr(node, "children", ()) else frozenset()


def _name(fact: Fact) -> str:
    return fact.name


def _mattering(determination: Determination) -> frozenset[Fact]:
    """The facts asked outside the branches that have no part in this answer."""
    nodes = [node for tree in POLICIES[determination.policy].criteria for node in walk(tree)]
    return frozenset(
        fact for node in nodes if not node.id.startswith(determination.beside or ("-",)) for fact in _own(node)
    )


def _fact(fact: Fact, judged: Judged, findings: Findings, assumed: str, matters: bool) -> ExplainedFact:
    finding = judged.findings[fact.name]
    return ExplainedFact(
        name=fact.name,
        label=label(fact),
        question=fact.question,
        said=said(finding.possible, fact),
        reason=finding.reason.value.replace("-", " "),
        finding=finding,
        assumed=assumed,
        moves=moves(judged, findings, fact),
        matters=matters,
        links=_links(frozenset({fact})),
    )
