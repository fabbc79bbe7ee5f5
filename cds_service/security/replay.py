"""A token is good for one call: its `jti` is remembered as long as it could be accepted again."""

import heapq
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Replay(Protocol):
    """The tokens seen, shared by everything that answers for one service."""

    def first_use(self, issuer: str, jti: str, expires_at: int) -> bool:
        """Remember a token until `expires_at` (seconds since 1970); True the first time only. Atomic."""


class MemoryReplay:
    """The tokens one process has seen: for tests and for a service of a single process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: set[tuple[str, str]] = set()
        self._by_end: list[tuple[int, str, str]] = []

    def first_use(self, issuer: str, jti: str, expires_at: int) -> bool:
        """See Replay."""
        with self._lock:
            self._forget_expired()
            if (issuer, jti) in self._seen:
                return False
            self._seen.add((issuer, jti))
            heapq.heappush(self._by_end, (expires_at, issuer, jti))
            return True

    def __len__(self) -> int:
        return len(self._seen)

    def _forget_expired(self) -> None:
        now = self._clock()
        while self._by_end and self._by_end[0][0] < now:
            _, issuer, jti = heapq.heappop(self._by_end)
            self._seen.discard((issuer, jti))
