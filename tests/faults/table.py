"""The table of faults: what happens, what is answered, what is counted, which test holds it.

`python -m tests.faults.table` writes docs/reliability.md.
"""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
DOCUMENT: Final = ROOT / "docs" / "reliability.md"
HEAD: Final = HERE / "reliability.md"


@dataclass(frozen=True, slots=True)
class EhrFault:
    """What an EHR does to a search, and the result it is counted with in fhir_reads_total."""

    fault: str
    counted: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Any other fault: what is answered, which metrics move, and the test (file::function) that holds it."""

    fault: str
    answer: str
    counted: str
    test: str


@cache
def ehr_faults() -> dict[str, EhrFault]:
    """The faults of ehr.toml by name."""
    return {name: EhrFault(**row) for name, row in _rows("ehr.toml").items()}


@cache
def faults() -> dict[str, dict[str, Fault]]:
    """The faults of faults.toml by section and name."""
    return {
        section: {name: Fault(**row) for name, row in rows.items()} for section, rows in _rows("faults.toml").items()
    }


def _rows(name: str) -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


def missing_tests() -> list[str]:
    """The tests that rows name and that do not exist."""
    named = {fault.test for rows in faults().values() for fault in rows.values()}
    return sorted(test for test in named if not _exists(test))


def _exists(test: str) -> bool:
    file, _, function = test.partition("::")
    path = ROOT / "tests" / file
    if not path.exists():
        return False
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in nodes)
