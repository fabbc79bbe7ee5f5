"""Calls without prefetch: everything is read from a FHIR server that takes its time."""

import http.client
import sys
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Final

from benchmarks.bodies import without_prefetch
from benchmarks.calls import connect, is_covered, post
from benchmarks.effort import Effort
from benchmarks.ehr import BATCHES, COUNTED, IN_TURN, SEARCHES
from benchmarks.report import Section, Table
from benchmarks.servers import free_port, running, service
from benchmarks.spread import number, percentile

PAUSES_MS: Final = (0, 50, 500)
TEXT: Final = """\
The same determination when the client sends no prefetch and a local FHIR server answers each search after a pause.
The searches of a call run side by side over kept connections, under one deadline, or go in one batch where the
server's CapabilityStatement offers it; one call at a time. The time over one pause is what reading costs. A server that
works at the entries of a batch one after the other makes the first calls wait, at most half of the deadline; after that
it gets searches for an hour. Three calls before those measured are for that."""
WAYS: Final = {
    SEARCHES: "searches side by side",
    BATCHES: "one batch, worked at side by side",
    IN_TURN: "batches, worked at one after the other",
}


def measure(effort: Effort, scratch: Path) -> Section:
    """One FHIR server after the other, each with a service of its own."""
    rows = []
    for pause, way in product(PAUSES_MS, WAYS):
        calls = max(10, min(effort.calls, 20_000 // (pause + 50)) // (1 if effort.name == "full" else 3))
        took, asked = _read(pause, way, calls, scratch)
        rows.append(
            (
                f"{pause} ms",
                WAYS[way],
                f"{calls}",
                number(asked / calls),
                *(number(percentile(took, p)) for p in (0.5, 0.95)),
            )
        )
    columns = ("the FHIR server answers after", "it takes", "calls", "requests a call", "p50, ms", "p95, ms")
    return Section("reading", "Reading from an EHR", TEXT, tables=(Table("", columns, tuple(rows)),))


def _read(pause: int, way: str, calls: int, scratch: Path) -> tuple[Sequence[float], int]:
    """Times in milliseconds, and how many requests the FHIR server got for them."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    words = [sys.executable, "-m", "benchmarks.ehr", str(port), str(pause), way]
    with running(words, port, "/"), service(scratch, {"fhir_servers": base}) as server:
        connection = connect(server.port)
        for patient in range(3):
            is_covered(post(connection, without_prefetch(patient, base)))
        before = _counted(port)
        took = [_timed(connection, without_prefetch(patient, base)) for patient in range(calls)]
        return took, _counted(port) - before - 1


def _timed(connection: http.client.HTTPConnection, body: bytes) -> float:
    began = time.perf_counter()
    answer = post(connection, body)
    took = time.perf_counter() - began
    is_covered(answer)
    return took * 1000


def _counted(port: int) -> int:
    connection = connect(port)
    connection.request("GET", COUNTED)
    text = connection.getresponse().read()
    connection.close()
    return int(text)
