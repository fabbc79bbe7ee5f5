"""Clocks that jump while a call is answered: it has one day, and its time is counted by a clock that does not jump."""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import answers, create_app, occasion, settings
from cds_service.settings import Settings
from tests.conformance.wire import bearing, fresh_token
from tests.conftest import EMPTY_RECORD, TODAY, hook_call, order
from tests.faults.conftest import SIGN, call, counted, outcomes
from tests.faults.ehr import FaultyEhr, Handler
from tests.security.building import ISSUER, JWKS_URL, PUBLIC_URL, PUBLISHED

NOTHING_READ = hook_call(order("0686T"), prefetch=EMPTY_RECORD)
YEARS = timedelta(days=800)
"""Beyond every age limit: on that day the record is too old, or is of the future, and nobody would be covered."""


class WallClock:
    """The clock of the machine, which somebody sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        wall, real = self, time.time

        class Day(date):
            @classmethod
            def today(cls) -> date:  # type: ignore[override]
                return TODAY + wall.ahead

        class Moment(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return datetime.fromtimestamp(time.time(), tz)

        monkeypatch.setattr(settings, "date", Day)
        monkeypatch.setattr(occasion, "datetime", Moment)
        monkeypatch.setattr(time, "time", lambda: real() + wall.ahead.total_seconds())


@pytest.fixture
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    return WallClock(monkeypatch)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the service records of its calls: when they came and how long they took."""
    occasions: list[Any] = []
    keep = answers.AnswerRecord.keep_call

    def also(record: Any, call: Any, *more: Any) -> None:
        occasions.append((call.received_at, call.so_far_ms()))
        keep(record, call, *more)

    monkeypatch.setattr(answers.AnswerRecord, "keep_call", also)
    return occasions


@pytest.mark.parametrize("jump", [YEARS, -YEARS], ids=["ahead", "back"])
def test_a_clock_that_jumps_in_mid_call_changes_neither_its_day_nor_its_time(
    jump: timedelta, ehr: FaultyEhr, wall_clock: WallClock, kept: list[Any]
) -> None:
    def set_clock(search: Handler, kind: str) -> None:
        wall_clock.ahead = jump
        del ehr.faults[kind]
        search.do_GET()

    ehr.faults["Condition"] = set_clock
    service = create_app(Settings(auth="off", fhir_servers=(ehr.base,), fhir_deadline_seconds=30)).test_client()
    began = datetime.now(UTC)
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["covered"]
    assert "Condition" not in ehr.faults
    assert counted(service, "deadline_hits_total") == 0
    received_at, took_ms = kept[0]
    assert abs(received_at - began) < timedelta(hours=1)
    assert 0 <= took_ms < 30_000
    assert outcomes(service.post(SIGN, json=call(ehr))) != ["not-covered"], "also on a wrong day nobody is denied"


@pytest.fixture
def guarded(tmp_path: Path) -> FlaskClient:
    """The service with one client, whose calls are signed."""
    (tmp_path / "keys.json").write_bytes(PUBLISHED)
    client: Any = {"name": "A", "issuer": ISSUER, "jku": (JWKS_URL,), "jwks_file": tmp_path / "keys.json"}
    return create_app(Settings(today=TODAY, public_url=PUBLIC_URL, clients=(client,))).test_client()


@pytest.mark.parametrize("hours", [2, -2], ids=["behind", "ahead"])
def test_a_clock_that_is_hours_wrong_refuses_tokens_and_counts_why(hours: int, guarded: FlaskClient) -> None:
    """Ours or the EHR's: only the difference is seen."""
    issued = int(time.time()) + hours * 3600
    for times, status in (({"iat": issued, "exp": issued + 300}, 401), ({}, 200)):
        answer = guarded.post(SIGN, json=NOTHING_READ, headers=bearing(fresh_token(**times)))
        assert answer.status_code == status
    assert counted(guarded, "auth_failures_total", "not-yet" if hours > 0 else "expired") == 1
