"""What others take for a call of the same body. Each is measured where it is installed (make peers)."""

import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from benchmarks.bodies import addressed
from benchmarks.calls import PATH, is_covered
from benchmarks.effort import Effort
from benchmarks.pairing import Contender, cpu_rounds, microseconds, ratio
from benchmarks.report import Figure, Section, Table, at_least
from benchmarks.servers import ROOT, Server, free_port, running, service

SIZES: Final = (10, 100)
TIMES: Final = 10
INSTALLED: Final = ROOT / "build" / "benchmarks"
HERE: Final = ROOT / "benchmarks" / "peers"
HEALTHCHAIN: Final = "HealthChain"
EXPRESS: Final = "Node express"
CQL: Final = "CQL in Node"
CQL_KEPT: Final = "CQL in Node, model kept"
TEXT: Final = f"""\
{HEALTHCHAIN} is its CDS Hooks service with its FHIR adapter, on uvicorn: it turns the prefetch into validated
resources, counts the Observations and answers a card. {EXPRESS} parses the JSON, counts and answers a card. {CQL} is
the reference engine (cql-execution with cql-exec-fhir) in express: a library that counts the Observations, with a
source for each call as its documentation shows it, or with one that is kept and its model with it. None of them
decides anything; the service decides coverage, states it and records it. One process each. The ratio is the peer's
CPU of a call over the service's: how many determinations one of its answers costs."""


def measure(effort: Effort, scratch: Path) -> Section:
    """The service and the peers that are installed, up together."""
    with ExitStack() as stack:
        servers = _servers(stack)
        ours = stack.enter_context(service(scratch))
        found = {size: _rounds(size, ours, servers, effort) for size in SIZES}
    figures = [Figure(name, "not measured: it is not installed (make peers)") for name in _absent()]
    for name in (CQL_KEPT, CQL, HEALTHCHAIN):
        if name in servers:
            cheaper = ratio(found[100][name], found[100]["service"])
            figures.insert(0, at_least(f"{name}: its CPU of a call at 100 Observations, times ours", cheaper, TIMES))
    rows = tuple(
        (name, f"{size}", microseconds(one[name]).shown(), ratio(one[name], one["service"]).shown())
        for size, one in found.items()
        for name in servers
    )
    table = Table("", ("peer", "Observations", "CPU of a call, us", "times the service"), rows)
    return Section("peers", "Beside others", TEXT, tuple(figures), (table,) if rows else ())


def _rounds(
    size: int, ours: Server, servers: Mapping[str, tuple[Server, str]], effort: Effort
) -> dict[str, list[float]]:
    bodies = [addressed(size, patient) for patient in range(effort.patients)]
    theirs = {name: Contender(server, bodies, _counts(size), path=path) for name, (server, path) in servers.items()}
    contenders = {"service": Contender(ours, bodies, is_covered), **theirs}
    return cpu_rounds(contenders, effort.rounds, max(10, effort.calls // 10))


def _commands() -> dict[str, tuple[Path, list[str], str]]:
    """For each peer what must be there, how it is started, and the path of its service. PORT stands for the port."""
    python, modules = INSTALLED / "healthchain/bin/python", INSTALLED / "node/node_modules"
    uvicorn = [str(python), "-m", "uvicorn", "--app-dir", str(HERE), "--log-level", "critical", "--port", "PORT"]
    return {
        HEALTHCHAIN: (python, [*uvicorn, "healthchain_service:app"], f"/cds{PATH}"),
        EXPRESS: (modules / "express", ["node", str(HERE / "express.js"), "PORT"], PATH),
        CQL: (modules / "cql-exec-fhir", ["node", str(HERE / "cql.js"), "PORT"], PATH),
        CQL_KEPT: (modules / "cql-exec-fhir", ["node", str(HERE / "cql.js"), "PORT", "keep"], PATH),
    }


def _absent() -> list[str]:
    return [
        name
        for name, (needed, words, _) in _commands().items()
        if not needed.exists() or shutil.which(words[0]) is None
    ]


def _servers(stack: ExitStack) -> dict[str, tuple[Server, str]]:
    servers = {}
    for name, (_, words, path) in _commands().items():
        if name not in _absent():
            port = free_port()
            command = [str(port) if word == "PORT" else word for word in words]
            modules = {"NODE_PATH": str(INSTALLED / "node/node_modules")}
            servers[name] = (stack.enter_context(running(command, port, "/", modules)), path)
    return servers


def _counts(size: int) -> Any:
    """The card must say how many Observations there were: then they were read."""

    def check(answer: Any) -> None:
        assert answer["cards"][0]["summary"] == f"{size} Observations", answer

    return check
