"""A process that is killed leaves every answer it confirmed and no half of another."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, func, select

from cds_service.store.calls import keep
from cds_service.store.story import show
from cds_service.store.tables import CALL, CARD
from tests.store.building import call
from tests.store.writer import CARDS

ROOT = Path(__file__).parents[2]


def confirmed_before_the_kill(url: str, enough: int) -> list[str]:
    command = [sys.executable, "-m", "tests.store.writer", url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ids = [process.stdout.readline().strip() for _ in range(enough)]
        process.kill()
        rest = process.stdout.read()
    return ids + rest.splitlines()[: rest.count("\n")]


def test_a_killed_process_leaves_whole_calls_and_every_confirmed_one(engine: Engine, url: str) -> None:
    confirmed = confirmed_before_the_kill(url, 50)
    grouped = select(CALL.c.id, func.count(CARD.c.uuid)).select_from(CALL.outerjoin(CARD)).group_by(CALL.c.id)
    with engine.connect() as connection:
        cards_of = {row[0]: row[1] for row in connection.execute(grouped)}
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert set(confirmed) <= set(cards_of)
    assert len(cards_of) - len(confirmed) <= 1, "at most one was committed and not yet printed"
    assert set(cards_of.values()) == {CARDS}


def test_after_a_kill_the_next_process_writes_on(engine: Engine, url: str) -> None:
    confirmed_before_the_kill(url, 3)
    kept = call(payload=None)
    keep(engine, None, kept, [])
    assert show(engine, None, kept.id)[0].call == kept
