"""Commands that report on recorded calls."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from cds_service import cli, create_app
from cds_service.crd_metrics.table import COLUMNS
from cds_service.settings import Settings
from examples.record import FOLDER
from tests.conftest import TODAY, identifying_words

SIGN = "/cds-services/order-sign-crd"
EVER = ("--from", "2020-01-01", "--to", "9000-01-01")


@pytest.fixture(autouse=True)
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of its own, with a key."""
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", f"sqlite:///{tmp_path}/calls.db")
    monkeypatch.setenv("COVERAGE_HOOKS_RECORD_KEYS", Fernet.generate_key().decode())


@pytest.fixture
def calls() -> list[Any]:
    """Three calls: two answered, whose cards were accepted and passed over, and one refused."""
    app = create_app(Settings(auth="off", today=TODAY))
    client = app.test_client()
    bodies = [json.loads((FOLDER / n / "request.json").read_text("utf-8")) for n in ("hcc-covered", "histotripsy")]
    answers = [client.post(SIGN, json=body).get_json() for body in bodies]
    uuid = answers[0]["cards"][0]["uuid"]
    act = {"card": uuid, "outcome": "accepted", "outcomeTimestamp": "2026-11-24T12:00:00Z",
           "acceptedSuggestions": [{"id": "s-1"}]}  # fmt: skip
    assert client.post(f"{SIGN}/feedback", json={"feedback": [act]}).status_code == 200
    assert client.post(SIGN, json={}).status_code == 400
    app.extensions["record of answers"].engine.dispose()
    return answers


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, words)


def exported(*words: str) -> list[Any]:
    shown = run("metrics", "export", *words)
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in shown.output.splitlines()]


def test_metric_1_each_call_is_a_line_of_crd_metric_data(calls: list[Any]) -> None:
    covered, refused_technique, failed = exported(*EVER)
    assert [one["httpResponse"] for one in (covered, refused_technique, failed)] == [200, 200, 400]
    card, statement = covered["request"][0]["response"]
    assert (card["type"], card["engagement"]) == ("guideline", "accept")
    assert statement["coverageInfo"][0]["covered"] == "covered"
    assert "engagement" not in refused_technique["request"][0]["response"][0]
    assert failed["issue"] == [{"code": "invalid"}]
    assert [one["source"] for one in (covered, failed)] == ["payer-src"] * 2


def test_metric_1_the_same_as_a_table(calls: list[Any]) -> None:
    shown = run("metrics", "export", *EVER, "--format", "csv")
    rows = list(csv.DictReader(StringIO(shown.output)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["responseType"] for row in rows] == ["guideline", "coverage-info", "guideline", "coverage-info", ""]
    assert [row["httpResponse"] for row in rows] == ["200"] * 4 + ["400"]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_an_export_holds_nothing_of_a_patient(calls: list[Any], form: str) -> None:
    shown = run("metrics", "export", *EVER, "--format", form)
    assert [word for word in identifying_words() | {"hcc-covered"} if word in shown.output] == []


def test_both_days_are_inside(calls: list[Any]) -> None:
    (day, *_) = exported(*EVER)[0]["requestTime"].split("T")
    assert len(exported("--from", day, "--to", day)) == 3
    assert exported("--from", "2020-01-01", "--to", "2020-01-01") == []


def test_calls_are_listed_without_what_is_sealed(calls: list[Any]) -> None:
    rows = json.loads(run("calls", "list", "--since", "2020-01-01", "--json").output)
    assert [(row["service"], row["status"]) for row in rows] == [("order-sign-crd", s) for s in (200, 200, 400)]
    assert rows[0]["answer"] == "coverage covered, coverage-information covered"
    assert json.loads(run("calls", "show", rows[0]["id"]).output)[0]["call"]["id"] == rows[0]["id"]
    shown = run("calls", "list", "--since", "2020-01-01").output
    assert shown.splitlines()[0].split() == ["id", "received", "service", "client", "status", "ms", "answer"]
    assert len(shown.splitlines()) == 4
    assert [word for word in identifying_words() | {"hcc-covered"} if word in shown] == []


def test_no_more_calls_are_listed_than_asked_for(calls: list[Any]) -> None:
    assert len(json.loads(run("calls", "list", "--since", "2020-01-01", "--limit", "2", "--json").output)) == 2


def test_a_day_without_calls_is_said_to_have_none() -> None:
    assert run("db", "upgrade").exit_code == 0
    assert run("calls", "list", "--since", "2020-01-01").output == "no calls since then\n"
    assert run("metrics", "export", *EVER).output == ""


@pytest.mark.parametrize("words", [("metrics", "export", *EVER), ("calls", "list", "--since", "2020-01-01")])
def test_a_database_that_is_down_is_an_error_a_person_can_read(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    shown = run(*words)
    assert (shown.exit_code, "Traceback" in shown.output, "database" in shown.output) == (1, False, True)


def test_a_day_is_written_as_a_date() -> None:
    assert run("metrics", "export", "--from", "yesterday", "--to", "2026-11-24").exit_code == 2
