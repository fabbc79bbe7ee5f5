"""The link on the card: who gets one, how little it tells, what is kept for it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

from cds_service.store.encryption import Sealer
from cds_service.store.form_links import digest_of, find_link
from cds_service.store.story import show
from cds_service.store.tables import CALL, FORM_LINK
from tests.conformance.wire import example, example_names
from tests.conftest import Json, coverage_cards, determinations, hook_call, order, searchset
from tests.crd.calls import as_call_of, post
from tests.web_form.building import CONFINEMENT, LABEL, OPEN, form_path, links, signed
from tests.web_form.conftest import Start

DECLARED = {"davinci-crd.requestedVersion": "2.2"}
CONFIGURED = {"davinci-crd.configuration": {"max-cards": 9}}


@pytest.mark.parametrize("hook", ["order-sign", "order-dispatch", "appointment-book"])
def test_on_hooks_that_may_ask_for_documentation_the_card_leads_to_the_form(service: FlaskClient, hook: str) -> None:
    (card,) = coverage_cards(post(service, as_call_of(hook, OPEN)))
    assert [link["label"] for link in card["links"]] == ["Policy 151, criterion I.C", LABEL]
    assert {link["type"] for link in card["links"]} == {"absolute"}
    assert "suggestions" not in card


def test_hook_19_on_order_select_there_is_no_link(service: FlaskClient) -> None:
    assert links(post(service, as_call_of("order-select", OPEN))) == []


@pytest.mark.parametrize("extension", [DECLARED, CONFIGURED])
def test_a_client_that_declares_crd_finds_the_form_by_dtr_and_gets_no_link(
    service: FlaskClient, extension: Json
) -> None:
    assert links(post(service, as_call_of("order-sign", OPEN, extension=extension))) == []


@pytest.mark.parametrize("name", example_names())
def test_a_link_stands_just_where_the_form_can_supply_what_is_missing(service: FlaskClient, name: str) -> None:
    answer = signed(service, example(name))
    missing = [one for one in determinations(answer) if one["outcome"] == "missing-documentation"]
    assert len(links(answer)) == len(missing)


def test_without_a_key_no_link_is_offered(start: Start) -> None:
    assert links(signed(start(record_keys=""), example(OPEN))) == []


def test_the_orders_of_one_call_share_a_link_and_the_next_call_has_another(service: FlaskClient) -> None:
    body = example(OPEN)
    entry = body["context"]["draftOrders"]["entry"]
    entry.append({"resource": {**entry[0]["resource"], "id": "second"}})
    first, second = links(signed(service, body))
    assert first == second
    assert first not in links(signed(service, body))


def test_the_address_is_absolute_and_holds_nothing_but_a_long_secret(start: Start) -> None:
    address = urlsplit(links(signed(start(public_url="https://coverage.payer.example"), example(OPEN)))[0])
    assert (address.scheme, address.netloc, address.query) == ("https", "coverage.payer.example", "")
    path, _, secret = address.path.rpartition("/")
    assert (path, len(secret)) == ("/forms", 43)


def test_the_secret_stands_nowhere_in_the_database_and_the_case_is_sealed(
    service: FlaskClient, engine: Engine, sealer: Sealer, tmp_path: Path
) -> None:
    secret = form_path(service).rpartition("/")[2]
    with engine.connect() as connection:
        (row,) = connection.execute(select(FORM_LINK)).mappings()
        (call,) = connection.scalars(select(CALL.c.payload))
    assert row["id"] == digest_of(secret)
    assert secret not in json.dumps(sealer.open(call)), "nor in the record of the answer, opened"
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("forms.db*"))
    assert all(word.encode() not in stored for word in (secret, "Tanabe", OPEN))


def test_the_record_of_the_answer_has_the_card_without_the_link(
    service: FlaskClient, engine: Engine, sealer: Sealer
) -> None:
    card = coverage_cards(signed(service, example(OPEN)))[0]
    (story,) = show(engine, sealer, card["uuid"])
    kept = story.call.payload["cards"][0]  # type: ignore[index]
    assert kept == {**card, "links": card["links"][:1]}


def test_an_access_token_of_the_call_is_not_kept(service: FlaskClient, engine: Engine, sealer: Sealer) -> None:
    grant = {"access_token": "very-secret", "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.write"}
    body = {**example(OPEN), "fhirServer": "https://ehr.example/fhir", "fhirAuthorization": grant}
    link = find_link(engine, sealer, form_path(service, body).rpartition("/")[2])
    assert link is not None
    assert "very-secret" not in json.dumps(link.case)
    assert link.case["permit"] is None


@pytest.mark.parametrize(("hours", "length"), [({}, 8), ({"form_link_hours": 0.5}, 0.5)])
def test_a_link_is_good_for_the_hours_that_are_set(
    start: Start, engine: Engine, sealer: Sealer, hours: Json, length: float
) -> None:
    link = find_link(engine, sealer, form_path(start(**hours)).rpartition("/")[2])
    assert link is not None
    assert abs(link.expires_at - datetime.now(UTC) - timedelta(hours=length)) < timedelta(minutes=5)


def test_a_database_that_is_down_costs_the_link_and_never_the_answer(service: FlaskClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE form_link"))
    answer = signed(service, example(OPEN))
    assert determinations(answer)[0]["outcome"] == "missing-documentation"
    assert links(answer) == []


def test_where_guideline_cards_are_switched_off_nothing_is_kept_for_a_link(
    service: FlaskClient, engine: Engine
) -> None:
    signed(service, {**example(OPEN), "extension": {"davinci-crd.configuration": {"guideline": False}}})
    with engine.connect() as connection:
        assert connection.execute(select(FORM_LINK)).all() == []


def test_an_order_without_an_id_has_its_form_too(service: FlaskClient) -> None:
    body = example(CONFINEMENT)
    del body["context"]["draftOrders"]["entry"][0]["resource"]["id"]
    assert service.get(form_path(service, body)).status_code == 200


def test_an_unlisted_code_is_asked_about(service: FlaskClient) -> None:
    empty = {key: searchset() for key in ("conditions", "observations", "procedures")}
    page = service.get(form_path(service, hook_call(order("47399"), prefetch=empty)))
    assert "Which technique does the order stand for?" in page.get_data(as_text=True)
