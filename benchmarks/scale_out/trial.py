"""One number of instances under load: are answers those of one, is each call on record once, what does it cost."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
from cryptography.fernet import Fernet

from benchmarks.bodies import addressed
from benchmarks.calls import connect, post
from benchmarks.open_loop import Load, Target, of_status
from benchmarks.processes import cpu_seconds
from benchmarks.scale_out.balancer import balancing
from benchmarks.scale_out.database import Database, Meter, Work
from benchmarks.servers import service
from benchmarks.soak.phases import COVERED, NUMBERED, OBSERVATIONS, Bodies, number_of
from benchmarks.spread import percentile

NUMBERED_CALLS: Final = f"SELECT hook_instance FROM hook_call WHERE hook_instance LIKE '{NUMBERED}%'"
CONNECTIONS: Final = 4
"""For each instance."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one number of instances came to. `cpu` is seconds a call by part; counts are of calls."""

    instances: int
    calls: int
    calls_per_second: float
    p50_ms: float
    p99_ms: float
    cpu: Mapping[str, float]
    work: Work
    different: int
    unanswered: int
    unrecorded: int
    recorded_twice: int


def trial(instances: int, database: Database, seconds: float, patients: int, scratch: Path) -> Trial:
    """Start instances and a balancer on a new database, compare their answers, load them."""
    url = database.create(f"record_{instances}")
    settings = {"database_url": url, "record_keys": Fernet.generate_key().decode()}
    bodies = [addressed(OBSERVATIONS, patient) for patient in range(patients)]
    with ExitStack() as stack:
        servers = [stack.enter_context(service(scratch, settings)) for _ in range(instances)]
        balancer = stack.enter_context(balancing([s.port for s in servers], scratch / f"nginx-{instances}"))
        different = _different(servers[0].port, balancer.port, bodies)
        target, numbers = Target(balancer.port, Bodies(bodies), COVERED), itertools.count()
        Load(target, CONNECTIONS * instances, numbers).run(None, seconds / 4)  # warms them
        first, meter = next(numbers) + 1, Meter(url)
        parts = {"instances": [s.pid for s in servers], "nginx": [balancer.pid], "PostgreSQL": [database.pid]}
        before = _cpu(parts)
        calls = Load(target, CONNECTIONS * instances, numbers).run(None, seconds)
        spent, work = _minus(_cpu(parts), before), meter.read()
    answered = of_status(calls, 200)
    recorded = Counter(number for number in _recorded(url) if number >= first)
    once = {call.number for call in answered}
    took = [call.took_ms for call in calls]
    return Trial(
        instances, len(calls), len(answered) / seconds, percentile(took, 0.5), percentile(took, 0.99),
        {part: value / len(calls) for part, value in spent.items()}, work, different, len(calls) - len(answered),
        len(once - recorded.keys()), sum(1 for times in recorded.values() if times > 1),
    )  # fmt: skip


def _different(single: int, balanced: int, bodies: Sequence[bytes]) -> int:
    """Answers through the balancer that differ from those of one instance asked directly."""
    alone = connect(single)
    expected = [without_uuids(post(alone, body)) for body in bodies]
    alone.close()

    def balanced_answer(body: bytes) -> Any:
        connection = connect(balanced)
        try:
            return without_uuids(post(connection, body))
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as clinicians:
        found = list(clinicians.map(balanced_answer, bodies))
    return sum(1 for ours, theirs in zip(expected, found, strict=True) if ours != theirs)


def without_uuids(answer: Any) -> str:
    """An answer as text, without the ids each card gets anew."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(inner) for name, inner in value.items() if name != "uuid"}
        return [kept(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(kept(answer), sort_keys=True)


def _cpu(parts: Mapping[str, Sequence[int]]) -> dict[str, float]:
    ours = psutil.Process().cpu_times()
    found = {part: sum(cpu_seconds(pid) for pid in pids) for part, pids in parts.items()}
    return {**found, "the load itself": ours.user + ours.system}


def _minus(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    return {part: value - before[part] for part, value in after.items()}


def _recorded(url: str) -> Iterator[int]:
    with psycopg.connect(url) as connection:
        for (value,) in connection.execute(NUMBERED_CALLS):
            yield number_of(value)
