"""The schema: built once by whoever is first, the same that the code speaks of."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from cds_service.errors import SettingsError
from cds_service.store.database import MIGRATIONS, is_ready, migrate, open_database
from cds_service.store.errors import StoreUnavailable
from cds_service.store.story import show
from cds_service.store.tables import metadata

ROOT = Path(__file__).parents[2]
MIGRATE = """
import sys
from cds_service.store.database import MIGRATIONS, is_ready, migrate, open_database
engine = open_database(sys.argv[1])
sys.stdin.read()
migrate(engine)
print(is_ready(engine))
engine.dispose()
"""


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


def test_an_empty_database_becomes_ready_and_stays_so(empty: Engine) -> None:
    assert not is_ready(empty)
    migrate(empty)
    migrate(empty)
    assert is_ready(empty)


def test_processes_that_start_at_once_all_find_the_schema(url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", MIGRATE, url]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    with ThreadPoolExecutor(len(started)) as threads:
        answers = list(threads.map(lambda process: process.communicate()[0].strip(), started))
    assert answers == ["True"] * 4


def test_threads_that_start_at_once_all_find_the_schema(empty: Engine) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrate(empty), range(4)))
    assert is_ready(empty)


def test_the_migrations_build_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_calls_of_the_first_version_stay_and_can_be_read(empty: Engine) -> None:
    with empty.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(
            "INSERT INTO hook_call VALUES"
            " ('c-1', 'r', 's', 'order-sign', 'h', 'General', '2026-11-24 12:00:00', 1.5, 200, '[]', NULL)"
        ))  # fmt: skip
    assert not is_ready(empty)
    migrate(empty)
    (story,) = show(empty, None, "c-1")
    assert (story.call.client, story.call.metric) == ("General", None)


def test_a_database_of_a_newer_version_is_neither_ready_nor_touched(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_ready(engine)
    with pytest.raises(StoreUnavailable, match="another version"):
        migrate(engine)


def test_an_sqlite_file_survives_a_killed_process_and_checks_its_foreign_keys(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/new/folder/calls.db")
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with engine.connect() as connection:
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]
    engine.dispose()
    assert told == ["wal", 1, 1, 5000]
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "calls.db",
        "mysql://root@host/calls",
        "postgresql+asyncpg://host/calls",
        "postgresql://u:secret@h:x/y",
    ],
)
def test_a_url_that_cannot_be_used_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(SettingsError, match="database_url") as refused:
        open_database(url)
    assert "secret" not in str(refused.value)


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="pip install"):
        open_database("postgresql://localhost/calls")
