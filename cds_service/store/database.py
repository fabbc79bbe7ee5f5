"""The database by its URL: opened, brought to the newest schema, asked whether it is ready."""

import threading
from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.exc import ArgumentError

from cds_service.errors import SettingsError
from cds_service.store.connecting import UNHURRIED_SECONDS, open_postgresql, open_sqlite
from cds_service.store.errors import StoreUnavailable
from cds_service.store.transactions import reading, writing

MIGRATIONS: Final = Path(__file__).parent / "migrations"
ADVISORY_LOCK: Final = 0x636F7665726167  # "coverag", any number no other program takes
_one_at_a_time = threading.Lock()  # alembic keeps the running migration in a module


def open_database(url: str, wait_seconds: float = UNHURRIED_SECONDS) -> Engine:
    """The database of this SQLAlchemy URL; nothing is connected yet.

    `wait_seconds` is how long anything is waited for: a lock, a statement, a free connection.

    Raises SettingsError for a URL this service cannot use, StoreUnavailable when the folder cannot be made.
    """
    parsed = _parsed(url)
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return open_sqlite(parsed, wait_seconds)
    if parsed.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise SettingsError("database_url: sqlite:///FILE or postgresql://USER@HOST/NAME, no other database")
    try:
        return open_postgresql(parsed.set(drivername="postgresql+psycopg"), wait_seconds)
    except ModuleNotFoundError:
        raise SettingsError("database_url: PostgreSQL needs psycopg: pip install coverage-hooks[postgresql]") from None


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # neither message is passed on: it may hold the password
        raise SettingsError("database_url: this is no SQLAlchemy URL, as sqlite:///instance/calls.db is one") from None


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision, in one transaction; of several processes one does it, the others wait.

    Raises StoreUnavailable, also for a database that a newer version of this service has migrated further.
    """
    with _one_at_a_time, writing(engine) as connection:
        _wait_for_the_others(connection)
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreUnavailable("the schema is of another version of this service") from error


def _wait_for_the_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def is_ready(engine: Engine) -> bool:
    """Whether the database answers and has exactly this version's schema."""
    try:
        with reading(engine) as connection:
            return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [_head()]
    except StoreUnavailable:
        return False


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
