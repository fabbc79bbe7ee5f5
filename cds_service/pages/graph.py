"""The criteria tree as a drawing: where each criterion stands, and the lines to those below it. Sizes in pixels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cds_service.policy.outline import Line

COLUMN: Final = 118
ROW: Final = 26
BOX_WIDTH: Final = 104
BOX_HEIGHT: Final = 20
MARGIN: Final = 8
WORDS_WIDTH: Final = 420
LONGEST_WORDS: Final = 62

SIGNS: Final[Mapping[str, str]] = {"met": "✓", "not-met": "✗", "unknown": "?"}
"""What says an answer beside its color."""


@dataclass(frozen=True, slots=True)
class Node:
    """One criterion in the drawing; `bends` are the paths to those below it. Words stand beside the last ones only."""

    id: str
    statement: str
    x: int
    y: float
    words: str
    bends: tuple[str, ...]

    @property
    def middle(self) -> float:
        """Where its text stands, and where lines arrive."""
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole drawing."""

    nodes: tuple[Node, ...]
    width: int
    height: int


def graph(lines: tuple[Line, ...]) -> Graph:
    """Lay out the criteria: one column for each level, one row for each criterion with nothing below it."""
    nodes: list[Node] = []
    row = 0
    for line in lines:
        _, row = _place(line, 0, row, nodes)
    depth = max((node.x for node in nodes), default=0)
    return Graph(tuple(nodes), depth + BOX_WIDTH + WORDS_WIDTH, row * ROW + 2 * MARGIN)


def _place(line: Line, depth: int, row: int, nodes: list[Node]) -> tuple[Node, int]:
    """Place a criterion after those below it, in the middle of them; the next free row."""
    children: list[Node] = []
    for child in line.children:
        placed, row = _place(child, depth + 1, row, nodes)
        children.append(placed)
    x = MARGIN + depth * COLUMN
    y = (children[0].y + children[-1].y) / 2 if children else MARGIN + row * ROW
    words = "" if children else _short(line.statement)
    node = Node(line.id, line.statement, x, y, words, tuple(_bends(x, y, children)))
    nodes.append(node)
    return node, row if children else row + 1


def _bends(x: int, y: float, children: list[Node]) -> Iterator[str]:
    start = x + BOX_WIDTH
    turn = start + (COLUMN - BOX_WIDTH) / 2
    for child in children:
        yield f"M{start} {y + BOX_HEIGHT / 2:g}H{turn:g}V{child.middle:g}H{child.x}"


def _short(statement: str) -> str:
    return statement if len(statement) <= LONGEST_WORDS else statement[: LONGEST_WORDS - 1].rstrip() + "…"
