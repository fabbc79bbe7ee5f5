"""Calls on their way to the database: what was confirmed gets there, whatever happens to process and database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, select

from cds_service.store import journal as journal_module
from cds_service.store.calls import Rows, keep, rows_of
from cds_service.store.database import migrate, open_database
from cds_service.store.encryption import Sealer
from cds_service.store.errors import StoreUnavailable
from cds_service.store.journal import Journal
from cds_service.store.journal_file import JournalFile, left_behind
from cds_service.store.story import show
from cds_service.store.tables import CALL
from tests.store.building import call, card

ROOT = Path(__file__).parents[2]

Open = Callable[..., Journal]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "record" / "journal"


@pytest.fixture
def lost() -> list[int]:
    """One for each call that could not be kept."""
    return []


@pytest.fixture
def open_(folder: Path, lost: list[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a journal on a database; `gathering` is how long its thread waits before it writes, in seconds."""
    monkeypatch.setattr(journal_module, "RETRY_SECONDS", 0.01)
    opened: list[Journal] = []

    def start(engine: Engine, gathering: float = 0.0) -> Journal:
        opened.append(Journal(engine, folder, lambda: lost.append(1), gathering))
        return opened[-1]

    yield start
    for journal in opened:
        journal.close()


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    """A database without tables: nothing can be written."""
    engine = open_database(url)
    yield engine
    engine.dispose()


def rows(**changes: Any) -> Rows:
    return rows_of(None, call(payload=None, **changes), [card()])


def in_database(engine: Engine) -> list[str]:
    """The ids of all calls."""
    with engine.connect() as connection:
        return list(connection.scalars(select(CALL.c.id).order_by(CALL.c.id)))


def leave_behind(folder: Path, *listed: Rows, more: bytes = b"") -> Path:
    """A journal as a killed process leaves it."""
    journal = JournalFile.create(folder)
    for one in listed:
        journal.append(msgspec.msgpack.encode(one))
    (path,) = folder.glob("*.journal")
    os.write(journal._descriptor, more)
    os.close(journal._descriptor)
    return path


def test_a_call_is_whole_in_the_database_when_the_journal_is_closed(
    engine: Engine, sealer: Sealer, open_: Open, folder: Path
) -> None:
    kept, cards = call(metric={"tokenUse": "used"}), [card(position=0), card(position=1)]
    journal = open_(engine)
    journal.keep(rows_of(sealer, kept, cards))
    journal.close()
    (story,) = show(engine, sealer, kept.id)
    assert (story.call, story.cards) == (kept, tuple(cards))
    assert list(folder.iterdir()) == []


def test_a_call_is_on_disk_before_the_answer_leaves(engine: Engine, open_: Open, folder: Path) -> None:
    journal, one = open_(engine, gathering=3600), rows()
    journal.keep(one)
    (path,) = folder.iterdir()
    assert one.call["id"].encode() in path.read_bytes()
    assert in_database(engine) == []


def test_only_its_owner_may_read_a_journal(engine: Engine, open_: Open, folder: Path) -> None:
    open_(engine)
    (path,) = folder.iterdir()
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_calls_of_many_threads_all_get_there_once(engine: Engine, open_: Open, lost: list[int]) -> None:
    journal, listed = open_(engine), [rows() for _ in range(500)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(journal.keep, listed))
    journal.close()
    assert in_database(engine) == sorted(one.call["id"] for one in listed)
    assert lost == []


