"""Servers on loopback, started for one measurement and stopped by their process id."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cds_service.cli import SPARE_THREADS
from cds_service.settings import PREFIX, Settings
from examples.record import TODAY

ROOT: Final = Path(__file__).parent.parent
PATIENCE_SECONDS: Final = 60
NONE: Final[Mapping[str, str]] = MappingProxyType({})
THREADS: Final = Settings().max_calls_in_flight + SPARE_THREADS
"""As many as `coverage-hooks serve` gives each worker."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `started_in` is the time until it was ready, in seconds."""

    port: int
    pid: int
    started_in: float
    process: "subprocess.Popen[bytes]"


@contextmanager
def service(scratch: Path, settings: Mapping[str, str] = NONE, workers: int = 1) -> Iterator[Server]:
    """The service as `coverage-hooks serve` runs it, with a database of its own unless the settings name one."""
    port = free_port()
    words = [sys.executable, "-m", "cds_service.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with running(words, port, "/ready", environment(scratch / f"{port}.db", settings)) as server:
        yield server


@contextmanager
def application(target: str, scratch: Path, settings: Mapping[str, str] = NONE) -> Iterator[Server]:
    """A WSGI application (module:factory) on the same server class, with as many threads and one worker."""
    port = free_port()
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", str(THREADS), "--no-log", target,
    ]  # fmt: skip
    with running(words, port, "/ready", environment(scratch / f"{port}.db", settings)) as server:
        yield server


def environment(database: Path, settings: Mapping[str, str] = NONE) -> dict[str, str]:
    """What a server of ours is started with: no tokens, the day the examples are of, a database of its own."""
    ours = {"auth": "off", "today": TODAY.isoformat(), "database_url": f"sqlite:///{database}", **settings}
    return {f"{PREFIX}{name.upper()}": value for name, value in ours.items()}


@contextmanager
def running(
    words: Sequence[str], port: int, path: str = "/", environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a program that listens on a port, wait until a path answers less than 500, and stop it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        words, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(process, port, path)
        yield Server(port, process.pid, time.perf_counter() - began, process)
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> int:
    """End a process: asked first, then made to. Its exit code."""
    process.terminate()
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(10)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it was ready: {process.args!r}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    raise TimeoutError(f"nothing answers on port {port}")


def free_port() -> int:
    """A port on loopback nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
