"""CK08 to CK15: requests that are no call of this service, and those that say more than it asked."""

import json
from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from tests.conformance.wire import (
    DISCOVERY,
    FEEDBACK,
    GRANT,
    NEEDS_NO_RECORD,
    SIGN,
    advice,
    assert_explained,
    example,
)  # fmt: skip
from tests.conftest import EMPTY_RECORD, Json, hook_call, order

CALL = hook_call(order(NEEDS_NO_RECORD))
EXTENSION: Json = {"org.example.anything": {"depth": [1, {"x": "y"}]}}


def post(client: FlaskClient, text: str | bytes, content_type: str | None = "application/json") -> Any:
    return client.post(SIGN, data=text, content_type=content_type)


def without(name: str, body: Json) -> Json:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize("path", [f"{DISCOVERY}/nothing-here", f"{DISCOVERY}/nothing-here/feedback", "/nowhere"])
def test_CK08_an_unknown_service_is_404(client: FlaskClient, path: str) -> None:
    assert_explained(client.post(path, json=CALL), 404)


@pytest.mark.parametrize("path", [SIGN, FEEDBACK])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_CK09_a_service_is_called_by_post_only(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    assert_explained(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_CK09_discovery_is_read_by_get_only(client: FlaskClient) -> None:
    answer = client.post(DISCOVERY, json=CALL)
    assert_explained(answer, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", [SIGN, FEEDBACK])
def test_CK10_a_body_that_does_not_say_it_is_json_is_415(client: FlaskClient, path: str, content_type: str) -> None:
    assert_explained(client.post(path, data=json.dumps(CALL), content_type=content_type), 415)


@pytest.mark.parametrize("content_type", [
    "application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/fhir+json",
])  # fmt: skip
def test_CK10_json_by_any_of_its_names_is_read(client: FlaskClient, content_type: str) -> None:
    assert advice(post(client, json.dumps(CALL), content_type)) == advice(client.post(SIGN, json=CALL))


@pytest.mark.parametrize("path", [SIGN, FEEDBACK])
@pytest.mark.parametrize("text", [
    b"", b"{", b"[]", b"null", b'"text"', b"7", b"{}", b"\xff\xfe", b"<html/>", b"{'hook': 'order-sign'}",
])  # fmt: skip
def test_CK11_a_body_that_is_no_json_object_is_400(client: FlaskClient, path: str, text: bytes) -> None:
    assert_explained(client.post(path, data=text, content_type="application/json"), 400)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "01"])
@pytest.mark.parametrize("place", ["context", "prefetch", "elsewhere"])
def test_CK11_what_json_has_no_number_for_is_400(client: FlaskClient, number: str, place: str) -> None:
    body = json.loads(json.dumps({**CALL, "prefetch": {}, "elsewhere": {}}))
    body[place]["odd"] = "HERE"
    assert_explained(post(client, json.dumps(body).replace('"HERE"', number)), 400)


@pytest.mark.parametrize("name", ["hook", "hookInstance", "context"])
def test_CK12_a_required_member_that_is_missing_is_named(client: FlaskClient, name: str) -> None:
    assert_explained(client.post(SIGN, json=without(name, CALL)), 400, f"$.{name}")


@pytest.mark.parametrize("name", ["userId", "patientId", "draftOrders"])
def test_CK12_a_required_member_of_the_context_is_named(client: FlaskClient, name: str) -> None:
    body = {**CALL, "context": without(name, CALL["context"])}
    assert_explained(client.post(SIGN, json=body), 400, f"$.context.{name}")


@pytest.mark.parametrize("value", [None, 7, True, [], "", "  "], ids=repr)
@pytest.mark.parametrize("name", ["hook", "hookInstance", "context"])
def test_CK12_a_member_of_another_type_is_named(client: FlaskClient, name: str, value: Any) -> None:
    assert_explained(client.post(SIGN, json={**CALL, name: value}), 400, f"$.{name}")


@pytest.mark.parametrize("prefetch", [[], "conditions", 7])
def test_CK12_a_prefetch_that_is_no_object_is_named(client: FlaskClient, prefetch: Any) -> None:
    assert_explained(client.post(SIGN, json={**CALL, "prefetch": prefetch}), 400, "$.prefetch")


@pytest.mark.parametrize("hook", ["order-select", "patient-view", "ORDER-SIGN"])
def test_CK13_a_hook_this_service_does_not_answer_is_400(client: FlaskClient, hook: str) -> None:
    assert "order-sign" in assert_explained(client.post(SIGN, json={**CALL, "hook": hook}), 400, "$.hook")


def test_CK14_what_nobody_asked_for_changes_nothing(client: FlaskClient) -> None:
    plain = example("hcc-covered")
    more: Json = {"extension": EXTENSION, "surprise": [None, {}], "extra": ""}
    grant = {**GRANT, "scope": "", **more}
    body = {**plain, **more, "fhirServer": "https://elsewhere.example/fhir", "fhirAuthorization": grant}
    body["context"] = {**plain["context"], **more}
    body["prefetch"] = {**plain["prefetch"], **more, "unasked": {"resourceType": "Patient"}}
    assert advice(client.post(SIGN, json=body)) == advice(client.post(SIGN, json=plain))


def test_CK15_a_token_without_a_server_is_used_nowhere(client: FlaskClient, net: responses.RequestsMock) -> None:
    assert_explained(client.post(SIGN, json=hook_call(order(), fhirAuthorization=GRANT)), 412, "$.prefetch")
    body = hook_call(order(), prefetch=EMPTY_RECORD, fhirAuthorization=GRANT)
    assert client.post(SIGN, json=body).status_code == 200
    assert len(net.calls) == 0
