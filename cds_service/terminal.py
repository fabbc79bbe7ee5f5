"""Determinations in a terminal: the criteria tree with answers, evidence, and what is missing."""

from collections.abc import Iterator

import click

from cds_service.policies import POLICIES
from cds_service.policy.answers import Answer
from cds_service.policy.determination import Determination
from cds_service.policy.outline import Line, outline

_COLORS = {Answer.MET: "green", Answer.NOT_MET: "red", Answer.UNKNOWN: "yellow"}
_WORDS = {Answer.MET: "met", Answer.NOT_MET: "not met", Answer.UNKNOWN: "unknown"}


def tree(determination: Determination) -> Iterator[str]:
    """The determination line by line; click drops the colors where the output is no terminal."""
    yield click.style(f"{determination.order}: {determination.outcome.value}", bold=True)
    yield f"policy {determination.policy}, revision {determination.revision}"
    yield f"decided by: {', '.join(determination.criteria)}"
    if determination.advisory:
        yield f"the policy itself would say: {determination.advisory.value} ({', '.join(determination.advice)})"
    if determination.repeat:
        yield "repeat ablation (III)"
    for top in outline(POLICIES[determination.policy]):
        for depth, line in top.walk():
            yield from _criterion(depth, line, determination)
    yield from _below(determination)


def _criterion(depth: int, line: Line, determination: Determination) -> Iterator[str]:
    answer = determination.answers.get(line.id)
    if answer is None:
        return
    pad = "  " * depth
    said = click.style(f"{_WORDS[answer]:8}", fg=_COLORS[answer])
    yield f"  {said} {pad}{line.id}  {line.statement}"
    for proof in determination.evidence.get(line.id, ()):
        yield f"           {pad}  {' | '.join(part for part in (proof.text, proof.date, proof.reference) if part)}"


def _below(determination: Determination) -> Iterator[str]:
    if determination.missing:
        yield "missing:"
        yield from (f"  {q.criterion}: {q.question}" for q in determination.missing)
    if determination.all_notes:
        yield "notes:"
        yield from (f"  {note}" for note in determination.all_notes)
