"""The clinician's table, cases.toml, as cases."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.policy_151.patients import FACTS

TABLE: Final = Path(__file__).with_name("cases.toml")
_LINE_KEYS: Final = frozenset({"outcome", "criteria", "missing", "repeat", "advisory", "answers", "note"})
_CASE_KEYS: Final = frozenset({"name", "vector", "base", "facts", "without", "lines"}) | _LINE_KEYS
NO_CARD: Final = "no card"
_REPEATS_MISSING: Final = "missing-documentation"


@dataclass(frozen=True)
class Line:
    """What is expected of one order line. `answers` and `note` are asked only where a case gives them."""

    outcome: str
    criteria: tuple[str, ...]
    missing: tuple[str, ...]
    repeat: bool
    advisory: str | None
    answers: Mapping[str, str]
    note: str


@dataclass(frozen=True)
class Case:
    """A patient, an order, and what the policy says of it."""

    name: str
    vector: int | None
    base: str
    facts: Mapping[str, Any]
    lines: tuple[Line, ...]


@cache
def cases() -> tuple[Case, ...]:
    """Every row of the table, in its order. Raises ValueError for a word the table does not have."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(_case(row, table["base"]) for row in table["case"])


def _case(row: Mapping[str, Any], bases: Mapping[str, Any]) -> Case:
    _known(row["name"], row, _CASE_KEYS)
    patient = {**bases[row["base"]]} if "base" in row else {}
    for fact in row.get("without", []):
        del patient[fact]
    facts = {**patient, **row.get("facts", {})}
    _known(row["name"], facts, FACTS)
    lines = tuple(_line(row["name"], one) for one in row.get("lines", [row]))
    return Case(row["name"], row.get("vector"), row.get("base", ""), facts, lines)


def _line(name: str, one: Mapping[str, Any]) -> Line:
    _known(name, one, _CASE_KEYS)
    outcome, missing = one["outcome"], tuple(one.get("missing", ()))
    criteria = tuple(one.get("criteria", missing if outcome == _REPEATS_MISSING else ()))
    if outcome != NO_CARD and not criteria:
        raise ValueError(f"{name}: criteria, or what is missing, must be named")
    return Line(
        outcome, criteria, missing, one.get("repeat", False), one.get("advisory"), one.get("answers", {}),
        one.get("note", ""),
    )  # fmt: skip


def _known(name: str, given: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = given.keys() - known
    if unknown:
        raise ValueError(f"{name}: the table has no {', '.join(sorted(unknown))}")
