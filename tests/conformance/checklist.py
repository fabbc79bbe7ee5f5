"""A checklist made of a specification: its rows, and how tests name them."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a checklist.

    `requirements` are the specification's own ids of what the row asks; `held_by` names rows, of any checklist, whose
    tests hold this one too; `reason` says why no test holds it; `note` where something settles it otherwise, or only
    a part is there.
    """

    id: str
    level: str
    check: str
    requirements: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """Rows, the document that lists them, and the names tests call them by."""

    document: str
    head: str
    every_row: tuple[str, ...]
    names: re.Pattern[str]
    rows: tuple[Row, ...]

    def named_in(self, test: str) -> tuple[str, ...]:
        """The rows a test names, by number or by requirement; a name that means no row stands for itself."""
        named = [row for name in self.names.findall(test) for row in self._rows_called(name)]
        return tuple(dict.fromkeys(named))

    def _rows_called(self, name: str) -> list[str]:
        requirement = name.replace("_", "-")
        return [row.id for row in self.rows if name == row.id or requirement in row.requirements] or [requirement]


def read_rows(file: Path) -> tuple[Row, ...]:
    """The rows of a file, in its order."""
    table = tomllib.loads(file.read_text("utf-8"))
    return tuple(Row(number, **{name: _frozen(value) for name, value in row.items()}) for number, row in table.items())


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
