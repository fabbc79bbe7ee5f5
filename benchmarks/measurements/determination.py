"""A full determination over HTTP beside the parse-only twin and bare Flask: processor time, throughput, latency."""

from pathlib import Path
from typing import Final

from benchmarks import load
from benchmarks.apps import FIXED
from benchmarks.bodies import addressed
from benchmarks.calls import is_covered, is_fixed
from benchmarks.effort import Effort
from benchmarks.load import Load
from benchmarks.pairing import Contender, cpu_rounds, microseconds, ratio
from benchmarks.report import Figure, Section, Table, at_most
from benchmarks.servers import Server, application, service
from benchmarks.spread import Spread, number

SIZES: Final = {10: 2.0, 100: 1.2, 1000: 0.6}
"""Observations in the prefetch, and what a determination may cost at most, as a multiple of the twin."""

COVERED: Final = '"outcome":"covered"'
CONNECTIONS: Final = 8
TEXT: Final = f"""\
A prefetched `order-sign` call about an ablation that is covered, answered with its card, its coverage statement and
its record in SQLite. The *twin* is the same server with the same body: orjson decodes all of it, a fixed card is
answered. *Bare Flask* only reads the body. So below 1 a determination costs less than parsing its request. CPU is
that of the server's processes; throughput is that of one worker under {CONNECTIONS} connections of wrk, latency that
of a single connection. Every answer is checked."""


def measure(effort: Effort, scratch: Path) -> Section:
    """All sizes, with the three servers up together."""
    figures: list[Figure] = []
    costs: list[tuple[str, ...]] = []
    loads: list[tuple[str, ...]] = []
    with (
        service(scratch) as ours,
        application("benchmarks.apps:create_twin", scratch) as twin,
        application("benchmarks.apps:create_bare", scratch) as bare,
    ):
        for size, limit in SIZES.items():
            bodies = [addressed(size, patient) for patient in range(effort.patients_at(size))]
            contenders = {
                "service": Contender(ours, bodies, is_covered),
                "twin": Contender(twin, bodies, is_fixed),
                "bare": Contender(bare, bodies, is_fixed),
            }
            found = cpu_rounds(contenders, effort.rounds, effort.calls_at(size))
            figures.append(at_most(_what(size), ratio(found["service"], found["twin"]), limit))
            costs.append((f"{size:,}", *(microseconds(found[name]).shown() for name in contenders)))
            if load.is_installed():
                folder = load.laid_out(bodies, scratch / f"bodies-{size}")
                loads += _loads(
                    size, {"service": (ours, COVERED), "twin": (twin, FIXED), "bare": (bare, FIXED)}, folder, effort
                )
    tables = [Table("CPU of a call, in microseconds", ("Observations", "service", "twin", "bare Flask"), tuple(costs))]
    if loads:
        columns = ("Observations", "server", "calls a second", "of bare Flask", "p50, ms", "p99, ms")
        tables.append(Table("Throughput and latency", columns, tuple(loads)))
    text = TEXT if loads else f"{TEXT} {load.ABSENT}."
    return Section("determination", "A full determination", text, tuple(figures), tuple(tables))


def _what(size: int) -> str:
    return f"CPU of a determination at {size:,} Observations, times the twin's"


def _loads(size: int, servers: dict[str, tuple[Server, str]], folder: Path, effort: Effort) -> list[tuple[str, ...]]:
    """Rounds of load, one server after the other; the latency is that of one connection."""
    busy: dict[str, list[Load]] = {name: [] for name in servers}
    for _ in range(effort.rounds - effort.rounds // 2):
        for name, (server, says) in servers.items():
            busy[name].append(load.load(server.port, folder, says, effort.seconds, CONNECTIONS))
    calm = {name: load.load(server.port, folder, says, effort.seconds, 1) for name, (server, says) in servers.items()}
    most = {name: Spread.of([one.calls_per_second for one in runs]) for name, runs in busy.items()}
    return [
        (
            f"{size:,}", name, most[name].shown(), number(most[name].median / most["bare"].median),
            number(calm[name].p50_ms), number(calm[name].p99_ms),
        )
        for name in servers
    ]  # fmt: skip
