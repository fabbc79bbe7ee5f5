"""The tests that name rows of a checklist, found by reading the test files."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conformance.checklist import Checklist

TESTS: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class NamingTest:
    """A test that names rows, and why it is expected to fail, if it is."""

    path: str
    name: str
    rows: tuple[str, ...]
    fails: str = ""


def naming_tests(checklist: Checklist, folder: Path = TESTS) -> tuple[NamingTest, ...]:
    """Every test function of a folder that names a row of a checklist."""
    return tuple(test for path in sorted(folder.rglob("test_*.py")) for test in _tests_in(path, folder, checklist))


def _tests_in(path: Path, folder: Path, checklist: Checklist) -> Iterator[NamingTest]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            named = checklist.named_in(node.name)
            if named:
                yield NamingTest(path.relative_to(folder).as_posix(), node.name, named, _expected_failure(node))


def _expected_failure(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The reason of an xfail mark on the function; nothing when it has none."""
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith(".xfail"):
            return "".join(str(ast.literal_eval(given.value)) for given in mark.keywords if given.arg == "reason")
    return ""
