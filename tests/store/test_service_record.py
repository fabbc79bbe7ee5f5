"""The record of answers as the service keeps it, over HTTP, on each database."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store.database import open_database
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import Row, summary
from cds_service.store.story import show
from examples.record import FOLDER
from tests.conftest import TODAY

KEY = Fernet.generate_key().decode()
REQUEST = json.loads((FOLDER / "hcc-covered" / "request.json").read_text("utf-8"))
REPLACEABLE = json.loads((FOLDER / "histotripsy-alternative" / "request.json").read_text("utf-8"))
SIGN = "/cds-services/order-sign-crd"

Start = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over what a test gives: leave the database to the test."""
    monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")


@pytest.fixture
def service() -> Iterator[Callable[..., FlaskClient]]:
    """Starts the service on a database, and closes it in the end."""
    apps: list[Flask] = []

    def start(url: str, **more: Any) -> FlaskClient:
        apps.append(create_app(Settings(auth="off", today=TODAY, database_url=url, **more)))
        return apps[-1].test_client()

    yield start
    for app in apps:
        app.extensions["record of answers"].engine.dispose()


@pytest.fixture
def story(url: str) -> Iterator[Any]:
    engine = open_database(url)
    yield lambda identity, sealer=None: show(engine, sealer, identity)
    engine.dispose()


def test_found_11_found_37_an_answer_is_kept_under_the_id_of_its_card(url: str, story: Any, service: Start) -> None:
    answer = service(url).post(SIGN, json=REQUEST, headers={"X-Request-ID": "call-0001"})
    (card,) = answer.get_json()["cards"]
    (told,) = story(card["uuid"])
    assert (told.call.request_id, told.call.hook, told.call.status) == ("call-0001", "order-sign", 200)
    assert told.call.revisions == ("151/2025-05-06",)
    assert (told.cards[0].outcome, told.cards[0].criteria) == ("covered", ("I.D.1.a",))


def test_sec_6_without_a_key_nothing_of_the_patient_is_kept(url: str, story: Any, service: Start) -> None:
    answer = service(url).post(SIGN, json=REQUEST)
    (told,) = story(answer.get_json()["cards"][0]["uuid"])
    assert (told.call.payload, told.is_sealed) == (None, False)


def test_with_a_key_the_whole_story_is_kept_and_never_the_token(url: str, story: Any, service: Start) -> None:
    body = {**REQUEST, "fhirServer": "https://ehr.example/fhir"}
    body["fhirAuthorization"] = {"access_token": "very-secret", "token_type": "Bearer"}
    answer = service(url, record_keys=KEY).post(SIGN, json=body)
    (card,) = answer.get_json()["cards"]
    (told,) = story(card["uuid"], Sealer((KEY,)))
    assert told.call.payload["cards"][0] == card
    assert told.call.payload["asked"]["patient"] == REQUEST["context"]["patientId"]
    assert "Condition/hcc-covered-hcc" in told.call.payload["read"]["Condition"]
    assert "very-secret" not in json.dumps(told.call.payload)


def test_the_same_answer_has_the_same_assertion_and_two_cards(url: str, story: Any, service: Start) -> None:
    client = service(url)
    cards = [client.post(SIGN, json=REQUEST).get_json()["cards"][0]["uuid"] for _ in range(2)]
    (first,), (second,) = story(cards[0]), story(cards[1])
    assert first.cards[0].assertion_id == second.cards[0].assertion_id
    assert len(story(first.cards[0].assertion_id)) == 2


def test_every_card_is_kept_under_its_uuid_with_its_type(url: str, story: Any, service: Start) -> None:
    """Histotripsy for a patient whose ablation would be covered: a coverage card, and an alternative beside it."""
    cards = service(url).post(SIGN, json=REPLACEABLE).get_json()["cards"]
    assert len(cards) == 2
    for card, kind in zip(cards, ("coverage", "alternate-request"), strict=True):
        (told,) = story(card["uuid"])
        kept = {one.uuid: one for one in told.cards}[card["uuid"]]
        assert (kept.kind, kept.outcome, kept.criteria) == (kind, "not-covered", ("VI",))
        assert bool(kept.assertion_id) is (kind == "coverage")
        assert [one.uuid for one in told.cards] == [one["uuid"] for one in cards]


def test_the_card_of_an_encounter_is_kept_though_it_judges_no_order(url: str, story: Any, service: Start) -> None:
    body = {
        "hook": "encounter-start", "hookInstance": "h-1", "prefetch": {"coverage": None},
        "context": {"userId": "Practitioner/1", "patientId": "p1", "encounterId": "e-1"},
    }  # fmt: skip
    (card,) = service(url).post("/cds-services/encounter-start-crd", json=body).get_json()["cards"]
    (told,) = story(card["uuid"])
    assert (told.call.service, told.call.revisions) == ("encounter-start-crd", ())
    assert [(one.kind, one.outcome, one.criteria) for one in told.cards] == [("coverage-record", "", ())]


def test_feedback_is_summed_up_by_the_type_of_card(url: str, service: Start) -> None:
    client = service(url)
    coverage, alternative = client.post(SIGN, json=REPLACEABLE).get_json()["cards"]
    chosen = {"id": alternative["suggestions"][0]["uuid"]}
    entries = [
        {"card": alternative["uuid"], "outcome": "accepted", "acceptedSuggestions": [chosen]},
        {"card": coverage["uuid"], "outcome": "overridden"},
    ]
    dated = [{**entry, "outcomeTimestamp": "2026-11-24T12:24:43Z"} for entry in entries]
    assert client.post(f"{SIGN}/feedback", json={"feedback": dated}).status_code == 200
    engine = open_database(url)
    assert summary(engine) == [
        Row("alternate-request", "not-covered", "VI", "", 1, 0),
        Row("coverage", "not-covered", "VI", "", 0, 1),
    ]
    engine.dispose()


def test_feedback_is_kept_once_however_often_it_is_sent(url: str, story: Any, service: Start) -> None:
    client = service(url)
    card = client.post(SIGN, json=REQUEST).get_json()["cards"][0]["uuid"]
    entry = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-24T12:24:43.185Z"}
    for _ in range(2):
        assert client.post(f"{SIGN}/feedback", json={"feedback": [entry]}).status_code == 200
    assert len(story(card)[0].feedback) == 1


def test_feedback_for_a_service_nobody_offers_is_404(url: str, service: Start) -> None:
    answer = service(url).post("/cds-services/nothing/feedback", json={"feedback": []})
    assert answer.status_code == 404


class TestWithoutADatabase:
    URL = "postgresql://nobody@127.0.0.1:9/none"

    def test_impl_2_the_clinician_is_answered_and_the_loss_is_counted(self, service: Start) -> None:
        client = service(self.URL)
        assert client.post(SIGN, json=REQUEST).get_json()["cards"]
        assert "coverage_hooks_store_losses_total 1.0" in client.get("/metrics").get_data(as_text=True)

    def test_the_service_is_not_ready(self, service: Start) -> None:
        assert service(self.URL).get("/ready").status_code == 503

    def test_feedback_is_refused_to_be_sent_again(self, service: Start) -> None:
        answer = service(self.URL).post(f"{SIGN}/feedback", json={"feedback": []})
        assert answer.status_code in (200, 503)
        entry = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-24T12:24:43Z"}
        answer = service(self.URL).post(f"{SIGN}/feedback", json={"feedback": [entry]})
        assert (answer.status_code, answer.get_json()["resourceType"]) == (503, "OperationOutcome")
