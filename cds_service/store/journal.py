"""Calls on their way to the database: safe in a file before the answer leaves, written by a thread of their own.

An entry outlives its process; what a killed one left is written when the next starts. While the database is away
entries wait, up to a limit; beyond it calls are written at once, as without a journal.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Engine

from cds_service.store.calls import Rows, keep_again, keep_rows
from cds_service.store.errors import StoreUnavailable
from cds_service.store.journal_file import JournalFile, left_behind

log = logging.getLogger(__name__)

BATCH: Final = 200
LIMIT_BYTES: Final = 64 * 1024 * 1024
GATHERING_SECONDS: Final = 0.05
RETRY_SECONDS: Final = 2.0
CLOSING_SECONDS: Final = 10.0

_entry = msgspec.msgpack.Decoder(Rows)


class Journal:
    """Takes calls from all threads of a process; one thread writes them. `lost` is told of each nobody can keep."""

    def __init__(
        self, engine: Engine, folder: Path, lost: Callable[[], None], gathering_seconds: float = GATHERING_SECONDS
    ) -> None:
        """Open a journal, and begin to write what others left behind. Raises OSError."""
        self._engine = engine
        self._gathering_seconds = gathering_seconds
        self._lost = lost
        self._file = JournalFile.create(folder)
        self._orphans = left_behind(folder)
        self._waiting = deque[Rows]()
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._closing = threading.Event()
        self._writer = threading.Thread(target=self._write, name="record-journal", daemon=True)
        self._writer.start()
        self._at_exit = Finalize(None, self.close, exitpriority=10)  # a worker ends without running atexit

    def keep(self, rows: Rows) -> None:
        """Have a call kept. Raises StoreUnavailable when neither the journal nor the database takes it."""
        if self._append(rows):
            self._something.set()
        else:
            keep_rows(self._engine, rows)

    def close(self) -> None:
        """Write what waits. What the database does not take now stays in the file for the next start."""
        self._at_exit.cancel()
        self._closing.set()
        self._something.set()
        self._writer.join(CLOSING_SECONDS)

    def _append(self, rows: Rows) -> bool:
        entry = msgspec.msgpack.encode(rows)
        with self._lock:
            if self._closing.is_set() or self._file.size + len(entry) > LIMIT_BYTES:
                return False
            try:
                self._file.append(entry)
            except OSError as error:
                log.error("the journal takes no more, calls are written at once: %s", type(error).__name__)  # noqa: TRY400
                return False
            self._waiting.append(rows)
            return True

    def _write(self) -> None:
        """The thread: first what was left behind, then what comes, gathered for a moment."""
        for orphan in self._orphans:
            self._adopt(orphan)
        while not self._closing.is_set():
            self._something.wait()
            self._closing.wait(self._gathering_seconds)
            self._drain()
        self._drain()
        if not self._waiting:
            self._file.remove()

    def _adopt(self, orphan: JournalFile) -> None:
        try:
            if all(self._is_done(batch) for batch in _batches(orphan)):
                orphan.remove()
        except (OSError, msgspec.MsgspecError) as error:  # it stays, and costs no other
            log.error("a journal that was left behind cannot be read: %s", type(error).__name__)  # noqa: TRY400

    def _drain(self) -> None:
        while batch := self._next():
            if not self._is_done(batch):
                return
            with self._lock:
                for _ in batch:
                    self._waiting.popleft()
                if not self._waiting:
                    self._file.clear()

    def _next(self) -> list[Rows]:
        with self._lock:
            if not self._waiting and not self._closing.is_set():
                self._something.clear()
            return list(islice(self._waiting, BATCH))

    def _is_done(self, batch: Sequence[Rows]) -> bool:
        """Whether nothing is left to do for these. While the database is away this waits, unless we are closing."""
        for attempt in count():
            try:
                keep_again(self._engine, batch)
            except StoreUnavailable as error:
                if attempt == 0:
                    log.warning("calls wait in the journal: %s", error)
                    self._file.sync()
                if self._closing.wait(RETRY_SECONDS):
                    return False
            except Exception as error:  # noqa: BLE001 - a thread that ends here would keep nothing more
                return self._is_each_done(batch, error)
            else:
                break
        return True

    def _is_each_done(self, batch: Sequence[Rows], error: Exception) -> bool:
        """One of them is refused for what it holds: the others are kept all the same."""
        if len(batch) > 1:
            return all(self._is_done([rows]) for rows in batch)
        self._lost()
        log.error("an answer was given that could not be recorded: %s", type(error).__name__)
        return True


def _batches(journal: JournalFile) -> Iterator[list[Rows]]:
    entries = journal.entries()
    while batch := [_entry.decode(entry) for entry in islice(entries, BATCH)]:
        yield batch
