"""What a call may read, what its reads may take, and what became of them."""

import threading
import time
from dataclasses import dataclass
from typing import Final

from fhir_mappings.record import RawResource

DEADLINE_PASSED: Final = "the deadline passed"
TOO_LARGE: Final = "the answer is too large"
_NOT_OFFERED: Final = frozenset({404, 405, 410, 501})
_REFUSED: Final = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class Access:
    """One hook call's right to read: the server, already checked against the allowed ones, and the token."""

    base_url: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One search: the key its result goes by, the type it brings, and a query or the URL of a next page."""

    key: str
    resource_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a search came to: its resources, and when it is not complete, why.

    Not offered: the server has nothing of this type. Refused: it may have, and does not let us search it.
    """

    resources: tuple[RawResource, ...] = ()
    failure: str = ""
    is_not_offered: bool = False
    is_refused: bool = False


def declined(status: int) -> Read:
    """What a search that was answered with another HTTP status than 200 came to."""
    return Read((), f"HTTP status {status}", status in _NOT_OFFERED, status in _REFUSED)


class Allowance:
    """What the searches of one call may take together: time, until a moment on time.monotonic(), and bytes."""

    def __init__(self, deadline: float, most_bytes: int) -> None:
        self.deadline = deadline
        self._bytes_left = most_bytes
        self._lock = threading.Lock()

    def seconds(self) -> float:
        """The time that is left."""
        return self.deadline - time.monotonic()

    def grants(self, size: int) -> bool:
        """Take so many bytes of what is left, if there are as many."""
        with self._lock:
            self._bytes_left -= size
            return self._bytes_left >= 0
