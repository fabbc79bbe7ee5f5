"""A full determination over HTTP beside the parse-only twin and bare Flask: processor time, throughput, latency."""

from collections.abc import Mapping
from dataclasses import dataclass
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

CHECKS: Final = {"service": is_covered, "twin": is_fixed, "bare": is_fixed}
SAYS: Final = {"service": '"outcome":"covered"', "twin": FIXED, "bare": FIXED}
TITLE: Final = "A full determination"
COSTS: Final = ("Observations", "service", "twin", "bare Flask")
LOADS: Final = ("Observations", "server", "calls a second", "of bare Flask", "p50, ms", "p99, ms")
CONNECTIONS: Final = 8
TEXT: Final = f"""\
A prefetched `order-sign` call about an ablation that is covered, answered with its card, its coverage statement and
its record in SQLite. The *twin* is the same server with the same body: orjson decodes all of it, a fixed card is
answered. *Bare Flask* only reads the body. So below 1 a determination costs less than parsing its request. CPU is
that of the server's processes; throughput is that of one worker under {CONNECTIONS} connections of wrk, latency that
of a single connection. Every answer is checked."""


def measure(effort: Effort, scratch: Path) -> Section:
    """All sizes, with the three servers up together."""
    with (
        service(scratch) as ours,
        application("benchmarks.apps:create_twin", scratch) as twin,
        application("benchmarks.apps:create_bare", scratch) as bare,
    ):
        servers = {"service": ours, "twin": twin, "bare": bare}
        found = [_measured(size, servers, effort, scratch) for size in SIZES]
    figures = [figure for one in found for figure in one.figures]
    costs = Table("CPU of a call, in microseconds", COSTS, tuple(one.costs for one in found))
    loads = Table("Throughput and latency", LOADS, tuple(row for one in found for row in one.loads))
    if loads.rows:
        return Section("determination", TITLE, TEXT, tuple(figures), (costs, loads))
    figures.append(Figure("throughput and latency", load.ABSENT))
    return Section("determination", TITLE, TEXT, tuple(figures), (costs,))


@dataclass(frozen=True, slots=True)
class _Size:
    """What one size of body came to."""

    figures: tuple[Figure, ...]
    costs: tuple[str, ...]
    loads: tuple[tuple[str, ...], ...]


def _measured(size: int, servers: Mapping[str, Server], effort: Effort, scratch: Path) -> _Size:
    bodies = [addressed(size, patient) for patient in range(effort.patients_at(size))]
    contenders = {name: Contender(server, bodies, CHECKS[name]) for name, server in servers.items()}
    found = cpu_rounds(contenders, effort.rounds, effort.calls_at(size))
    what = f"CPU of a determination at {size:,} Observations, times the twin's"
    figure = at_most(what, ratio(found["service"], found["twin"]), SIZES[size])
    costs = (f"{size:,}", *(microseconds(found[name]).shown() for name in servers))
    if not load.is_installed():
        return _Size((figure,), costs, ())
    folder = load.laid_out(bodies, scratch / f"bodies-{size}")
    return _Size((figure,), costs, _loads(size, servers, folder, effort))


def _loads(size: int, servers: Mapping[str, Server], folder: Path, effort: Effort) -> tuple[tuple[str, ...], ...]:
    """Rounds of load, one server after the other; the latency is that of one connection."""
    rounds = range(effort.rounds - effort.rounds // 2)
    busy = [{name: _load(name, servers, folder, effort.seconds, CONNECTIONS) for name in servers} for _ in rounds]
    calm = {name: _load(name, servers, folder, effort.seconds, 1) for name in servers}
    most = {name: Spread.of([one[name].calls_per_second for one in busy]) for name in servers}
    return tuple(
        (
            f"{size:,}", name, most[name].shown(), number(most[name].median / most["bare"].median),
            number(calm[name].p50_ms), number(calm[name].p99_ms),
        )
        for name in servers
    )  # fmt: skip


def _load(name: str, servers: Mapping[str, Server], folder: Path, seconds: int, connections: int) -> Load:
    return load.load(servers[name].port, folder, SAYS[name], seconds, connections)
