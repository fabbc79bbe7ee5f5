"""CK54 to CK56: keys that change, the audience of each URL, and claims beyond those asked."""

import time
from pathlib import Path
from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from tests.conformance.conftest import Register
from tests.conformance.wire import (
    DISCOVERY,
    FEEDBACK,
    NEEDS_NO_RECORD,
    SIGN,
    assert_refused,
    bearing,
    fresh_token,
)  # fmt: skip
from tests.conftest import hook_call, order
from tests.security.building import JWKS_URL, OTHER_EC_KEY, PUBLIC_URL, header, jwk, jwks, publish

CALL = hook_call(order(NEEDS_NO_RECORD))
ROTATED = header(kid="ec-2")


def sign(client: FlaskClient, **token: Any) -> Any:
    return client.post(SIGN, json=CALL, headers=bearing(fresh_token(**token)))


def test_CK54_a_new_key_is_accepted_after_one_fetch_more(register: Register, net: responses.RequestsMock) -> None:
    publish(net)
    client = register(jwks_url=JWKS_URL)
    assert [sign(client).status_code for _ in range(3)] == [200, 200, 200]
    assert len(net.calls) == 1
    publish(net, jwks(jwk(), jwk(OTHER_EC_KEY, "ec-2")))
    assert [sign(client, head=ROTATED, key=OTHER_EC_KEY).status_code for _ in range(3)] == [200, 200, 200]
    assert len(net.calls) == 2


def test_CK54_unknown_keys_do_not_cause_a_fetch_each(register: Register, net: responses.RequestsMock) -> None:
    publish(net)
    client = register(jwks_url=JWKS_URL)
    assert sign(client).status_code == 200
    for number in range(8):
        assert_refused(sign(client, head=header(kid=f"unknown-{number}")))
    assert len(net.calls) == 2


def test_CK54_a_key_set_that_cannot_be_read_admits_nobody(register: Register, net: responses.RequestsMock) -> None:
    publish(net, status=503)
    assert_refused(sign(register(jwks_url=JWKS_URL)))


def test_CK54_keys_that_were_known_stay_when_their_source_fails(
    register: Register, net: responses.RequestsMock
) -> None:
    publish(net)
    client = register(jwks_url=JWKS_URL)
    assert sign(client).status_code == 200
    publish(net, status=503)
    assert_refused(sign(client, head=ROTATED, key=OTHER_EC_KEY))
    assert sign(client).status_code == 200


def test_CK54_a_changed_key_file_is_read_again(hospital: FlaskClient, tmp_path: Path) -> None:
    assert sign(hospital).status_code == 200
    (tmp_path / "keys.json").write_bytes(jwks(jwk(OTHER_EC_KEY, "ec-2", alg="ES384")))
    assert sign(hospital, head=ROTATED, key=OTHER_EC_KEY).status_code == 200
    assert_refused(sign(hospital))


@pytest.mark.parametrize("path", [FEEDBACK, SIGN], ids=["with /feedback", "without"])
def test_CK55_feedback_is_accepted_for_its_own_url_and_for_that_of_the_service(
    hospital: FlaskClient, path: str
) -> None:
    answer = hospital.post(FEEDBACK, json={"feedback": []}, headers=bearing(fresh_token(path)))
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [DISCOVERY, f"{DISCOVERY}/another/feedback", f"{FEEDBACK}/feedback"])
def test_CK55_feedback_for_any_other_url_is_refused(hospital: FlaskClient, path: str) -> None:
    answer = hospital.post(FEEDBACK, json={"feedback": []}, headers=bearing(fresh_token(path)))
    assert_refused(answer)


@pytest.mark.parametrize("headers", [{}, bearing(fresh_token(DISCOVERY)), bearing("no.such.token")])
def test_CK55_discovery_is_open_with_a_token_and_without(hospital: FlaskClient, headers: dict[str, str]) -> None:
    answer = hospital.get(DISCOVERY, headers=headers)
    assert answer.status_code == 200
    assert answer.get_json()["services"]


def test_CK55_an_audience_agreed_with_the_client_is_accepted(register: Register) -> None:
    client = register(audience=("coverage-by-hand",))
    assert sign(client, aud="coverage-by-hand").status_code == 200
    assert sign(client).status_code == 200
    assert_refused(sign(client, aud="coverage-by-another-hand"))


def test_CK55_a_call_with_a_slash_at_its_end_is_the_same_audience(hospital: FlaskClient) -> None:
    for audience in (PUBLIC_URL + SIGN, [PUBLIC_URL + SIGN]):
        answer = hospital.post(f"{SIGN}/", json=CALL, headers=bearing(fresh_token(aud=audience)))
        assert answer.status_code == 200


@pytest.mark.parametrize("claims", [
    {"sub": "client-id"}, {"tenant": "north"}, {"tenant": None}, {"nbf": 1},
    {"org.example": {"any": ["thing"]}},
], ids=repr)  # fmt: skip
def test_CK56_claims_beyond_those_asked_are_tolerated(hospital: FlaskClient, claims: Any) -> None:
    assert sign(hospital, **claims).status_code == 200


def test_CK56_a_token_that_is_not_good_yet_is_refused(hospital: FlaskClient) -> None:
    assert_refused(sign(hospital, nbf=int(time.time()) + 200))


def test_CK56_only_the_tenants_of_the_registration_are_admitted(register: Register) -> None:
    client = register(tenants=("north",))
    assert sign(client, tenant="north").status_code == 200
    assert_refused(sign(client, tenant="south"))
    assert_refused(sign(client))
