"""Text from a record inside GitHub-flavored Markdown: escaped, so that nothing in it is markup."""

import re
from collections.abc import Sequence
from typing import Final

_MARKUP: Final = str.maketrans(
    {character: f"\\{character}" for character in "\\`*_{}[]()#+!|~"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def escaped(text: str) -> str:
    """Plain text as Markdown that shows just this text: no HTML, no table cell of its own, on one line."""
    plain = text if text.isprintable() else _CONTROL.sub(" ", text)
    return plain.translate(_MARKUP)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table; the cells are Markdown already."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
