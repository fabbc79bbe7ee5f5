"""A policy as the numbered outline a clinician reviews: each criterion, what it asks, and where that is looked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cds_service.policy.criteria import AllOf, ByCase, Criterion, Leaf
from cds_service.policy.revision import Revision


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of the outline, with those below it."""

    id: str
    statement: str
    joins: str = ""
    asks: str = ""
    test: str = ""
    sources: tuple[str, ...] = ()
    children: tuple["Line", ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Line"]]:
        """This line and all below it, with their depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


def outline(revision: Revision) -> tuple[Line, ...]:
    """The top-level criteria of a revision, in the order of the text."""
    trees = {line.id: line for tree in revision.criteria for line in _lines(tree)}
    return tuple(_top(number, revision, trees) for number in revision.numbers)


def _top(number: str, revision: Revision, trees: dict[str, Line]) -> Line:
    if number in trees:
        return trees[number]
    below = tuple(line for name, line in trees.items() if name.startswith(f"{number}."))
    return Line(number, revision.statements[number], children=below)


def _lines(criterion: Criterion) -> tuple[Line, ...]:
    """A criterion as lines; one without an anchor of its own is replaced by its children."""
    if isinstance(criterion, ByCase):
        return _lines(criterion.child)
    if isinstance(criterion, Leaf):
        return (_leaf(criterion),) if criterion.published else ()
    children = tuple(line for child in criterion.children for line in _lines(child))
    if not criterion.published:
        return children
    joins = "all of" if isinstance(criterion, AllOf) else "at least one of"
    return (Line(criterion.id, criterion.statement, joins=joins, children=children),)


def _leaf(leaf: Leaf) -> Line:
    asks = leaf.fact.question
    unit = "" if leaf.fact.unit in ("choice", "yes/no") else f" {leaf.fact.unit}"
    return Line(leaf.id, leaf.statement, asks=asks, test=f"{leaf.test.words}{unit}", sources=leaf.fact.sources)


def as_text(revision: Revision) -> str:
    """The outline in plain text."""
    lines = [_title(revision), ""]
    for top in outline(revision):
        for depth, line in top.walk():
            lines += _text_line(depth, line)
        lines.append("")
    return "\n".join(lines)


def _title(revision: Revision) -> str:
    return f"Policy {revision.number}, {revision.title}, revision {revision.id}\nSource: {revision.source}"


def _text_line(depth: int, line: Line) -> Iterator[str]:
    pad = "    " * depth
    joins = f" ({line.joins}:)" if line.joins else ""
    yield f"{pad}{line.id}  {line.statement}{joins}"
    if line.asks:
        yield f"{pad}      asks: {line.asks} [{line.test}]"
        yield f"{pad}      from: {'; '.join(line.sources)}"


def as_markdown(revision: Revision) -> str:
    """The outline as nested Markdown lists."""
    lines = [f"# Policy {revision.number}: {revision.title}", "", f"Revision {revision.id}. Source: {revision.source}."]
    for top in outline(revision):
        lines.append("")
        for depth, line in top.walk():
            joins = f" *({line.joins})*" if line.joins else ""
            asks = f": {line.asks} `{line.test}`; from {', '.join(line.sources)}" if line.asks else ""
            lines.append(f"{'  ' * depth}- **{line.id}** {line.statement}{joins}{asks}")
    return "\n".join(lines) + "\n"


def as_json(revision: Revision) -> dict[str, Any]:
    """The outline as JSON."""
    return {
        "policy": revision.number,
        "title": revision.title,
        "revision": revision.id,
        "source": revision.source,
        "criteria": [_json_line(line) for line in outline(revision)],
    }


def _json_line(line: Line) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": line.id,
        "statement": line.statement,
        "joins": line.joins,
        "asks": line.asks,
        "test": line.test,
        "sources": list(line.sources),
        "criteria": [_json_line(child) for child in line.children],
    }
    return {name: value for name, value in whole.items() if value not in ("", [])}
