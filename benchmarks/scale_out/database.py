"""A PostgreSQL for the instances, and what it did for their calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import psycopg

from tests.store.throwaway_postgresql import cluster

SETTINGS: Final = ("fsync=on", "max_connections=200", "shared_preload_libraries=pg_stat_statements")
STATEMENTS: Final = """
SELECT query, calls, total_exec_time FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC
"""
NOT_OURS: Final = ("pg_", "SET ", "CREATE EXTENSION")


@dataclass(frozen=True, slots=True)
class Statement:
    """A kind of statement, how often it ran, and how long in all."""

    text: str
    times: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Work:
    """What a database did: statements, log written and database grown, in bytes, and commits."""

    statements: tuple[Statement, ...]
    log: int
    growth: int


@contextmanager
def postgresql(binaries: Path) -> Iterator["Database"]:
    """A server that writes to disk as in production, and counts statements."""
    with cluster(binaries, *SETTINGS) as server, psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        backend = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert backend is not None
        yield Database(server, connection, psutil.Process(backend[0]).parent().pid)


@dataclass(frozen=True, slots=True)
class Database:
    """A running server: its URL without a database's name, a connection for its owner, its first process."""

    server: str
    connection: "psycopg.Connection[tuple[object, ...]]"
    pid: int

    def create(self, name: str) -> str:
        """An empty database; its URL."""
        self.connection.execute(f'CREATE DATABASE "{name}"')
        return f"{self.server}{name}"


class Meter:
    """Counts what a database does from when it is made."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        self._connection.execute("SELECT pg_stat_statements_reset()")
        self._log, self._size = self._position()

    def read(self) -> Work:
        """What it did until now."""
        log, size = self._position()
        rows = self._connection.execute(STATEMENTS).fetchall()
        self._connection.close()
        statements = tuple(Statement(shortened(text), times, spent) for text, times, spent in rows if is_ours(text))
        return Work(statements, log - self._log, size - self._size)

    def _position(self) -> tuple[int, int]:
        asked = "SELECT pg_current_wal_lsn() - '0/0', pg_database_size(current_database())"
        row = self._connection.execute(asked).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])


def is_ours(text: str) -> bool:
    """Whether a statement is the service's, not the meter's or the pool's setting up."""
    return not any(mark in text for mark in NOT_OURS)


def shortened(text: str) -> str:
    """A statement as a reader knows it again: its verb and its table."""
    words = text.replace("(", " (").split()
    if words[:2] == ["INSERT", "INTO"]:
        return f"INSERT INTO {words[2]}"
    if words[0] == "SELECT" and "FROM" in words[:-1]:
        return f"SELECT FROM {words[words.index('FROM') + 1]}"
    return " ".join(words)[:60]
