"""Scale out: `python -m benchmarks.scale_out`. See benchmarks/README.md."""

import argparse
import gc
import sys
from pathlib import Path
from typing import Final

from benchmarks.machine import machine
from benchmarks.report import Section
from benchmarks.running import run
from benchmarks.scale_out import balancer
from benchmarks.scale_out.database import postgresql
from benchmarks.scale_out.findings import section
from benchmarks.scale_out.trial import trial
from tests.store.throwaway_postgresql import programs

INSTANCES: Final = (1, 2, 4)
NO_DATABASE: Final = "PostgreSQL is not installed (Debian: apt-get install postgresql)"


def main() -> int:
    """Run all numbers of instances; skipped with a message where something needed is not installed."""
    asked = _asked()
    binaries = programs()
    if binaries is None or balancer.program() is None:
        print(f"skipped: {NO_DATABASE if binaries is None else balancer.ABSENT}")
        return 0
    seconds, patients = (3.0, 10) if asked.quick else (20.0, 100)
    gc.disable()  # as in the soak: collecting would show as latency

    def measure(scratch: Path) -> Section:
        with postgresql(binaries) as database:
            return section([trial(number, database, seconds, patients, scratch) for number in INSTANCES])

    result = run(measure, "quick" if asked.quick else "full", machine(), asked.write or not asked.quick)
    return 1 if any(figure.verdict == "missed" for figure in result.section.figures) else 0


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m benchmarks.scale_out", description=__doc__)
    words.add_argument("--quick", action="store_true", help="half a minute, to try; nothing is kept")
    words.add_argument("--write", action="store_true", help="keep the results of a quick run too")
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
