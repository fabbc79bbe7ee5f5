"""What the record of answers costs a call: nothing kept, kept at once, kept by a journal. See README.md."""

import argparse
import http.client
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from benchmarks.order_sign import PATIENTS, REQUESTS, body, cpu_seconds, post, served
from cds_service import create_app
from cds_service.answers import AnswerRecord

SETTLED_SECONDS = 0.2  # what the journal's thread does after the last answer counts too
PORTS = {"nothing": 8474, "at once": 8475, "journal": 8476}
SERVICE = "cds_service:create_app"


class Cost(NamedTuple):
    """Of a call, in microseconds: CPU of the process tree, and the median time the caller waits."""

    cpu: float
    latency: float


def without_record() -> Flask:
    """The service, writing nothing."""
    AnswerRecord._keep = lambda *_: None  # type: ignore[method-assign]
    return create_app()


def cost(port: int, pid: int, bodies: list[bytes]) -> Cost:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times, before = [], cpu_seconds(pid)
    for number in range(REQUESTS):
        start = time.perf_counter()
        post(connection, bodies[number % len(bodies)])
        times.append(time.perf_counter() - start)
    time.sleep(SETTLED_SECONDS)
    return Cost((cpu_seconds(pid) - before) / REQUESTS * 1e6, statistics.median(times) * 1e6)


def measured(observations: int, rounds: int, database_url: str, folder: Path) -> dict[str, list[Cost]]:
    """The costs of each way, a round after the other; the first, which warms up, is left out."""
    bodies = [body(observations, patient) for patient in range(PATIENTS)]
    found: dict[str, list[Cost]] = {name: [] for name in PORTS}
    with ExitStack() as running:
        pids = {}
        for name, port in PORTS.items():
            settings = {
                "COVERAGE_HOOKS_DATABASE_URL": database_url or f"sqlite:///{folder}/{name}.db",
                "COVERAGE_HOOKS_LOG_LEVEL": "warning",
            }
            if name == "journal":
                settings["COVERAGE_HOOKS_RECORD_JOURNAL"] = str(folder / "journal")
            target = "benchmarks.record:without_record" if name == "nothing" else SERVICE
            pids[name] = running.enter_context(served(target, port, settings))
        for _ in range(rounds + 1):
            for name, port in PORTS.items():
                found[name].append(cost(port, pids[name], bodies))
    return {name: costs[1:] for name, costs in found.items()}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--observations", type=int, default=10)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--database-url", default="", help="an empty PostgreSQL database; default SQLite")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(asked.observations, asked.rounds, asked.database_url, Path(folder))
    for name, costs in found.items():
        cpu, latency = map(statistics.median, zip(*costs, strict=True))
        print(f"{name}: CPU {cpu:.0f} us, a caller waits {latency:.0f} us")
    for place, what in enumerate(Cost._fields):
        pairs = zip(found["journal"], found["at once"], strict=True)
        saved = sorted(1 - journal[place] / at_once[place] for journal, at_once in pairs)
        print(f"a journal saves {statistics.median(saved):.0%} of {what} ({saved[0]:.0%} to {saved[-1]:.0%})")


if __name__ == "__main__":
    main()
