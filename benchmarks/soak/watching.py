"""A server watched from outside while it is under load."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.processes import Look, look


@dataclass(frozen=True, slots=True)
class Sample:
    """How the server's processes stood, some seconds after the start."""

    at: float
    look: Look


@contextmanager
def watching(pid: int, every_seconds: float) -> Iterator[list[Sample]]:
    """Look every few seconds for as long as the block runs; the list grows meanwhile."""
    samples: list[Sample] = []
    enough = threading.Event()
    began = time.monotonic()

    def watch() -> None:
        while not enough.wait(every_seconds):
            try:
                samples.append(Sample(time.monotonic() - began, look(pid)))
            except psutil.NoSuchProcess:  # a process below came and went; the next look will do
                continue

    watcher = threading.Thread(target=watch, name="watcher")
    watcher.start()
    try:
        yield samples
    finally:
        enough.set()
        watcher.join()
