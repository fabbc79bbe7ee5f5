"""When the database is gone every use says so with one error, soon, and without what was to be kept."""

import socket
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event, make_url

from cds_service.store import connecting
from cds_service.store.calls import keep, purge
from cds_service.store.database import is_ready, migrate, open_database
from cds_service.store.encryption import Sealer, rotate
from cds_service.store.errors import StoreUnavailable
from cds_service.store.feedback import keep_feedback, summary
from cds_service.store.replay import DatabaseReplay
from cds_service.store.story import show
from cds_service.store.transactions import writing
from tests.store.building import NOON, call, card, entry
from tests.store.throwaway_postgresql import free_port

Use = Callable[[Engine, Sealer], object]

USES: dict[str, Use] = {
    "migrate": lambda engine, _: migrate(engine),
    "keep": lambda engine, sealer: keep(engine, sealer, call(), [card()]),
    "show": lambda engine, sealer: show(engine, sealer, "some id"),
    "purge": lambda engine, _: purge(engine, NOON),
    "rotate": rotate,
    "keep_feedback": lambda engine, sealer: keep_feedback(engine, sealer, "order-sign-crd", (entry("c"),)),
    "summary": lambda engine, _: summary(engine),
    "first_use": lambda engine, _: DatabaseReplay(engine).first_use("i", "t", 4102444800),
}
every_use = pytest.mark.parametrize("use", USES.values(), ids=USES.keys())


def closed_port() -> str:
    return f"postgresql://postgres@127.0.0.1:{free_port()}/calls"


@pytest.fixture
def opened() -> Iterator[Callable[[str], Engine]]:
    engines: list[Engine] = []

    def open_(url: str) -> Engine:
        engines.append(open_database(url))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.dispose()


@every_use
def test_a_server_that_does_not_run_is_unavailable(use: Use, opened: Callable[[str], Engine], sealer: Sealer) -> None:
    engine = opened(closed_port())
    with pytest.raises(StoreUnavailable, match="OperationalError"):
        use(engine, sealer)
    assert not is_ready(engine)


def test_a_server_that_never_answers_is_given_up_and_left_alone_for_a_moment(
    opened: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "PAUSE_SECONDS", 60.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = opened(f"postgresql://postgres@127.0.0.1:{silent.getsockname()[1]}/calls?connect_timeout=2")
        with pytest.raises(StoreUnavailable):
            summary(engine)
        with pytest.raises(StoreUnavailable) as refused:
            summary(engine)
    assert "a moment ago" in str(refused.value.__cause__)


@every_use
def test_a_file_that_is_no_database_is_unavailable(
    use: Use, opened: Callable[[str], Engine], tmp_path: Path, sealer: Sealer
) -> None:
    (tmp_path / "calls.db").write_text("this is no database, whatever its name says")
    with pytest.raises(StoreUnavailable):
        use(opened(f"sqlite:///{tmp_path}/calls.db"), sealer)


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="folder"):
        open_database(f"sqlite:///{tmp_path}/file/calls.db")


def test_a_database_that_was_never_migrated_is_unavailable(url: str, opened: Callable[[str], Engine]) -> None:
    engine = opened(url)
    with pytest.raises(StoreUnavailable):
        keep(engine, None, call(), [])
    assert not is_ready(engine)


def test_a_file_another_process_keeps_locked_is_given_up(tmp_path: Path, opened: Callable[[str], Engine]) -> None:
    engine = opened(f"sqlite:///{tmp_path}/calls.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 20").close())
    migrate(engine)
    other = sqlite3.connect(tmp_path / "calls.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE").close()
    kept = call()
    with pytest.raises(StoreUnavailable):
        keep(engine, None, kept, [])
    assert is_ready(engine), "readers do not wait for a writer"
    other.close()
    keep(engine, None, kept, [])


def test_all_connections_taken_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "POOL", {**connecting.POOL, "pool_size": 1, "max_overflow": 0})
    engine = open_database(f"sqlite:///{tmp_path}/calls.db", wait_seconds=0.01)
    with engine.connect(), pytest.raises(StoreUnavailable, match="TimeoutError"):
        summary(engine)
    engine.dispose()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_that_comes_back_is_used_again(
    postgresql_server: str, url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "PAUSE_SECONDS", 0.0)
    name = make_url(url).database
    keep(engine, None, call(), [card()])
    with psycopg.connect(f"{postgresql_server}postgres", autocommit=True) as administrator:
        administrator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        with pytest.raises(StoreUnavailable):
            keep(engine, None, call(), [card()])
        assert not is_ready(engine)
        administrator.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    keep(engine, None, call(), [card()])
    assert is_ready(engine)


def test_no_message_holds_what_was_to_be_kept(url: str, opened: Callable[[str], Engine], sealer: Sealer) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        keep_feedback(opened(url), sealer, "order-sign-crd", (entry("card-of-miriam", comment="Miriam"),))
    assert "iriam" not in f"{refused.value} {refused.value.__cause__}"


def test_writers_of_a_process_wait_for_one_another_and_give_up_together(
    tmp_path: Path, opened: Callable[[str], Engine]
) -> None:
    """Behind one that has waited for another process in vain nobody waits once more."""
    engine = open_database(f"sqlite:///{tmp_path}/calls.db", wait_seconds=0.2)
    migrate(engine)
    begun: list[str] = []
    event.listen(engine, "begin", lambda connection: begun.append("tried"), insert=True)

    def write(_: int) -> bool:
        try:
            keep(engine, None, call(), [])
        except StoreUnavailable:
            return False
        return True

    with ThreadPoolExecutor(8) as writers:
        other = sqlite3.connect(tmp_path / "calls.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE").close()
        assert not any(writers.map(write, range(8)))
        assert len(begun) < 8
        other.close()
        assert all(writers.map(write, range(64)))
    engine.dispose()


def test_one_that_failed_without_waiting_costs_those_behind_it_nothing(tmp_path: Path) -> None:
    """A table that is missing is found out at once, and says nothing of the next writer's."""
    engine = open_database(f"sqlite:///{tmp_path}/calls.db")
    migrate(engine)
    with ThreadPoolExecutor(1) as behind:
        following: list[Future[None]] = []

        def fail() -> None:
            with writing(engine) as connection:
                following.append(behind.submit(keep, engine, None, call(), []))
                assert not wait(following, timeout=0.1).done
                connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

        with pytest.raises(StoreUnavailable, match="OperationalError"):
            fail()
        following[0].result(10)
    engine.dispose()
