"""The soak: `python -m benchmarks.soak --minutes 30`. See benchmarks/README.md."""

import argparse
import gc
import sys
from pathlib import Path
from typing import Final

from benchmarks.document import DOCUMENT
from benchmarks.machine import machine
from benchmarks.report import Section
from benchmarks.running import run
from benchmarks.soak.findings import counts, section
from benchmarks.soak.phases import Plan, Soaked, soak
from benchmarks.soak.plots import draw

SHORTEST: Final = 20
LONGEST: Final = 3600
FULL_SECONDS: Final = 1800


def main() -> int:
    """Soak; with --check keep nothing, and answer 1 when a count is not what it must be."""
    asked = _asked()
    plan = Plan.of(asked.seconds)
    gc.disable()  # half a million calls are kept: collecting them would show as latency of the server
    found: list[Soaked] = []

    def measure(scratch: Path) -> Section:
        found.append(soak(plan, scratch))
        if not asked.check:
            draw(plan, found[0], DOCUMENT.parent)
        return section(plan, found[0])

    effort = "full" if asked.seconds >= FULL_SECONDS else f"{asked.seconds:.0f}-second"
    run(measure, effort, machine(), not asked.check)
    missed = [figure.what for figure in counts(found[0]) if figure.verdict == "missed"]
    for what in missed:
        print(f"missed: {what}", file=sys.stderr)
    return 1 if asked.check and missed else 0


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    length = words.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="length in all; 30 for figures that are published, 60 at most")
    length.add_argument("--seconds", type=float, default=60, help="a short one; 60 when nothing is said")
    words.add_argument("--check", action="store_true", help="keep nothing; fail when a count is not what it must be")
    asked = words.parse_args()
    asked.seconds = asked.minutes * 60 if asked.minutes else asked.seconds
    if not SHORTEST <= asked.seconds <= LONGEST:
        words.error(f"a soak takes {SHORTEST} seconds to {LONGEST // 60} minutes")
    return asked


if __name__ == "__main__":
    sys.exit(main())
