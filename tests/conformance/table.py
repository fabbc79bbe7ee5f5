"""The conformance table: which tests hold which row. `python -m tests.conformance.table` writes the document."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "conformance-cds-hooks.md"
TESTS: Final = ROOT / "tests"
EVERY_ROW: Final = tuple(f"CK{number:02}" for number in range(1, 66))

_HEAD: Final = """\
# Conformance to CDS Hooks

Written by `python -m tests.conformance.table`; a test fails when it is out of date. The rows are the checklist this
service holds itself to, after CDS Hooks 2.0.1 with what is safe of 3.0. Levels: *must* and *should* are the
specification's, *follows* is a consequence of it, *kit* is asked by the Inferno test kit only, *own* is this service's
choice where the specification is silent. The tests are clients of the service: they call it and read what comes back.

| row | level | what is checked | held by |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the checklist; `reason` says why no test holds it, `note` where a contract settles it otherwise."""

    id: str
    level: str
    check: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NamingTest:
    """A test that names rows, and why it is expected to fail, if it is."""

    path: str
    name: str
    rows: tuple[str, ...]
    fails: str = ""


def rows() -> tuple[Row, ...]:
    """The checklist, in its order."""
    table = tomllib.loads(Path(__file__).with_name("rows.toml").read_text("utf-8"))
    return tuple(Row(number, **row) for number, row in table.items())


def naming_tests(folder: Path = TESTS) -> tuple[NamingTest, ...]:
    """Every test function of a folder that names a row."""
    found = (test for path in sorted(folder.rglob("test_*.py")) for test in _tests_in(path, folder))
    return tuple(found)


def _tests_in(path: Path, folder: Path) -> Iterator[NamingTest]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            named = tuple(re.findall(r"CK\d+", node.name))
            if named:
                yield NamingTest(path.relative_to(folder).as_posix(), node.name, named, _expected_failure(node))


def _expected_failure(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The reason of an xfail mark on the function; nothing when it has none."""
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith(".xfail"):
            return "".join(str(ast.literal_eval(given.value)) for given in mark.keywords if given.arg == "reason")
    return ""


def faults(checklist: Iterable[Row], found: Iterable[NamingTest]) -> list[str]:
    """What is wrong between checklist and tests, each in a sentence; nothing when every row is accounted for."""
    by_id = {row.id: row for row in checklist}
    held = _by_row(found)
    return [
        *(f"{number} is not in the checklist" for number in EVERY_ROW if number not in by_id),
        *(f"{number} is no row, but {held[number][0].name} names it" for number in sorted(held.keys() - by_id.keys())),
        *(f"{row.id} has neither a test nor a reason" for row in by_id.values() if not (row.reason or row.id in held)),
        *(f"{row.id} has a reason, and tests as well" for row in by_id.values() if row.reason and row.id in held),
    ]


def document(checklist: Iterable[Row], found: Iterable[NamingTest]) -> str:
    """The table as Markdown."""
    held = _by_row(found)
    return _HEAD + "".join(_line(row, held.get(row.id, [])) for row in checklist)


def _line(row: Row, held: list[NamingTest]) -> str:
    note = f" ({row.note})" if row.note else ""
    shown = "<br>".join(_shown(test) for test in held) or f"No test: {row.reason}"
    return f"| {row.id} | {row.level} | {row.check}{note} | {shown} |\n"


def _shown(test: NamingTest) -> str:
    failing = f" **(known to fail: {test.fails})**" if test.fails else ""
    return f"[`{test.name}`](../tests/{test.path}){failing}"


def _by_row(found: Iterable[NamingTest]) -> Mapping[str, list[NamingTest]]:
    held: dict[str, list[NamingTest]] = {}
    for test in found:
        for number in dict.fromkeys(test.rows):
            held.setdefault(number, []).append(test)
    return held


if __name__ == "__main__":
    DOCUMENT.write_text(document(rows(), naming_tests()), "utf-8")
