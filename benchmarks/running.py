"""One measurement from its scratch folder to what is kept of it."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import document
from benchmarks.report import Result, Section, keep

Measure = Callable[[Path], Section]


def run(measure: Measure, effort: str, on: str, is_kept: bool) -> Result:
    """Measure in a folder that is gone afterwards, print what came out, and keep it if asked."""
    with tempfile.TemporaryDirectory(prefix="coverage-hooks-bench-", ignore_cleanup_errors=True) as scratch:
        section = measure(Path(scratch))
    result = Result(date.today().isoformat(), on, effort, section)
    print(document.in_terminal(result), flush=True)
    if is_kept:
        keep(result)
        document.write()
    return result
