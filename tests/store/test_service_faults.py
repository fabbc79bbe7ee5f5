"""Whatever the database does, the clinician is answered: what is lost is the record of it, and that is counted."""

import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Engine, event, make_url, text

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store import connecting
from cds_service.store.transactions import writing
from examples.record import FOLDER
from tests.conformance.wire import bearing, fresh_token
from tests.conftest import EMPTY_RECORD, TODAY, hook_call, order
from tests.faults.conftest import SIGN, counted, outcomes
from tests.security.building import ISSUER, JWKS_URL, PUBLIC_URL, PUBLISHED
from tests.store.throwaway_postgresql import free_port

REQUEST = json.loads((FOLDER / "hcc-covered" / "request.json").read_text("utf-8"))
CALL_SECONDS = 5
"""The time a hook call has (contract, section 7)."""
Start = Callable[..., Flask]
only_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    """The service on a database, with one client whose calls are signed, and payloads kept; closed in the end."""
    monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")
    (tmp_path / "keys.json").write_bytes(PUBLISHED)
    client: Any = {"name": "A", "issuer": ISSUER, "jku": (JWKS_URL,), "jwks_file": tmp_path / "keys.json"}
    apps: list[Flask] = []

    def on(url: str, **more: Any) -> Flask:
        fixed: Any = {"today": TODAY, "public_url": PUBLIC_URL, "clients": (client,), "database_url": url}
        apps.append(create_app(Settings(record_keys=Fernet.generate_key().decode(), **fixed, **more)))
        return apps[-1]

    yield on
    for app in apps:
        engine_of(app).dispose()


def engine_of(app: Flask) -> Engine:
    return app.extensions["record of answers"].engine


def assert_answered_and_lost(app: Flask) -> None:
    """The answer is that of a good day; the record and the check of used tokens are counted as lost."""
    client = app.test_client()
    token = fresh_token()
    assert outcomes(client.post(SIGN, json=REQUEST, headers=bearing(token))) == ["covered"]
    assert counted(client, "store_losses_total") == 1
    assert counted(client, "replay_checks_lost_total") == 1
    assert client.post(SIGN, json=REQUEST, headers=bearing(token)).status_code == 401, "not twice in this process"


def test_a_database_that_is_down_costs_no_answer(start: Start) -> None:
    assert_answered_and_lost(start(f"postgresql://nobody@127.0.0.1:{free_port()}/none"))


def test_a_database_that_never_answers_costs_no_answer(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "PAUSE_SECONDS", 60.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert_answered_and_lost(start(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"))


@only_sqlite
def test_a_database_another_process_keeps_locked_costs_no_answer(url: str, start: Start) -> None:
    app = start(url)
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE").close()
        assert_answered_and_lost(app)


@only_postgresql
def test_tables_another_session_keeps_locked_cost_no_answer(url: str, start: Start) -> None:
    app = start(url)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE hook_call, used_token IN ACCESS EXCLUSIVE MODE")
        assert_answered_and_lost(app)


def every_connection_says(app: Flask, pragma: str) -> None:
    engine_of(app).dispose()
    event.listen(engine_of(app), "connect", lambda connection, _: connection.execute(pragma).close())


@only_sqlite
def test_a_read_only_disk_costs_no_answer(url: str, start: Start) -> None:
    app = start(url)
    every_connection_says(app, "PRAGMA query_only = ON")
    assert_answered_and_lost(app)


@only_sqlite
def test_a_disk_that_runs_full_costs_no_answer(url: str, start: Start) -> None:
    app = start(url, auth="off")
    with engine_of(app).connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    every_connection_says(app, f"PRAGMA max_page_count = {pages + 8}")  # the tables, and room for some calls
    client = app.test_client()
    assert {outcomes(client.post(SIGN, json=REQUEST))[0] for _ in range(40)} == {"covered"}
    assert 0 < counted(client, "store_losses_total") < 40


@only_postgresql
def test_a_read_only_server_costs_no_answer(url: str, start: Start) -> None:
    app = start(url)
    engine_of(app).dispose()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
    assert_answered_and_lost(app)


@only_sqlite
def test_a_file_that_is_overwritten_costs_no_answer(url: str, start: Start) -> None:
    app = start(url)
    engine_of(app).dispose()
    path = Path(str(make_url(url).database))
    for beside in path.parent.iterdir():
        beside.unlink()
    path.write_text("this is no database, whatever its name says")
    assert_answered_and_lost(app)


@only_sqlite
def test_a_folder_that_is_gone_costs_no_answer(url: str, start: Start) -> None:
    app = start(url)
    engine_of(app).dispose()
    path = Path(str(make_url(url).database))
    os.rename(path.parent, path.parent.with_name("moved"))  # noqa: PTH104
    assert_answered_and_lost(app)


def test_what_waits_for_a_database_leaves_the_call_its_time(url: str, start: Start) -> None:
    """Reads may take their deadline; what is left of the call's time is enough to wait for the database twice."""
    app = start(url)
    left = CALL_SECONDS - Settings().fhir_deadline_seconds
    with writing(engine_of(app)) as connection:
        question = "PRAGMA busy_timeout" if connection.dialect.name == "sqlite" else (
            "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"
        )  # fmt: skip
        waits_ms = int(connection.execute(text(question)).scalar_one())
    assert 0 < 2 * waits_ms < left * 1000


def test_a_text_the_database_cannot_hold_costs_no_answer(url: str, start: Start) -> None:
    """PostgreSQL holds no NUL in a text; JSON does."""
    app = start(url, auth="off")
    body = {**hook_call(order("0686T"), prefetch=EMPTY_RECORD), "hookInstance": "a\x00b"}
    assert outcomes(app.test_client().post(SIGN, json=body)) == ["not-covered"]


@pytest.mark.parametrize("odd", ["1" + "0" * 400, "1e-400", '"\\u0000"'])
def test_a_value_the_record_cannot_hold_costs_no_answer(url: str, odd: str, start: Start) -> None:
    body = json.dumps(hook_call(order("0686T", note="HERE"), prefetch=EMPTY_RECORD)).replace('"HERE"', odd)
    answer = start(url, auth="off").test_client().post(SIGN, data=body, content_type="application/json")
    assert outcomes(answer) == ["not-covered"]
