"""Transactions: all or nothing, and one error when the database cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Engine, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from cds_service.store.connecting import IMMEDIATE, TURNS, Turns
from cds_service.store.errors import StoreUnavailable


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the database. Raises StoreUnavailable."""
    with _explained(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, committed at the end or not at all. Raises StoreUnavailable."""
    turns: Turns | None = engine.get_execution_options().get(TURNS)
    with (
        _explained(),
        turns.take() if turns else nullcontext(),
        engine.connect() as connection,
        connection.execution_options(**{IMMEDIATE: True}).begin(),
    ):
        yield connection


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (IntegrityError, DataError):
        raise  # what was given is wrong, not the database
    except (DBAPIError, PoolExhausted) as error:
        cause = getattr(error, "orig", None) or error
        raise StoreUnavailable(f"the database cannot be used ({type(cause).__name__})") from error


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that leaves a row alone whose key is already there."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
