"""What the record of answers costs: none, SQLite, payloads sealed, PostgreSQL, and either by a journal."""

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet

from benchmarks.bodies import addressed
from benchmarks.calls import is_covered
from benchmarks.effort import Effort
from benchmarks.pairing import Contender, cpu_rounds, microseconds, ratio
from benchmarks.report import Figure, Section, Table
from benchmarks.servers import Server, application, service
from tests.store.throwaway_postgresql import cluster, programs

OBSERVATIONS: Final = 10
TEXT: Final = f"""\
A determination at {OBSERVATIONS} Observations with its record kept in different ways; *sealed* keeps what was asked,
read and answered, encrypted. The record is written before the answer leaves, to the database or, *by journal*, to a
file (setting `record_journal`). CPU is that of the service; PostgreSQL's own comes on top (docs/scaling.md)."""


def measure(effort: Effort, scratch: Path) -> Section:
    """All kinds side by side; PostgreSQL where it is installed."""
    bodies = [addressed(OBSERVATIONS, patient) for patient in range(effort.patients)]
    with ExitStack() as stack:
        servers = _servers(stack, scratch)
        contenders = {name: Contender(server, bodies, is_covered) for name, server in servers.items()}
        found = cpu_rounds(contenders, effort.rounds, effort.calls)
    rows = tuple(
        (name, microseconds(found[name]).shown(), ratio(found[name], found["no record"]).shown()) for name in servers
    )
    absent = () if programs() else (Figure("PostgreSQL", "not measured: it is not installed"),)
    table = Table("", ("record", "CPU of a call, us", "times no record"), rows)
    return Section("record", "The record of answers", TEXT, absent, (table,))


def _servers(stack: ExitStack, scratch: Path) -> dict[str, Server]:
    key = {"record_keys": Fernet.generate_key().decode()}
    servers = {
        "no record": stack.enter_context(application("benchmarks.unrecorded:create_unrecorded", scratch)),
        "SQLite": stack.enter_context(service(scratch)),
        "SQLite, sealed": stack.enter_context(service(scratch, key)),
        "SQLite, sealed, by journal": stack.enter_context(
            service(scratch, {"record_journal": str(scratch / "journal-sqlite"), **key})
        ),
    }
    binaries = programs()
    if binaries is not None:
        url = stack.enter_context(cluster(binaries))
        there = {"database_url": f"{url}postgres", **key}
        by_journal = {"record_journal": str(scratch / "journal-postgresql"), **there}
        servers["PostgreSQL, sealed"] = stack.enter_context(service(scratch, there))
        servers["PostgreSQL, sealed, by journal"] = stack.enter_context(service(scratch, by_journal))
    return servers
