"""All measurements of single calls: `python -m benchmarks`. See README.md."""

import argparse
import sys
import time
from functools import partial
from types import ModuleType
from typing import Final

from benchmarks.effort import FULL, QUICK
from benchmarks.machine import machine
from benchmarks.measurements import (
    determination,
    first_card,
    footprint,
    linear,
    peers,
    policy,
    profile,
    reading,
    record,
    signed_calls,
    unaddressed,
)
from benchmarks.running import run

MEASUREMENTS: Final[dict[str, ModuleType]] = {
    "policy": policy, "footprint": footprint, "determination": determination, "unaddressed": unaddressed,
    "linear": linear, "peers": peers, "reading": reading, "record": record, "signed-calls": signed_calls,
    "first-card": first_card, "profile": profile,
}  # fmt: skip


def main() -> int:
    """Run what is asked; 1 when a measurement could not be made."""
    asked = _asked()
    effort, on = (QUICK if asked.quick else FULL), machine()
    failed = []
    for name in asked.only or MEASUREMENTS:
        began = time.monotonic()
        try:
            run(partial(MEASUREMENTS[name].measure, effort), effort.name, on, asked.write or not asked.quick)
        except Exception as error:  # noqa: BLE001 - the others are still worth having
            failed.append(name)
            print(f"{name} could not be measured: {error!r}\n", file=sys.stderr, flush=True)
        print(f"[{name}: {time.monotonic() - began:.0f} s]\n", file=sys.stderr, flush=True)
    return 1 if failed else 0


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    words.add_argument("--quick", action="store_true", help="about a minute, to try something; nothing is kept")
    words.add_argument("--write", action="store_true", help="keep the results of a quick run too")
    words.add_argument("--only", nargs="+", choices=MEASUREMENTS, metavar="NAME", help=", ".join(MEASUREMENTS))
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
