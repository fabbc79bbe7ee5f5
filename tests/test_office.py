"""Commands of those who run the service."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from cds_service import cli, create_app
from cds_service.settings import Settings
from examples.record import FOLDER
from tests.conftest import TODAY
from tests.security.building import PUBLISHED

REQUEST = json.loads((FOLDER / "hcc-too-large" / "request.json").read_text("utf-8"))
SIGN = "/cds-services/order-sign-crd"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A record of its own, with a key."""
    settings = {
        "COVERAGE_HOOKS_DATABASE_URL": f"sqlite:///{tmp_path}/calls.db",
        "COVERAGE_HOOKS_RECORD_KEYS": Fernet.generate_key().decode(),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def card(environment: dict[str, str]) -> str:
    """The uuid of a card that was sent, overridden by the clinician."""
    app = create_app(Settings(auth="off", today=TODAY))
    client = app.test_client()
    uuid: str = client.post(SIGN, json=REQUEST).get_json()["cards"][0]["uuid"]
    reason = {"code": "data-is-wrong", "system": "https://x.example", "display": "wrong"}
    entry = {"card": uuid, "outcome": "overridden", "outcomeTimestamp": "2026-11-24T12:00:00Z",
             "overrideReason": {"reason": reason}}  # fmt: skip
    assert client.post(f"{SIGN}/feedback", json={"feedback": [entry]}).status_code == 200
    app.extensions["record of answers"].engine.dispose()
    return uuid


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, words)


def test_found_38_the_whole_story_of_an_answer_is_told_by_the_id_of_its_card(card: str) -> None:
    (story,) = json.loads(run("calls", "show", card).output)
    assert story["cards"][0]["outcome"] == "not-covered"
    assert story["call"]["payload"]["asked"]["patient"] == "hcc-too-large"
    assert story["feedback"][0]["outcome"] == "overridden"


def test_an_id_nobody_knows_is_an_error(environment: dict[str, str]) -> None:
    assert run("db", "upgrade").exit_code == 0
    assert run("calls", "show", "nothing").exit_code == 1


def test_feedback_is_summarized_by_criterion_and_reason(card: str) -> None:
    rows = json.loads(run("feedback", "--json").output)
    assert {row["criterion"] for row in rows} == {"II", "I.D.1.a.iii", "I.D.2.listed"}
    assert all((row["reason"], row["overridden"]) == ("data-is-wrong", 1) for row in rows)
    assert "data-is-wrong" in run("feedback").output


def test_without_feedback_the_summary_says_so(environment: dict[str, str]) -> None:
    run("db", "upgrade")
    assert run("feedback").output == "no feedback yet\n"


def test_sec_6_what_is_older_than_the_retention_time_is_removed(card: str) -> None:
    assert run("calls", "purge").output == "0 calls removed\n"
    assert run("calls", "purge", "--before", "2100-01-01").output == "1 calls removed\n"
    assert run("calls", "show", card).exit_code == 1


def test_payloads_are_sealed_anew_with_a_new_first_key(card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Settings().fernet_keys()[0]
    new = Fernet.generate_key().decode()
    monkeypatch.setenv("COVERAGE_HOOKS_RECORD_KEYS", f"{new},{old}")
    assert run("calls", "rekey").output == "2 payloads sealed anew\n"
    monkeypatch.setenv("COVERAGE_HOOKS_RECORD_KEYS", new)
    assert run("calls", "show", card).exit_code == 0
    monkeypatch.setenv("COVERAGE_HOOKS_RECORD_KEYS", old)
    assert "record_keys" in run("calls", "show", card).output


def test_rekey_without_keys_says_what_is_missing(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COVERAGE_HOOKS_RECORD_KEYS")
    assert "record_keys" in run("calls", "rekey").output


CLIENT = '[[clients]]\nname = "General"\nissuer = "https://ehr.example"\njwks_file = "keys.json"\n'


@pytest.mark.parametrize(
    ("text", "keys", "exit_code", "said"),
    [
        (
            CLIENT + 'fhir_servers = ["https://ehr.example/fhir"]\njku = ["https://ehr.example/k"]\n',
            PUBLISHED,
            0,
            "good",
        ),
        (CLIENT, b"{}", 1, "General"),
        ("", b"", 1, "no client is registered"),
        (CLIENT + CLIENT, PUBLISHED, 1, "issuer"),
    ],
)
def test_registrations_are_checked(tmp_path: Path, text: str, keys: bytes, exit_code: int, said: str) -> None:
    (tmp_path / "keys.json").write_bytes(keys)
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    shown = run("clients", "check", "--config", str(tmp_path / "settings.toml"))
    assert (shown.exit_code, said in shown.output) == (exit_code, True), shown.output


def test_a_database_that_is_down_is_an_error_a_person_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    shown: Any = run("db", "upgrade")
    assert (shown.exit_code, "Traceback" in shown.output) == (1, False)
    assert "database" in shown.output
