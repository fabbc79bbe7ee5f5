"""Metrics: what happens, counted for Prometheus. Labels come from closed sets, never from a request."""

import os
import tempfile
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from cds_service.policy.determination import Outcome
from fhir_mappings.prefetch import CLINICAL, COVERAGE

UNKNOWN: Final = "unknown"
LATENCY_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
READ_RESULTS: Final = frozenset({"ok", "partial", "failed", "not-offered", "refused", "deadline"})
_RESOURCE_TYPES: Final = frozenset({"Patient", "Encounter", *(s.resource_type for s in (COVERAGE, *CLINICAL))})
_OUTCOMES: Final = frozenset(outcome.value for outcome in Outcome)
_STATUSES: Final = frozenset(str(status.value) for status in HTTPStatus)
_SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The counters of one process; those of all its siblings together where workers share a folder."""

    def __init__(self, services: Iterable[str], policies: Iterable[str], auth_failures: Iterable[str]) -> None:
        self._services, self._policies = frozenset(services), frozenset(policies)
        self._reasons = frozenset(auth_failures)
        self._registry = CollectorRegistry()
        self._calls = self._counter("calls", "Hook calls answered.", "service", "status")
        self._determinations = self._counter("determinations", "Determinations made.", "policy", "outcome")
        self._reads = self._counter("fhir_reads", "Searches of EHRs' FHIR servers.", "resource_type", "result")
        self._record_needed = self._counter("record_needed", "Calls refused with 412: no clinical record.")
        self._auth_failures = self._counter("auth_failures", "Calls refused with 401.", "reason")
        self._store_losses = self._counter("store_losses", "Answers given that could not be recorded.")
        self._counter("worker_starts", "Workers started; more than there are workers, when one has failed.").inc()
        self._replay_losses = self._counter("replay_checks_lost", "Tokens not compared with those of other processes.")
        self._refusals = self._counter("resources_refused", "Resources that are another patient's and were not used.")
        self._deadline_hits = self._counter("deadline_hits", "Calls whose reads ran into the deadline.")
        self._seconds = Histogram(
            "coverage_hooks_call_seconds", "Time to answer a hook call.", ("service",),
            buckets=LATENCY_BUCKETS, registry=self._registry,
        )  # fmt: skip

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"coverage_hooks_{name}", meaning, labels, registry=self._registry)

    def known_service(self, service: str) -> str:
        """The service id, or `unknown` for one we do not offer."""
        return _one_of(self._services, service)

    def call_answered(self, service: str, status: int, seconds: float) -> None:
        """Count a hook call, its status and how long it took."""
        label = self.known_service(service)
        self._calls.labels(label, _one_of(_STATUSES, str(int(status)))).inc()
        self._seconds.labels(label).observe(seconds)
        if status == HTTPStatus.PRECONDITION_FAILED:
            self._record_needed.inc()

    def determined(self, policy: str, outcome: str) -> None:
        """Count a determination."""
        self._determinations.labels(_one_of(self._policies, policy), _one_of(_OUTCOMES, outcome)).inc()

    def fhir_read(self, resource_type: str, result: str) -> None:
        """Count a search: `result` is one of READ_RESULTS."""
        self._reads.labels(_one_of(_RESOURCE_TYPES, resource_type), _one_of(READ_RESULTS, result)).inc()

    def auth_failed(self, reason: str) -> None:
        """Count a refused token."""
        self._auth_failures.labels(_one_of(self._reasons, reason)).inc()

    def store_lost(self) -> None:
        """Count an answer that went out without being recorded."""
        self._store_losses.inc()

    def replay_check_lost(self) -> None:
        """Count a token that this process alone was asked about."""
        self._replay_losses.inc()

    def resources_refused(self, number: int) -> None:
        """Count resources of patients nobody asked for."""
        self._refusals.inc(number)

    def deadline_hit(self) -> None:
        """Count a call that could not read everything in time."""
        self._deadline_hits.inc()

    def exposition(self) -> tuple[bytes, str]:
        """The counters as Prometheus reads them, and the content type."""
        if not _is_shared():
            return generate_latest(self._registry), CONTENT_TYPE_LATEST
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together), CONTENT_TYPE_LATEST


def prepare_metrics(workers: int) -> None:
    """Let several workers count together, in a folder emptied here. Call it once, before they start."""
    if workers == 1 and _SHARED_FOLDER not in os.environ:
        return
    folder = Path(os.environ.get(_SHARED_FOLDER) or tempfile.mkdtemp(prefix="coverage-hooks-metrics-"))
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob("*.db"):
        left_over.unlink()
    os.environ[_SHARED_FOLDER] = str(folder)
    if not _is_shared():  # the library chose when it was imported, which may have been before the folder was named
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]


def _is_shared() -> bool:
    return values.ValueClass is not values.MutexValue


def _one_of(known: frozenset[str], value: str) -> str:
    return value if value in known else UNKNOWN
