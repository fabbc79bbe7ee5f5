"""The record of answers as the service keeps it, over HTTP, on each database."""

import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service import create_app, views
from cds_service.crd.extension import assertion_of, is_coverage_information
from cds_service.settings import Settings
from cds_service.store.calls import STATEMENT
from cds_service.store.database import open_database
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import Row, summary
from cds_service.store.listing import Listed, calls_between
from cds_service.store.story import show
from cds_service.store.tables import CALL, CARD
from examples.record import FOLDER
from tests.conformance.wire import example, example_names
from tests.conftest import TODAY, AppClient, hook_call, identifying_words, order, searchset

KEY = Fernet.generate_key().decode()
REQUEST = json.loads((FOLDER / "hcc-covered" / "request.json").read_text("utf-8"))
REPLACEABLE = json.loads((FOLDER / "histotripsy-alternative" / "request.json").read_text("utf-8"))
SIGN = "/cds-services/order-sign-crd"
VI = order("0686T", subject={"reference": f"Patient/{REQUEST['context']['patientId']}"})

Start = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over what a test gives: leave the database to the test."""
    monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")


@pytest.fixture
def service(app_client: AppClient) -> Start:
    """Starts the service on a database."""

    def start(url: str, **more: Any) -> FlaskClient:
        return app_client(create_app(Settings(auth="off", today=TODAY, database_url=url, **more)))

    return start


@pytest.fixture
def story(url: str) -> Iterator[Any]:
    engine = open_database(url)
    yield lambda identity, sealer=None: show(engine, sealer, identity)
    engine.dispose()


def everything(url: str) -> list[Listed]:
    """All that is recorded, as reports see it."""
    engine = open_database(url)
    try:
        return list(calls_between(engine, datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)))
    finally:
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


def test_CRDF77_found_37_a_call_is_found_by_the_assertion_id_of_its_statement(
    url: str, story: Any, service: Start
) -> None:
    answer = service(url, record_keys=KEY).post(SIGN, json=REQUEST).get_json()
    (action,) = answer["systemActions"]
    (stated,) = [assertion_of(e) for e in action["resource"]["extension"] if is_coverage_information(e)]
    (told,) = story(stated, Sealer((KEY,)))
    assert told.call.payload["systemActions"] == [action]
    statement = next(card for card in told.cards if card.assertion_id == stated)
    assert (statement.kind, statement.position, statement.outcome) == (STATEMENT, 1, "covered")
    assert (statement.criteria, statement.policy) == (("I.D.1.a",), "151")


def test_a_call_about_orders_of_no_policy_is_found_by_its_statement_too(url: str, story: Any, service: Start) -> None:
    body = {**REQUEST, "context": {**REQUEST["context"], "draftOrders": searchset(order("99999"))}}
    answer = service(url).post(SIGN, json=body).get_json()
    (action,) = answer["systemActions"]
    (told,) = story(assertion_of(action["resource"]["extension"][0]))
    assert [(card.kind, card.outcome, card.criteria) for card in told.cards] == [(STATEMENT, "conditional", ())]


@pytest.mark.parametrize("version", ["2.0.1", "2.2.0"])
def test_a_statement_on_an_appointment_is_kept_with_the_criteria_of_the_order_it_books(
    url: str, story: Any, service: Start, version: str
) -> None:
    booked = {"resourceType": "Appointment", "id": "a-1", "status": "booked", "participant": [],
              "basedOn": [{"reference": "ServiceRequest/sr-1"}]}  # fmt: skip
    body = {**hook_call(prefetch=REQUEST["prefetch"]), "hook": "appointment-book"}
    body["context"] |= {"patientId": REQUEST["context"]["patientId"], "appointments": searchset(booked, VI)}
    body["extension"] = {"davinci-crd.requestedVersion": version}
    (action,) = service(url).post("/cds-services/appointment-book-crd", json=body).get_json()["systemActions"]
    (told,) = story(assertion_of(action["resource"]["extension"][0]))
    (statement,) = [card for card in told.cards if card.kind == STATEMENT]
    assert (statement.outcome, statement.criteria, statement.policy) == ("not-covered", ("VI",), "151")


def test_two_statements_under_one_id_are_kept_without_the_criteria_of_either(
    url: str, story: Any, service: Start
) -> None:
    """Each card says which criteria are its own; a statement names the order by the id both have."""
    drafts = searchset(VI, {**VI, "code": order("0075T")["code"]})
    body = {**REQUEST, "context": {**REQUEST["context"], "draftOrders": drafts}}
    answer = service(url).post(SIGN, json=body).get_json()
    (told,) = story(assertion_of(answer["systemActions"][0]["resource"]["extension"][0]))
    assert [card.criteria for card in told.cards if card.kind == STATEMENT] == [(), ()]


def test_an_order_with_a_number_beyond_all_range_is_kept_and_can_be_shown(url: str, story: Any, service: Start) -> None:
    quantity = '"quantityQuantity":{"value":1e400},"resourceType":"ServiceRequest"'
    text = json.dumps(REQUEST).replace('"resourceType": "ServiceRequest"', quantity)
    answer = service(url, record_keys=KEY).post(SIGN, data=text, content_type="application/json")
    (told,) = story(json.loads(answer.data, parse_float=str)["cards"][0]["uuid"], Sealer((KEY,)))
    assert told.call.payload["systemActions"][0]["resource"]["quantityQuantity"]["value"] == math.inf


@pytest.mark.parametrize(
    ("body", "kind", "status", "issue"),
    [
        (b"nonsense", "application/json", 400, "invalid"),
        (b'{"hookInstance": "d1577c69"}', "application/json", 400, "invalid"),
        (json.dumps(hook_call(order())).encode(), "application/json", 412, "required"),
        (b"nonsense", "text/plain", 415, "not-supported"),
        (b"x" * 2000, "application/json", 413, "too-long"),
    ],
)
def test_a_call_that_was_refused_is_recorded_by_its_status_and_issue(
    url: str, service: Start, body: bytes, kind: str, status: int, issue: str
) -> None:
    client = service(url, record_keys=KEY, max_body_bytes=1500)
    assert client.post(SIGN, data=body, content_type=kind).status_code == status
    (recorded,) = everything(url)
    assert (recorded.call.status, recorded.call.metric["issue"]) == (status, [{"code": issue}])
    assert (recorded.call.hook, recorded.cards) == ("order-sign", ())
    assert recorded.call.hook_instance == (json.loads(body)["hookInstance"] if b"hookInstance" in body else "")
    assert recorded.call.metric["tokenUse"] == "not-used"


def test_a_call_the_service_failed_is_recorded_without_its_content(
    url: str, story: Any, service: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise LookupError("Miriam Example")

    monkeypatch.setattr(views, "system_actions", broken)
    assert service(url, record_keys=KEY).post(SIGN, json=REQUEST).status_code == 500
    (recorded,) = everything(url)
    assert (recorded.call.status, recorded.call.metric["issue"]) == (500, [{"code": "exception"}])
    (told,) = story(recorded.call.id, Sealer((KEY,)))
    assert (told.call.payload, told.is_sealed) == (None, False)


@pytest.mark.parametrize("path", ["/cds-services/nothing", f"{SIGN}/elsewhere"])
def test_what_is_no_call_of_a_service_leaves_no_record(url: str, service: Start, path: str) -> None:
    assert service(url).post(path, json=REQUEST).status_code == 404
    assert everything(url) == []


def test_nobody_who_is_not_admitted_writes_to_the_record(url: str, service: Start) -> None:
    client = service(url)
    assert client.post(SIGN, json=REQUEST, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 401
    assert everything(url) == []


def test_what_is_counted_of_all_examples_holds_nothing_of_a_patient(url: str, service: Start) -> None:
    client = service(url, record_keys=KEY)
    for name in example_names():
        client.post(SIGN, json=example(name))
        client.post(SIGN, json={**example(name), "prefetch": None})
    engine = open_database(url)
    with engine.connect() as connection:
        columns = [column for column in CALL.c if column.name != "payload"]
        stored = [str(tuple(row)) for query in (select(*columns), select(CARD)) for row in connection.execute(query)]
    engine.dispose()
    identities = {example(name)["context"]["patientId"] for name in example_names()}
    assert len(stored) >= 4 * len(example_names())
    assert [word for word in identifying_words() | identities if any(word in row for row in stored)] == []


def test_every_card_is_kept_under_its_uuid_with_its_type(url: str, story: Any, service: Start) -> None:
    """Histotripsy for a patient whose ablation would be covered: a coverage card, and an alternative beside it."""
    cards = service(url).post(SIGN, json=REPLACEABLE).get_json()["cards"]
    assert len(cards) == 2
    for card, kind in zip(cards, ("coverage", "alternate-request"), strict=True):
        (told,) = story(card["uuid"])
        kept = {one.uuid: one for one in told.cards}[card["uuid"]]
        assert (kept.kind, kept.outcome, kept.criteria) == (kind, "not-covered", ("VI",))
        assert bool(kept.assertion_id) is (kind == "coverage")
        assert [one.uuid for one in told.cards if one.kind != STATEMENT] == [one["uuid"] for one in cards]


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
