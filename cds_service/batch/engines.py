"""Where the work is done: this process, processes of this machine, or a Dask cluster; the engines are others' own."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import Any, Final, Literal, TypeVar

from cds_service.operations.logs import configure_logging, place_of

T = TypeVar("T")

EngineName = Literal["local", "dask"]
NO_DASK: Final = "the engine dask is not installed: pip install 'coverage-hooks[batch]', here and on the cluster"


class EngineError(Exception):
    """The work cannot be done there; the message says why, and holds nothing of a patient."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine, and how much of it: processes of this machine, or the address of a scheduler."""

    name: EngineName = "local"
    workers: int = 1
    scheduler: str = ""
    log_level: str = "info"


def each_done(engine: Engine, work: Callable[[T], None], tasks: Iterable[T]) -> Iterator[None]:
    """Do the work on every task, and say so each time one is done. Raises EngineError for the first that fails."""
    with _executor(engine) as executor:
        if executor is None:
            for task in tasks:
                _told_safely(work, task)
                yield
            return
        futures = [executor.submit(_told_safely, work, task) for task in tasks]
        try:
            yield from map(_ended, as_completed(futures))
        finally:
            for future in futures:
                future.cancel()


def _told_safely(work: Callable[[T], None], task: T) -> None:
    """An error's own message may quote a record, and would travel to logs of the engine."""
    try:
        work(task)
    except Exception as error:  # noqa: BLE001
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise EngineError(f"{why}, in {place_of(error.__traceback__)}") from None


def _ended(future: Future[None]) -> None:
    try:
        future.result()
    except EngineError:
        raise
    except Exception as error:  # noqa: BLE001 - the engine's own: a process that was killed, a cluster that is gone
        raise EngineError(f"the engine failed with {type(error).__name__}") from None


@contextmanager
def _executor(engine: Engine) -> Iterator[Executor | None]:
    if engine.name == "dask":
        with _dask(engine.scheduler) as executor:
            yield executor
    elif engine.workers == 1:
        yield None
    else:
        context = get_context("spawn")  # a fork would copy whatever threads of the parent held
        with ProcessPoolExecutor(engine.workers, context, _start, (engine.log_level,)) as pool:
            yield pool


def _start(log_level: str) -> None:
    """Begin a process of the pool: log as the service does, and end when the parent is killed."""
    configure_logging(log_level)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _dask(scheduler: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise EngineError(NO_DASK) from None
    connect: Any = Client
    try:
        client = connect(scheduler)
    except (OSError, ValueError) as error:
        raise EngineError(f"the scheduler cannot be reached: {type(error).__name__}") from None
    with client:
        yield client.get_executor(pure=False)  # a task asked for again is to be done again, not remembered
