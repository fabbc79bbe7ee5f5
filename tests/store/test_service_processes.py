"""Processes that share one database: they refuse the same token, and lose no answered call when they are killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cds_service.store.database import open_database
from cds_service.store.tables import CALL, CARD
from examples.record import FOLDER
from tests.security.building import PUBLISHED, REMOVED, claims, header, token

REQUEST = (FOLDER / "histotripsy" / "request.json").read_bytes()
SIGN = "/cds-services/order-sign-crd"
CALLS = 1000
KILLS = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(settings: dict[str, str], workers: int = 1) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The production server in a process group of its own, stopped by its process id."""
    port = free_port()
    environment = {**os.environ, "COVERAGE_HOOKS_LOG_LEVEL": "error", "COVERAGE_HOOKS_TODAY": "2026-11-24", **settings}
    command = [sys.executable, "-m", "cds_service.cli", "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port)
        yield port, process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            get(port, "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the service does not start")


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def post(port: int, authorization: str = "") -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json", **({"Authorization": authorization} if authorization else {})}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", SIGN, REQUEST, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_two_processes_of_two_workers_admit_a_token_once(url: str, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(PUBLISHED)
    config = tmp_path / "settings.toml"
    issuer = claims()["iss"]
    config.write_text(
        f'[service]\npublic_url = "https://coverage.example"\n[[clients]]\nname = "A"\nissuer = "{issuer}"\n'
        'jwks_file = "keys.json"\n',
        "utf-8",
    )
    settings = {"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_CONFIG": str(config)}
    now = int(time.time())
    with serving(settings, workers=2) as (first, _), serving(settings, workers=2) as (second, _):
        for number in range(5):
            times = {"iat": now, "exp": now + 300, "jti": f"token-{number}"}
            signed = token(header(jku=REMOVED), aud=f"https://coverage.example{SIGN}", **times)
            answers = [post(port, f"Bearer {signed}")[0] for port in (first, second, first, second)]
            assert sorted(answers) == [200, 401, 401, 401]


@pytest.mark.parametrize(
    ("workers", "journal"), [(1, False), (1, True), (2, True)], ids=["1", "1-journal", "2-journal"]
)
def test_no_answered_call_is_lost_when_the_process_is_killed(
    url: str, tmp_path: Path, workers: int, journal: bool
) -> None:
    settings = {"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off"}
    if journal:
        settings["COVERAGE_HOOKS_RECORD_JOURNAL"] = str(tmp_path / "journal")
    answered: list[str] = []
    for _ in range(KILLS):
        with serving(settings, workers) as (port, process):
            answered += answered_at(port, CALLS // KILLS, at_once=2 * workers)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
    if journal:
        with serving(settings):  # what the last ones left is written by the next
            pass
        assert list((tmp_path / "journal").iterdir()) == []
    assert len(answered) == CALLS
    assert_kept(url, answered)


def answered_at(port: int, calls: int, at_once: int = 1) -> list[str]:
    """The uuids of the cards of so many calls."""
    with ThreadPoolExecutor(at_once) as threads:
        return [uuid for answer in threads.map(lambda _: post(port), range(calls)) for uuid in cards_of(answer)]


def assert_kept(url: str, answered: list[str]) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        kept = set(connection.scalars(select(CARD.c.uuid)))
        orphans = connection.scalars(select(CARD.c.uuid).where(CARD.c.call_id.not_in(select(CALL.c.id)))).all()
    engine.dispose()
    assert set(answered) <= kept
    assert orphans == []


def cards_of(answer: tuple[int, bytes]) -> list[str]:
    body: Any = json.loads(answer[1])
    return [card["uuid"] for card in body["cards"]]


def test_a_call_in_flight_is_finished_when_the_server_is_asked_to_stop(url: str) -> None:
    with serving({"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off"}) as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.putrequest("POST", SIGN)
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(REQUEST)))
        connection.endheaders(REQUEST[:10])
        time.sleep(0.3)
        process.terminate()
        time.sleep(0.3)
        connection.send(REQUEST[10:])
        assert connection.getresponse().status == 200
        connection.close()
        process.wait(30)  # asked a second time while it ends, it would end at once
    assert process.returncode == 0


def test_two_workers_asked_to_stop_leave_nothing_in_their_journals(url: str, tmp_path: Path) -> None:
    settings = {"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off"}
    settings["COVERAGE_HOOKS_RECORD_JOURNAL"] = str(tmp_path / "journal")
    with serving(settings, workers=2) as (port, _):
        answered = answered_at(port, 20, at_once=4)
    assert list((tmp_path / "journal").iterdir()) == []
    assert_kept(url, answered)


def test_a_worker_that_is_killed_alone_leaves_its_journal_to_its_successor(url: str, tmp_path: Path) -> None:
    settings = {"COVERAGE_HOOKS_DATABASE_URL": url, "COVERAGE_HOOKS_AUTH": "off"}
    settings["COVERAGE_HOOKS_RECORD_JOURNAL"] = str(tmp_path / "journal")
    with serving(settings) as (port, process):
        answered = answered_at(port, 20)
        for worker in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split():
            os.kill(int(worker), signal.SIGKILL)
        wait_for(port)
        answered += answered_at(port, 20)
    assert list((tmp_path / "journal").iterdir()) == []
    assert_kept(url, answered)


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_an_open_service_does_not_start_beyond_loopback(address: str) -> None:
    command = [sys.executable, "-m", "cds_service.cli", "serve", "--host", address]
    environment = {**os.environ, "COVERAGE_HOOKS_AUTH": "off"}
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert b"loopback" in ended.stderr
