"""The phases of a soak, one after the other, on one server with its record."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet
from sqlalchemy import select

from benchmarks.bodies import EXAMPLE_INSTANCE, addressed
from benchmarks.open_loop import Call, Load, Target, of_status
from benchmarks.servers import Server, service
from benchmarks.soak.watching import Sample, watching
from cds_service.store.database import open_database
from cds_service.store.tables import CALL

OBSERVATIONS: Final = 100
COVERED: Final = b'"outcome":"covered"'
FEW: Final = 8
MANY: Final = 96
SHARE: Final = 0.7
TOO_MUCH: Final = 2.0
NUMBERED: Final = "00000000-0000-4000-8000-"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each phase is, in seconds; how often the server is looked at; how many patients."""

    capacity: float
    steady: float
    overload: float
    drain: float
    every: float
    patients: int

    @classmethod
    def of(cls, seconds: float) -> "Plan":
        """A soak of this length in all: most of it steady."""
        overload = min(max(seconds * 0.15, 5), 60)
        capacity = min(max(seconds * 0.1, 4), 20)
        drain = 4.0
        steady = max(seconds - overload - 2 * capacity - drain, 5)
        return cls(capacity, steady, overload, drain, min(max(steady / 60, 0.5), 5), 200 if seconds > 120 else 20)


@dataclass(frozen=True, slots=True)
class Soaked:
    """All that happened. `recorded` are the numbers of the calls on record, in the order of their rows."""

    capacity: float
    steady: list[Call]
    samples: list[Sample]
    overload: list[Call]
    drain: list[Call]
    ended_in: float
    exit_code: int
    recorded: list[int]


def soak(plan: Plan, scratch: Path) -> Soaked:
    """Measure capacity, stay at a share of it, offer twice of it, and stop the server while calls run."""
    key = {"record_keys": Fernet.generate_key().decode()}
    body, numbers = bodies(plan.patients), count()
    with service(scratch, key) as server:
        target = Target(server.port, body, COVERED)
        Load(target, FEW * 2, numbers).run(None, plan.capacity)  # warms it: its pool has the threads it will need
        at_most = Load(target, FEW, numbers).run(None, plan.capacity)
        capacity = len(of_status(at_most, 200)) / plan.capacity
        with watching(server.pid, plan.every) as samples:
            steady = Load(target, FEW * 2, numbers).run(capacity * SHARE, plan.steady)
        overload = Load(target, MANY, numbers).run(capacity * TOO_MUCH, plan.overload)
        drain, ended_in = _stopped_under_load(server, Load(target, FEW * 2, numbers), capacity * SHARE, plan.drain)
        exit_code = server.process.wait(0)
    recorded = _recorded(f"sqlite:///{scratch}/{server.port}.db")
    return Soaked(capacity, steady, samples, overload, drain, ended_in, exit_code, recorded)


def bodies(patients: int) -> "Bodies":
    """Bodies for numbered calls: the hook instance of each is its number, by which the record knows it again."""
    return Bodies([addressed(OBSERVATIONS, patient) for patient in range(patients)])


class Bodies:
    """Bodies cut at their hook instance."""

    def __init__(self, whole: list[bytes]) -> None:
        self._parts = [body.split(EXAMPLE_INSTANCE.encode(), 1) for body in whole]

    def __call__(self, number: int) -> bytes:
        before, after = self._parts[number % len(self._parts)]
        return before + instance(number).encode() + after


def instance(number: int) -> str:
    """The hook instance of a call."""
    return f"{NUMBERED}{number:012d}"


def number_of(hook_instance: str) -> int:
    """The call of a hook instance."""
    return int(hook_instance.rpartition("-")[2])


def _stopped_under_load(server: Server, load: Load, rate: float, seconds: float) -> tuple[list[Call], float]:
    """SIGTERM halfway; the calls, and how long the server took to end."""
    took: list[float] = []

    def stop() -> None:
        time.sleep(seconds / 2)
        began = time.monotonic()
        server.process.terminate()
        server.process.wait(30)
        took.append(time.monotonic() - began)

    stopping = threading.Thread(target=stop, name="platform")
    stopping.start()
    calls = load.run(rate, seconds)
    stopping.join()
    return calls, took[0]


def _recorded(url: str) -> list[int]:
    engine = open_database(url)
    with engine.connect() as connection:
        found = [number_of(value) for value in connection.scalars(select(CALL.c.hook_instance))]
    engine.dispose()
    return found


def calls_of(soaked: Soaked) -> Iterator[Call]:
    """The calls of all phases that are judged."""
    yield from soaked.steady
    yield from soaked.overload
    yield from soaked.drain
