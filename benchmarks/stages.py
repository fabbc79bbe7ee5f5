"""CPU of each stage of a call: functions are wrapped, and what happens inside another stage counts there only."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch


class Stages:
    """A stack of running stages; each has the time of the thread it took itself."""

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._clock = clock
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What runs inside belongs to this stage, save what a stage within it takes."""
        self._turn()
        self._running.append(name)
        try:
            yield
        finally:
            self._turn()
            self._running.pop()

    def _turn(self) -> None:
        now = self._clock()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted under a stage."""

        def call(*args: Any, **more: Any) -> Any:
            with self.stage(name):
                return function(*args, **more)

        return call


@contextmanager
def timing(stages: Stages, places: Iterable[tuple[str, Any, str]]) -> Iterator[None]:
    """Count functions under stages while inside; each place is a stage, a module or class, and a name in it."""
    with ExitStack() as stack:
        for name, owner, attribute in places:
            timed = stages.timed(name, getattr(owner, attribute))
            stack.enter_context(patch.object(owner, attribute, timed))
        yield
