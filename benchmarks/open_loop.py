"""Load that comes when it is due, answered or not: a slow server does not slow it down, and is not flattered."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Final

from benchmarks.calls import JSON, PATH, connect

CUT: Final = 0
"""The status of a call whose connection was closed before an answer came."""

REFUSED: Final = -1
"""The status of a call for which no connection could be made."""

WRONG: Final = -2
"""The status of a call that was answered 200 with something else than it should say."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its number, when it was due in seconds after the start, and what became of it.

    `took_ms` counts from when it was due, so that waiting for a free connection is in it; without a timetable a call is
    due when its connection is free.
    """

    number: int
    due: float
    took_ms: float
    status: int
    may_come_again: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Who is called, with what, and what a good answer says."""

    port: int
    body: Callable[[int], bytes]
    says: bytes


class Load:
    """A number of connections that share one timetable."""

    def __init__(self, target: Target, connections: int, numbers: Iterator[int] | None = None) -> None:
        self._target = target
        self._connections = connections
        self._numbers = numbers or count()
        self._lock = threading.Lock()
        self.stopped = threading.Event()

    def run(self, rate: float | None, seconds: float) -> list[Call]:
        """Call at a rate (calls a second), or as fast as answers come, for some seconds or until stopped."""
        began = time.monotonic()
        turns = count()
        with ThreadPoolExecutor(self._connections, thread_name_prefix="clinician") as people:
            each = [people.submit(self._calls, turns, rate, began, seconds) for _ in range(self._connections)]
        return sorted((call for one in each for call in one.result()), key=lambda call: call.number)

    def _calls(self, turns: Iterator[int], rate: float | None, began: float, seconds: float) -> list[Call]:
        connection = connect(self._target.port)
        found: list[Call] = []
        while not self.stopped.is_set():
            now = time.monotonic() - began
            with self._lock:
                due, number = next(turns) / rate if rate else now, next(self._numbers)
            if max(due, now) >= seconds or self.stopped.wait(max(due - now, 0)):
                break
            status, may_come_again = self._call(connection, number)
            if status in (CUT, REFUSED):
                connection.close()
            found.append(Call(number, due, (time.monotonic() - began - due) * 1000, status, may_come_again))
            if status == REFUSED:
                break
        connection.close()
        return found

    def _call(self, connection: http.client.HTTPConnection, number: int) -> tuple[int, bool]:
        try:
            connection.request("POST", PATH, self._target.body(number), JSON)
            answer = connection.getresponse()
            content = answer.read()
        except ConnectionRefusedError:
            return REFUSED, False
        except (OSError, http.client.HTTPException):
            return CUT, False
        if answer.status == 200 and self._target.says not in content:
            return WRONG, False
        return answer.status, answer.getheader("Retry-After") is not None


def of_status(calls: Sequence[Call], *statuses: int) -> list[Call]:
    """The calls that ended so."""
    return [call for call in calls if call.status in statuses]
