"""CK63 to CK65: calls side by side, bodies too large or too deep, and addresses without TLS."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import ValidationError

from cds_service import create_app
from cds_service.settings import ClientSettings, Settings
from tests.conformance.wire import FEEDBACK, NEEDS_NO_RECORD, SIGN, advice, assert_explained, assert_refused, example
from tests.conftest import EMPTY_RECORD, TODAY, Json, hook_call, order, searchset

MEGABYTE = 1024 * 1024
NO_TLS = ["http://ehr.example/fhir", "ftp://ehr.example/fhir", "http://10.0.0.7/fhir", "http://127.0.0.1.example/fhir"]
LOOPBACK = ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000", "https://ehr.example"]


def test_CK63_calls_side_by_side_get_the_same_advice_under_uuids_of_their_own(client: FlaskClient) -> None:
    names = ["hcc-covered", "crc-concurrent-resection", "hcc-no-child-pugh", "medicaid-member"] * 6
    bodies = [{**example(name), "hookInstance": str(uuid.uuid4())} for name in names]
    alone = {name: advice(client.post(SIGN, json=example(name))) for name in set(names)}
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda body: client.application.test_client().post(SIGN, json=body), bodies))
    assert [advice(answer) for answer in answers] == [alone[name] for name in names]
    uuids = [card["uuid"] for answer in answers for card in answer.get_json()["cards"]]
    assert len(uuids) == len(set(uuids)) >= len(names)


def test_CK63_a_call_sent_again_gets_the_same_advice(client: FlaskClient) -> None:
    first, second = (client.post(SIGN, json=example("hcc-covered")) for _ in range(2))
    assert advice(first) == advice(second)
    assert first.get_json()["cards"][0]["uuid"] != second.get_json()["cards"][0]["uuid"]


def test_CK64_a_body_of_ten_megabytes_is_answered(client: FlaskClient) -> None:
    note = {"resourceType": "Condition", "id": "x", "subject": {"reference": "Patient/p1"}, "note": "y" * 10 * MEGABYTE}
    body = hook_call(order(), prefetch={**EMPTY_RECORD, "conditions": searchset(note)})
    assert client.post(SIGN, json=body).status_code == 200


@pytest.mark.parametrize("path", [SIGN, FEEDBACK])
def test_CK64_a_body_beyond_the_limit_is_413(path: str) -> None:
    client = create_app(Settings(auth="off", today=TODAY, max_body_bytes=MEGABYTE)).test_client()
    assert_explained(client.post(path, json={"feedback": [], "padding": "x" * MEGABYTE}), 413)


def test_CK64_unless_it_is_set_otherwise_there_is_a_limit(client: FlaskClient) -> None:
    limit = client.application.config["MAX_CONTENT_LENGTH"]
    assert_explained(client.post(SIGN, data=b" " * (limit + 1), content_type="application/json"), 413)


def nested_calls() -> dict[str, Json]:
    """Calls with something to replace at every depth."""
    plain = hook_call(order(NEEDS_NO_RECORD), prefetch=EMPTY_RECORD)
    context = plain["context"]
    return {
        "root": {**plain, "extension": "HERE"},
        "hook": {**plain, "hook": "HERE"},
        "context": {**plain, "context": {**context, "patientId": "HERE"}},
        "order": hook_call(order(NEEDS_NO_RECORD, extension="HERE")),
        "prefetch": {**plain, "prefetch": {**EMPTY_RECORD, "conditions": "HERE"}},
        "authorization": {**plain, "fhirAuthorization": "HERE"},
        "feedback": {"feedback": "HERE"},
    }


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [1_100, 5_000, 100_000])
@pytest.mark.parametrize("where", nested_calls())
def test_CK64_a_body_that_nests_too_deep_is_400(client: FlaskClient, where: str, depth: int, opening: str) -> None:
    deep = opening * depth + "1" + ("]" if opening == "[" else "}") * depth
    text = json.dumps(nested_calls()[where]).replace('"HERE"', deep)
    path = FEEDBACK if where == "feedback" else SIGN
    assert_explained(client.post(path, data=text, content_type="application/json"), 400)


def test_CK64_a_thousand_orders_are_judged_one_by_one(client: FlaskClient) -> None:
    orders = [order(NEEDS_NO_RECORD, id=f"sr-{number}") for number in range(1000)]
    assert len(advice(client.post(SIGN, json=hook_call(*orders)))) == 1000


def client_table(**more: Any) -> ClientSettings:
    return ClientSettings(**{"name": "x", "issuer": "x", "jwks_url": "https://ehr.example/jwks.json", **more})


@pytest.mark.parametrize("url", NO_TLS)
def test_CK65_a_fhir_server_without_tls_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(fhir_servers=(url,))
    with pytest.raises(ValidationError, match="https"):
        client_table(fhir_servers=(url,))


@pytest.mark.parametrize("url", NO_TLS)
def test_CK65_keys_are_not_fetched_without_tls(url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        client_table(jwks_url=url)


def test_CK65_a_public_address_without_tls_is_refused_at_start() -> None:
    with pytest.raises(ValidationError):
        Settings(public_url="http://coverage.payer.example")


@pytest.mark.parametrize("url", LOOPBACK)
def test_CK65_this_machine_and_https_are_accepted(url: str) -> None:
    assert Settings(fhir_servers=(url,), public_url=url).fhir_servers == (url,)
    assert client_table(jwks_url=url, fhir_servers=(url,)).jwks_url == url


def test_CK65_without_tokens_only_this_machine_is_answered(client: FlaskClient) -> None:
    body = hook_call(order(NEEDS_NO_RECORD))
    assert client.post(SIGN, json=body, environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200
    assert_refused(client.post(SIGN, json=body, environ_base={"REMOTE_ADDR": "192.0.2.7"}))


def test_CK65_clients_of_a_public_service_are_told_to_stay_with_tls(hospital: FlaskClient) -> None:
    for answer in (hospital.get("/cds-services"), hospital.post(SIGN, json={})):
        assert "max-age" in answer.headers["Strict-Transport-Security"]
