"""Load that comes when it is due: what is counted as answered was answered, and what was cut off is told."""

import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.open_loop import CUT, REFUSED, WRONG, Call, Load, Target, of_status
from benchmarks.servers import free_port
from benchmarks.stages import Stages, timing


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers each call by what its body says."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if asked == "cut":
            self.close_connection = True
            return
        status = int(asked) if asked.isdigit() else 200
        self.send_response(status)
        if status == 503:
            self.send_header("Retry-After", "1")
        body = asked.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


LONG_ENOUGH = 60
"""Seconds no test takes: each load ends by itself before."""


@contextmanager
def scripted(*bodies: str) -> Iterator[Target]:
    """A server, and calls with these bodies in turn."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scripted) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Target(server.server_port, lambda number: bodies[number % len(bodies)].encode(), b"covered")
        server.shutdown()
        thread.join()


def calls_until(number: int, target: Target, rate: float | None, connections: int = 1) -> list[Call]:
    """Load that is stopped by the call of this number."""
    load: Load

    def body(now: int) -> bytes:
        if now == number:
            load.stopped.set()
        return target.body(now)

    load = Load(replace(target, body=body), connections)
    return load.run(rate, LONG_ENOUGH)


def test_each_call_has_its_number_and_comes_when_it_is_due() -> None:
    with scripted("covered") as target:
        calls = calls_until(39, target, 1000, connections=4)
    assert [call.number for call in calls[:40]] == list(range(40))
    assert {call.status for call in calls} == {200}
    assert all(call.due == call.number / 1000 for call in calls)
    assert all(call.took_ms > 0 for call in calls)


@pytest.mark.parametrize(
    ("body", "status", "may_come_again"),
    [("covered", 200, False), ("undetermined", WRONG, False), ("503", 503, True), ("500", 500, False)],
)
def test_a_call_is_counted_by_what_came_back(body: str, status: int, may_come_again: bool) -> None:
    with scripted(body) as target:
        (call,) = Load(target, 1).run(1 / LONG_ENOUGH, LONG_ENOUGH)
    assert (call.status, call.may_come_again) == (status, may_come_again)


def test_a_call_whose_connection_is_closed_is_told_apart_and_the_next_one_is_made() -> None:
    with scripted("cut", "covered") as target:
        calls = calls_until(3, target, None)
    assert [call.status for call in calls] == [CUT, 200, CUT, 200]
    assert len(of_status(calls, 200)) == 2


def test_where_nobody_listens_each_connection_gives_up_after_one_call() -> None:
    calls = Load(Target(free_port(), lambda _: b"", b""), 2).run(1000, LONG_ENOUGH)
    assert Counter(call.status for call in calls) == {REFUSED: 2}


def test_load_that_is_stopped_sends_nothing_more() -> None:
    with scripted("covered") as target:
        load = Load(target, 2)
        load.stopped.set()
        assert load.run(None, LONG_ENOUGH) == []


def test_what_runs_inside_another_stage_counts_there_only() -> None:
    times = iter([0.0, 1.0, 4.0, 5.0])
    stages = Stages(lambda: next(times))
    with stages.stage("outer"), stages.stage("inner"):
        pass
    assert stages.seconds == {"outer": 2, "inner": 3}


def test_functions_are_timed_only_while_the_block_runs() -> None:
    class Service:
        @staticmethod
        def answer() -> str:
            return "covered"

    plain = Service.answer
    stages = Stages(lambda: 0.0)
    with timing(stages, [("answering", Service, "answer")]):
        assert Service.answer() == "covered"
        assert Service.answer is not plain
    assert Service.answer is plain
    assert list(stages.seconds) == ["answering"]
