"""Twice as many calls as a worker takes at a time, on the production server."""

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any

from tests.faults.conftest import COVERED, call
from tests.faults.ehr import FaultyEhr, Handler, running
from tests.policy_151.patients import chart_of
from tests.store.test_service_ends import get_text, recorded
from tests.store.test_service_processes import SIGN, get, serving

ROOM = 4
RETRY_SECONDS = 1


@contextmanager
def slow_ehr() -> Iterator[tuple[FaultyEhr, threading.Event]]:
    """An EHR that answers when it is let."""
    answer = threading.Event()

    def slow(search: Handler, kind: str) -> None:
        answer.wait(30)
        search.answer_as_ever(kind)

    with running(chart_of(COVERED).resources) as ehr:
        ehr.faults["Condition"] = slow
        try:
            yield ehr, answer
        finally:
            answer.set()


def post(port: int, body: Any) -> tuple[int, dict[str, str], Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
    try:
        connection.request("POST", SIGN, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), json.loads(answer.read())
    finally:
        connection.close()


def test_at_twice_the_load_every_call_is_answered_or_told_to_come_again(url: str) -> None:
    settings = {
        "COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off",
        "COVERAGE_HOOKS_FHIR_DEADLINE_SECONDS": "25", "COVERAGE_HOOKS_MAX_CALLS_IN_FLIGHT": str(ROOM),
    }  # fmt: skip
    with slow_ehr() as (ehr, answer), ThreadPoolExecutor(2 * ROOM) as clinicians:
        settings["COVERAGE_HOOKS_FHIR_SERVERS"] = ehr.base
        with serving(settings) as (port, _):
            signed = [clinicians.submit(post, port, call(ehr)) for _ in range(2 * ROOM)]
            ended = as_completed(signed, timeout=40)
            refused = [next(ended).result() for _ in range(ROOM)]
            assert get(port, "/health") == 200
            answer.set()
            answered = [one.result() for one in ended]
            again = [post(port, call(ehr)) for _ in refused]
            counted = get_text(port, "/metrics")
    assert [(status, headers.get("retry-after")) for status, headers, _ in refused] == [
        (503, str(RETRY_SECONDS))
    ] * ROOM
    assert {body["resourceType"] for *_, body in refused} == {"OperationOutcome"}
    assert [status for status, *_ in (*answered, *again)] == [200] * 2 * ROOM
    assert 'coverage_hooks_calls_total{service="order-sign-crd",status="503"} 4.0' in counted
    assert {body["cards"][0]["uuid"] for *_, body in (*answered, *again)} <= recorded(url)
