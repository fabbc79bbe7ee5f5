"""One token, one use: across calls, threads and processes."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cds_service.store import replay as replay_module
from cds_service.store.errors import StoreUnavailable
from cds_service.store.replay import DatabaseReplay
from cds_service.store.tables import USED_TOKEN

ROOT = Path(__file__).parents[2]
TOKENS = 40
USE_ALL = f"""
import sys
from cds_service.store.database import open_database
from cds_service.store.replay import DatabaseReplay
engine = open_database(sys.argv[1])
replay = DatabaseReplay(engine)
print("ready", flush=True)
sys.stdin.read()
print(*(n for n in range({TOKENS}) if replay.first_use("https://ehr.example", f"token-{{n}}", 4102444800)))
engine.dispose()
"""


@pytest.fixture
def soon() -> int:
    return int(time.time()) + 300


@pytest.fixture
def replay(engine: Engine) -> DatabaseReplay:
    return DatabaseReplay(engine)


def test_a_token_is_used_once(replay: DatabaseReplay, soon: int) -> None:
    assert [replay.first_use("https://ehr.example", "t", soon) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize(("issuer", "jti"), [("https://other.example", "t"), ("https://ehr.example", "u"), ("", "")])
def test_another_issuer_or_id_is_another_token(replay: DatabaseReplay, soon: int, issuer: str, jti: str) -> None:
    assert replay.first_use("https://ehr.example", "t", soon)
    assert replay.first_use(issuer, jti, soon)


def test_issuer_and_id_do_not_run_together(replay: DatabaseReplay, soon: int) -> None:
    assert replay.first_use("ab", "c", soon)
    assert replay.first_use("a", "bc", soon)


def test_of_many_threads_one_has_the_first_use(replay: DatabaseReplay, soon: int) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: replay.first_use("i", "t", soon), range(16))) == 1


def test_of_two_processes_exactly_one_has_each_token(engine: Engine, url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", USE_ALL, url]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(2) as threads:
        won = list(threads.map(lambda process: process.communicate()[0].split(), both))
    assert sorted(int(number) for numbers in won for number in numbers) == list(range(TOKENS))


def test_tokens_refused_for_their_age_are_forgotten_now_and_then(
    engine: Engine, soon: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_module, "CALLS_BETWEEN_PRUNINGS", 3)
    replay, now = DatabaseReplay(engine), int(time.time())
    for jti, expires_at in (("old", now - 27 * 3600), ("just expired", now - 10), ("new", soon)):
        assert replay.first_use("i", jti, expires_at)
    with engine.connect() as connection:
        assert sorted(connection.scalars(select(USED_TOKEN.c.expires_at))) == [now - 10, soon]
    assert not replay.first_use("i", "just expired", now - 10)


def test_a_clock_that_went_wrong_by_a_day_and_is_set_back_makes_no_used_token_good_again(
    replay: DatabaseReplay, soon: int
) -> None:
    assert replay.first_use("i", "t", soon)
    replay.prune(int(time.time()) + 24 * 3600)
    assert not replay.first_use("i", "t", soon)


def test_an_answer_does_not_fail_because_pruning_does(
    replay: DatabaseReplay, soon: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_now: int) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(replay_module, "CALLS_BETWEEN_PRUNINGS", 1)
    monkeypatch.setattr(replay, "prune", down)
    assert replay.first_use("i", "t", soon)


def test_no_issuer_and_no_id_is_stored(engine: Engine, replay: DatabaseReplay, soon: int) -> None:
    replay.first_use("https://ehr.example", "token-1", soon)
    with engine.connect() as connection:
        (digest,) = connection.scalars(select(USED_TOKEN.c.digest))
    assert len(digest) == 64
