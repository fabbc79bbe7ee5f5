"""What is known of servers: kept for hours, a failure for minutes. It is knowledge of a server, not of any call."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Generic, TypeVar

from fhir_mappings.capabilities import NOT_KNOWN, Capabilities

log = logging.getLogger(__name__)

KNOWN_SECONDS: Final = 6 * 3600.0
"""How long a CapabilityStatement is believed."""
FAILED_SECONDS: Final = 300.0
"""How long a server that gave none is not asked again."""
DISTRUST_SECONDS: Final = 3600.0
"""How long a server whose batch was of no use gets none: one that hangs costs a call half of its time."""
MOST_SERVERS: Final = 256
WORTH_FACTOR: Final = 2.0
WORTH_SECONDS: Final = 0.1
"""A batch may take twice as long as searches side by side and this much more: it costs both ends less."""

T = TypeVar("T")
Clock = Callable[[], float]


class KnownServers:
    """What servers said they can do, by base URL, and how their batches went. Shared by all calls.

    Where nothing may be asked, nothing is known.
    """

    def __init__(self, now: Clock = time.monotonic, may_ask: bool = True) -> None:
        self._may_ask = may_ask
        self._lock = threading.Lock()
        self._said: _Memory[Capabilities] = _Memory(now)
        self._distrusted: _Memory[bool] = _Memory(now)
        self._side_by_side: _Memory[float] = _Memory(now)
        self._asked: set[str] = set()

    def of(self, base_url: str) -> Capabilities:
        """What a server can do, as far as it is known now."""
        with self._lock:
            said = self._said.get(base_url) or NOT_KNOWN
            return replace(said, can_batch=False) if self._distrusted.get(base_url) else said

    def takes_question(self, base_url: str) -> bool:
        """Whether a server is to be asked, by whoever is told so first: the answer is then awaited in `learned`."""
        with self._lock:
            if not self._may_ask or base_url in self._asked or self._said.get(base_url) is not None:
                return False
            self._asked.add(base_url)
            return True

    def learned(self, base_url: str, said: Capabilities | None) -> None:
        """What a server answered, or None."""
        with self._lock:
            self._asked.discard(base_url)
            self._said.put(base_url, said or NOT_KNOWN, KNOWN_SECONDS if said else FAILED_SECONDS)

    def distrust(self, base_url: str) -> None:
        """Its batch was of no use."""
        log.info("a batch of searches was of no use: for a while each is asked by itself")
        with self._lock:
            self._distrusted.put(base_url, True, DISTRUST_SECONDS)

    def took_side_by_side(self, base_url: str, seconds: float) -> None:
        """How long the searches of a call took, each a request of its own."""
        with self._lock:
            self._side_by_side.put(base_url, seconds, KNOWN_SECONDS)

    def took_together(self, base_url: str, seconds: float) -> None:
        """How long a batch took. One much slower than searches side by side is worked through one after the other."""
        with self._lock:
            before = self._side_by_side.get(base_url)
        if before is not None and seconds > before * WORTH_FACTOR + WORTH_SECONDS:
            self.distrust(base_url)


class _Memory(Generic[T]):
    """Values by server, each for a time. When there are too many, what was kept first goes first."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._kept: dict[str, tuple[float, T]] = {}

    def get(self, server: str) -> T | None:
        until, value = self._kept.get(server, (0.0, None))
        return value if value is not None and self._now() < until else None

    def put(self, server: str, value: T, seconds: float) -> None:
        self._kept.pop(server, None)
        while len(self._kept) >= MOST_SERVERS:
            del self._kept[next(iter(self._kept))]
        self._kept[server] = (self._now() + seconds, value)