def test_what_killed_processes_left_is_written_by_the_next(engine: Engine, url: str, open_: Open, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.store.journal_writer", url, str(folder)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    confirmed: set[str] = set()
    for process in both:
        assert process.stdout is not None
        confirmed |= {process.stdout.readline().strip() for _ in range(50)}
        process.kill()
        rest = process.communicate()[0]
        confirmed |= set(rest.splitlines()[: rest.count("\n")])
    assert in_database(engine) == []
    open_(engine).close()
    kept = in_database(engine)
    assert confirmed <= set(kept)
    assert len(kept) - len(confirmed) <= len(both), "at most one of each was safe and not yet printed"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("more", [b"\x00\x00", b"\x00\x00\x10\x00half", b"\x00\x00\x00\x04\x00\x00\x00\x00torn"])
def test_an_unfinished_entry_costs_no_other(engine: Engine, open_: Open, folder: Path, more: bytes) -> None:
    listed = [rows(id=f"{n}") for n in range(3)]
    leave_behind(folder, *listed, more=more)
    open_(engine).close()
    assert in_database(engine) == ["0", "1", "2"]
    assert list(folder.iterdir()) == []


def test_what_is_in_the_database_already_stays_as_it_is(engine: Engine, open_: Open, folder: Path) -> None:
    known, one = call(payload=None), card()
    keep(engine, None, known, [one])
    leave_behind(folder, rows_of(None, call(id=known.id, payload=None, client="Other"), [one]), rows(id="new"))
    open_(engine).close()
    assert show(engine, None, known.id)[0].call == known
    assert sorted(in_database(engine)) == sorted([known.id, "new"])


def test_a_journal_whose_owner_lives_is_left_alone(engine: Engine, open_: Open, folder: Path) -> None:
    open_(engine, gathering=3600).keep(rows(id="theirs"))
    assert left_behind(folder) == []
    open_(engine).close()
    assert in_database(engine) == []


def test_a_journal_somebody_else_dealt_with_is_not_taken(folder: Path) -> None:
    assert JournalFile.take(leave_behind(folder).with_name("gone.journal")) is None


def test_calls_wait_while_the_database_is_away(empty: Engine, open_: Open, lost: list[int]) -> None:
    journal = open_(empty)
    for number in range(3):
        journal.keep(rows(id=f"{number}"))
    migrate(empty)
    journal.close()
    assert (in_database(empty), lost) == (["0", "1", "2"], [])


def test_what_the_database_does_not_take_in_the_end_is_there_at_the_next_start(
    empty: Engine, open_: Open, folder: Path, lost: list[int]
) -> None:
    journal = open_(empty)
    journal.keep(rows(id="late"))
    journal.close()
    os.close(journal._file._descriptor)  # as the end of the process would
    assert len(list(folder.iterdir())) == 1
    migrate(empty)
    open_(empty).close()
    assert (in_database(empty), list(folder.iterdir()), lost) == (["late"], [], [])


def test_left_behind_calls_stay_when_the_database_is_still_away(empty: Engine, open_: Open, folder: Path) -> None:
    path = leave_behind(folder, rows(id="late"))
    open_(empty).close()
    assert path.exists()


@pytest.mark.parametrize("reason", ["full", "closed", "disk"])
def test_what_the_journal_does_not_take_is_written_at_once(
    engine: Engine, open_: Open, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    def no_space(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    journal = open_(engine, gathering=3600)
    if reason == "full":
        monkeypatch.setattr(journal_module, "LIMIT_BYTES", 0)
    if reason == "closed":
        journal.close()
    if reason == "disk":
        monkeypatch.setattr(JournalFile, "append", no_space)
    journal.keep(rows(id="now"))
    assert in_database(engine) == ["now"]


def test_what_neither_journal_nor_database_takes_is_told(
    empty: Engine, open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "LIMIT_BYTES", 0)
    with pytest.raises(StoreUnavailable):
        open_(empty).keep(rows())


def test_half_an_entry_on_a_full_disk_is_taken_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = JournalFile.create(folder)
    journal.append(b"first")
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, text: write(descriptor, text[:5]))
    with pytest.raises(OSError, match="bytes were written"):
        journal.append(b"second")
    monkeypatch.undo()
    journal.append(b"third")
    assert list(journal.entries()) == [b"first", b"third"]
    journal.remove()


def test_after_half_an_entry_that_cannot_be_taken_back_nothing_is_added_until_all_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    journal = JournalFile.create(folder)
    write = os.write
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", lambda descriptor, text: write(descriptor, text[:5]))
        disk.setattr(os, "ftruncate", broken)
        for entry in (b"first", b"second"):
            with pytest.raises(OSError, match=r"Input/output error|half an entry"):
                journal.append(entry)
        journal.clear()
    with pytest.raises(OSError, match="half an entry"):
        journal.append(b"third")
    journal.clear()
    journal.append(b"fourth")
    assert list(journal.entries()) == [b"fourth"]
    journal.remove()


def test_a_journal_nobody_can_read_stays_and_costs_no_other(engine: Engine, open_: Open, folder: Path) -> None:
    strange = JournalFile.create(folder)
    strange.append(msgspec.msgpack.encode("of another program"))
    os.close(strange._descriptor)
    (path,) = folder.iterdir()
    journal = open_(engine)
    journal.keep(rows(id="mine"))
    journal.close()
    assert (in_database(engine), list(folder.iterdir())) == (["mine"], [path])


def test_a_call_the_database_refuses_costs_no_other(engine: Engine, open_: Open, lost: list[int]) -> None:
    journal = open_(engine)
    for one in (rows(id="0"), Rows({**rows().call, "status": None}, []), rows(id="2")):
        journal.keep(one)
    journal.close()
    assert (in_database(engine), lost) == (["0", "2"], [1])
