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
BATCH_HEAD: Final = HERE / "batches.md"


@dataclass(frozen=True, slots=True)
class EhrFault:
    """What an EHR does to a search, and the result it is counted with in fhir_reads_total."""

    fault: str
    counted: str


@dataclass(frozen=True, slots=True)
class BatchFault:
    """What can be wrong with an answer to a batch, and which searches are then asked for by themselves: all, or one."""

    fault: str
    singly: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Any other fault: what is answered, which metrics move, and the test (file::function) that holds it."""

    fault: str
    answer: str
    counted: str
    test: str

    @property
    def metrics(self) -> list[str]:
        """The metrics by their names, without the service's prefix."""
        return [name for name in self.counted.split(", ") if name]


@cache
def ehr_faults() -> dict[str, EhrFault]:
    """The faults of ehr.toml by name."""
    return {name: EhrFault(**row) for name, row in _rows("ehr.toml").items()}


@cache
def batch_faults() -> dict[str, BatchFault]:
    """The faults of batch.toml by name."""
    return {name: BatchFault(**row) for name, row in _rows("batch.toml").items()}


@cache
def faults() -> dict[str, dict[str, Fault]]:
    """The faults of faults.toml by section and name."""
    return {
        section: {name: Fault(**row) for name, row in rows.items()} for section, rows in _rows("faults.toml").items()
    }


def _rows(name: str) -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


def is_held(fault: Fault) -> bool:
    """Whether the test a row names exists, and stands in a file that looks at the metrics the row names."""
    file, _, function = fault.test.partition("::")
    path = ROOT / "tests" / file
    text = path.read_text("utf-8") if path.exists() else ""
    names = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    return function in names and all(metric.removesuffix("_total") in text for metric in fault.metrics)


def document() -> str:
    """The tables as Markdown, under their head."""
    reads = "".join(f"| {row.fault} | `{row.counted}` |\n" for row in ehr_faults().values())
    batches = "".join(f"| {row.fault} | {row.singly} |\n" for row in batch_faults().values())
    of_ehrs = HEAD.read_text("utf-8") + reads + BATCH_HEAD.read_text("utf-8") + batches
    return of_ehrs + "".join(_section(name, rows) for name, rows in faults().items())


def _section(name: str, rows: dict[str, Fault]) -> str:
    lines = "".join(_line(row) for row in rows.values())
    return f"\n## {name}\n\n| fault | what happens | metrics that move | test |\n|---|---|---|---|\n{lines}"


def _line(row: Fault) -> str:
    file, _, function = row.test.partition("::")
    metrics = ", ".join(f"`{metric}`" for metric in row.metrics)
    return f"| {row.fault} | {row.answer} | {metrics} | [`{function}`](../tests/{file}) |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
