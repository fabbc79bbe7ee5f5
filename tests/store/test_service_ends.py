"""Servers that are stopped under load and workers that are killed: what was answered is on record, and calls go on."""

import http.client
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cds_service.store.database import open_database
from cds_service.store.tables import CARD
from tests.faults.conftest import COVERED, call
from tests.faults.ehr import Handler, running
from tests.policy_151.patients import chart_of
from tests.store.test_service_processes import SIGN, cards_of, post, serving

CLINICIANS = 6
ENOUGH = 60


def recorded(url: str) -> set[str]:
    engine = open_database(url)
    with engine.connect() as connection:
        kept = set(connection.scalars(select(CARD.c.uuid)))
    engine.dispose()
    return kept


class Clinicians:
    """People who sign one order after the other until the service is gone.

    `may_be_cut_off`: an answer may end before its end, as those of a killed process do.
    """

    def __init__(self, port: int, may_be_cut_off: bool = False) -> None:
        self.port = port
        self.may_be_cut_off = may_be_cut_off
        self.cards: list[str] = []
        self.answers: Counter[int] = Counter()
        self.enough = threading.Event()
        self.closing = threading.Event()

    def sign(self, _: int) -> None:
        while not self.closing.is_set():
            try:
                answer = post(self.port)
            except OSError:  # nobody listens any more
                return
            except http.client.IncompleteRead:
                if self.may_be_cut_off:
                    continue
                raise
            self.answers[answer[0]] += 1
            if answer[0] == 200:
                self.cards += cards_of(answer)
            if sum(self.answers.values()) >= ENOUGH:
                self.enough.set()

    @contextmanager
    def signing(self) -> Iterator[None]:
        with ThreadPoolExecutor(CLINICIANS) as people:
            working = people.map(self.sign, range(CLINICIANS))
            assert self.enough.wait(60)
            yield
            self.closing.set()
            list(working)


def test_a_server_that_is_stopped_under_load_cuts_no_answer_off_and_loses_none(url: str) -> None:
    """What does not arrive whole raises IncompleteRead, which is no OSError."""
    settings = {"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off"}
    with serving(settings, workers=2) as (port, process):
        clinicians = Clinicians(port)
        with clinicians.signing():
            process.terminate()
            assert process.wait(30) == 0
    assert set(clinicians.answers) <= {200, 503}
    assert set(clinicians.cards) <= recorded(url)


def test_calls_that_wait_for_their_ehr_are_answered_before_the_server_ends(url: str) -> None:
    with running(chart_of(COVERED).resources) as ehr:
        asked, answer = threading.Semaphore(0), threading.Event()

        def slow(search: Handler, kind: str) -> None:
            asked.release()
            answer.wait(20)
            del ehr.faults[kind]
            search.do_GET()

        ehr.faults["Condition"] = slow
        settings = {
            "COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off", "COVERAGE_HOOKS_FHIR_SERVERS": ehr.base,
            "COVERAGE_HOOKS_FHIR_DEADLINE_SECONDS": "20",
        }  # fmt: skip
        with serving(settings) as (port, process), ThreadPoolExecutor(1) as clinician:
            signed = clinician.submit(post_body, port, call(ehr))
            assert asked.acquire(timeout=20)
            process.terminate()
            answer.set()
            status, body = signed.result(30)
            assert process.wait(30) == 0
    assert status == 200
    (card,) = body["cards"]
    assert card["extension"]["coverage-hooks.determination"]["outcome"] == "covered"
    assert card["uuid"] in recorded(url)


def test_a_worker_that_is_killed_costs_its_calls_and_no_others(url: str, tmp_path: Path) -> None:
    settings = {"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off"}
    with serving(settings, workers=2) as (port, process):
        clinicians = Clinicians(port, may_be_cut_off=True)
        with clinicians.signing():
            os.kill(workers_of(process.pid)[0], signal.SIGKILL)
            assert restarts_seen(port)
            after = {post(port)[0] for _ in range(20)}
    assert after == {200}
    assert set(clinicians.answers) <= {200, 503}
    assert set(clinicians.cards) <= recorded(url)


def workers_of(server: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def restarts_seen(port: int) -> bool:
    """Whether the metrics say that a third worker has started."""
    for _ in range(200):
        try:
            text = get_text(port, "/metrics")
        except OSError:
            continue
        started = [line for line in text.splitlines() if line.startswith("coverage_hooks_worker_starts_total ")]
        if started and float(started[0].split()[1]) >= 3:
            return True
        threading.Event().wait(0.1)
    return False


def get_text(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def post_body(port: int, body: Any) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", SIGN, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
