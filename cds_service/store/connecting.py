"""How connections are made: durable SQLite, PostgreSQL that fails fast when it is gone."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from cds_service.errors import SettingsError
from cds_service.store.errors import StoreUnavailable

IMMEDIATE: Final = "immediate"
"""Execution option: the transaction writes, so SQLite takes its write lock at once instead of failing halfway."""

TURNS: Final = "turns"
"""Execution option: whose turn it is to write, where the database takes one writer at a time."""

POOL: Final = {"pool_size": 5, "max_overflow": 15, "hide_parameters": True}
PAUSE_SECONDS: Final = 5.0  # more than the time of a call: it waits for a vanished server once
UNHURRIED_SECONDS: Final = 5.0
"""How long those who have time wait for a lock, a statement, a connection."""

_SQLITE: Final = (
    "PRAGMA busy_timeout = {wait_ms}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",  # kept when the process is killed; PostgreSQL also keeps it when the power goes
    "PRAGMA foreign_keys = ON",
)
_POSTGRESQL: Final = (
    "SET statement_timeout = {wait_ms}; SET idle_in_transaction_session_timeout = 10000; SET timezone = 'UTC'"
)
_FAIL_FAST: Final[dict[str, Any]] = {
    "connect_timeout": 2,  # seconds; the least libpq knows
    "tcp_user_timeout": 5000,  # milliseconds until unacknowledged data means the server is gone
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "application_name": "coverage-hooks",
}


def open_sqlite(url: URL, wait_seconds: float) -> Engine:
    """An SQLite file, whose folder is made if there is none, readable by its owner only."""
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise SettingsError("database_url: sqlite:///FILE; a record in memory would be another one in each thread")
    try:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the folder of the database cannot be made ({type(error).__name__})") from error
    engine = create_engine(url, pool_timeout=wait_seconds, execution_options={TURNS: Turns()}, **POOL)
    event.listen(engine, "connect", partial(_set_up_sqlite, int(wait_seconds * 1000)))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(wait_ms: int, connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in _SQLITE:
        connection.execute(pragma.format(wait_ms=wait_ms)).close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Turns:
    """The writers of one process, one after the other: waiting for SQLite itself is a lottery that some lose.

    When one has waited in vain for another process, those behind it have too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed_at = 0.0

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for the turn and have it. Raises StoreUnavailable."""
        asked_at = time.monotonic()
        with self._lock:
            if self._failed_at >= asked_at:
                raise StoreUnavailable("the database cannot be used (another writer has just waited in vain)")
            try:
                yield
            except OperationalError as error:
                if _waited_in_vain(error):
                    self._failed_at = time.monotonic()
                raise


def _waited_in_vain(error: OperationalError) -> bool:
    """Whether another process kept SQLite locked; whatever else is wrong is found out without waiting."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def open_postgresql(url: URL, wait_seconds: float) -> Engine:
    """PostgreSQL by psycopg 3. What the URL says of timeouts wins over ours."""
    ours = {name: value for name, value in _FAIL_FAST.items() if name not in url.query}
    engine = create_engine(url, connect_args=ours, pool_pre_ping=True, pool_timeout=wait_seconds, **POOL)
    event.listen(engine, "do_connect", Patience().connect)
    event.listen(engine, "connect", partial(_set_up_postgresql, int(wait_seconds * 1000)))
    return engine


def _set_up_postgresql(wait_ms: int, connection: Any, _record: object) -> None:
    connection.execute(_POSTGRESQL.format(wait_ms=wait_ms))
    connection.commit()


class Patience:
    """After a failed connection none is tried for a moment: a vanished server must not cost every call its wait."""

    def __init__(self) -> None:
        self._not_before = 0.0

    def connect(self, dialect: Dialect, _record: object, arguments: Any, options: Any) -> Any:
        """Connect, or fail at once while the last failure is fresh."""
        driver: Any = dialect.loaded_dbapi
        if time.monotonic() < self._not_before:
            raise driver.OperationalError("the database did not answer a moment ago")
        try:
            return dialect.connect(*arguments, **options)
        except driver.OperationalError:
            self._not_before = time.monotonic() + PAUSE_SECONDS
            raise
