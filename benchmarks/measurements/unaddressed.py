"""An order no policy addresses, which is what most calls are about, beside the parse-only twin."""

from pathlib import Path
from typing import Final

from benchmarks.bodies import unaddressed
from benchmarks.calls import is_fixed, is_outside
from benchmarks.effort import Effort
from benchmarks.pairing import Contender, cpu_rounds, microseconds, ratio
from benchmarks.report import Figure, Section, Table, at_most
from benchmarks.servers import application, service

SIZES: Final = {10: 1.2, 1000: 0.5}
TEXT: Final = """\
The same call with an order for which no coverage rule is held. The clinical record is not looked at; the Coverage is,
since it came, and the order gets the statement that no rule is held for it. The answer is on the record like any
other."""


def measure(effort: Effort, scratch: Path) -> Section:
    """Both sizes."""
    figures: list[Figure] = []
    costs: list[tuple[str, ...]] = []
    with service(scratch) as ours, application("benchmarks.apps:create_twin", scratch) as twin:
        for size, limit in SIZES.items():
            bodies = [unaddressed(size, patient) for patient in range(effort.patients_at(size))]
            contenders = {"service": Contender(ours, bodies, is_outside), "twin": Contender(twin, bodies, is_fixed)}
            found = cpu_rounds(contenders, effort.rounds, effort.calls_at(size))
            what = f"CPU of an unaddressed order at {size:,} Observations, times the twin's"
            figures.append(at_most(what, ratio(found["service"], found["twin"]), limit))
            costs.append((f"{size:,}", *(microseconds(found[name]).shown() for name in contenders)))
    table = Table("CPU of a call, in microseconds", ("Observations", "service", "twin"), tuple(costs))
    return Section("unaddressed", "An order no policy addresses", TEXT, tuple(figures), (table,))
