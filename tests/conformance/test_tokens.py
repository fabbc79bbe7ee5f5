"""CK49 to CK53: whose calls are answered, and what a bad token looks like from outside."""

import time
import uuid
from typing import Any

import pytest
import responses
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
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
    outcomes,
)  # fmt: skip
from tests.conftest import hook_call, order
from tests.security.building import (
    EC_KEY,
    JWKS_URL,
    OTHER_EC_KEY,
    PUBLIC_URL,
    REMOVED,
    RSA_KEY,
    header,
    publish,
)  # fmt: skip

CALL = hook_call(order(NEEDS_NO_RECORD))
RS384 = header(alg="RS384", kid="rsa-1")
PUBLIC_PEM = EC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
ELSEWHERE = "https://elsewhere.example/jwks.json"
USED_ONCE, NOT_USED_UP = uuid.uuid4().hex, uuid.uuid4().hex


def sign(client: FlaskClient, compact: str) -> Any:
    return client.post(SIGN, json=CALL, headers=bearing(compact))


@pytest.mark.parametrize(("head", "key"), [(header(), EC_KEY), (RS384, RSA_KEY)], ids=["ES384", "RS384"])
@pytest.mark.parametrize(
    "audience", [PUBLIC_URL + SIGN, [PUBLIC_URL + SIGN], ["https://other.example", PUBLIC_URL + SIGN]]
)
def test_CK49_a_signed_call_for_this_url_is_answered(hospital: FlaskClient, head: Any, key: Any, audience: Any) -> None:
    assert outcomes(sign(hospital, fresh_token(head=head, key=key, aud=audience))) == ["not-covered"]


@pytest.mark.parametrize("head", [header(jku=REMOVED), header(typ=REMOVED), header(typ="jwt")])
def test_CK49_what_a_header_need_not_say_may_be_left_out(hospital: FlaskClient, head: Any) -> None:
    assert sign(hospital, fresh_token(head=head)).status_code == 200


@pytest.mark.parametrize("authorization", [
    None, "", "Bearer", "Bearer ", "Bearer x", "Bearer a.b", "Bearer a.b.c", "Basic dXNlcjpwYXNz",
    "Bearer " + "a" * 20_000, "Bearer é.é.é",
])  # fmt: skip
@pytest.mark.parametrize("path", [SIGN, FEEDBACK, f"{DISCOVERY}/nothing-here"])
def test_CK50_a_call_without_a_token_is_refused(hospital: FlaskClient, path: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    assert_refused(hospital.post(path, json=CALL, headers=headers))


@pytest.mark.parametrize(("head", "key"), [
    (header(alg="none"), None),
    (header(alg="HS256"), PUBLIC_PEM),
    (header(alg="HS384"), b"k" * 64),
    (header(alg="ES256"), EC_KEY),
    (header(alg="RS256", kid="rsa-1"), RSA_KEY),
], ids=["none", "HS256 with the public key", "HS384", "ES256", "RS256"])  # fmt: skip
def test_CK50_an_algorithm_that_is_not_trusted_is_refused(hospital: FlaskClient, head: Any, key: Any) -> None:
    assert_refused(sign(hospital, fresh_token(head=head, key=key)))


@pytest.mark.parametrize(("head", "key"), [
    (header(), OTHER_EC_KEY), (header(kid="rsa-1"), EC_KEY), (header(kid=REMOVED), EC_KEY), (header(kid=""), EC_KEY),
    (header(kid="unknown"), EC_KEY), (header(kid=["ec-1"]), EC_KEY), (header(typ="at+jwt"), EC_KEY),
    (header(crit=["exp"]), EC_KEY),
])  # fmt: skip
def test_CK50_a_key_or_header_that_does_not_fit_is_refused(hospital: FlaskClient, head: Any, key: Any) -> None:
    assert_refused(sign(hospital, fresh_token(head=head, key=key)))


@pytest.mark.parametrize("audience", [
    REMOVED, "", [], 7, PUBLIC_URL, PUBLIC_URL + DISCOVERY, PUBLIC_URL + FEEDBACK, "http://localhost" + SIGN,
    PUBLIC_URL.replace("https", "http") + SIGN, "https://other.example" + SIGN, [["nested"]], {"aud": PUBLIC_URL},
])  # fmt: skip
def test_CK50_a_token_for_another_url_is_refused(hospital: FlaskClient, audience: Any) -> None:
    assert_refused(sign(hospital, fresh_token(aud=audience)))


@pytest.mark.parametrize("claims", [
    *({name: REMOVED} for name in ("iss", "exp", "iat", "jti")),
    {"iss": 7}, {"exp": "soon"}, {"iat": "now"}, {"exp": True}, {"jti": ""}, {"jti": 7}, {"exp": float("inf")},
], ids=repr)  # fmt: skip
def test_CK50_a_claim_that_is_missing_or_of_another_type_is_refused(hospital: FlaskClient, claims: Any) -> None:
    assert_refused(sign(hospital, fresh_token(**claims)))


def test_CK50_an_expired_token_is_refused(hospital: FlaskClient) -> None:
    long_ago = int(time.time()) - 3600
    assert_refused(sign(hospital, fresh_token(iat=long_ago, exp=long_ago + 300)))


def test_CK50_a_token_changed_after_it_was_signed_is_refused(hospital: FlaskClient) -> None:
    (head, _, signature), (_, claims, _) = fresh_token().split("."), fresh_token().split(".")
    assert_refused(sign(hospital, f"{head}.{claims}.{signature}"))


@pytest.mark.parametrize("issuer", ["https://stranger.example", "https://ehr.example/", "HTTPS://EHR.EXAMPLE"])
def test_CK51_an_issuer_that_is_not_registered_is_refused_and_nothing_fetched(
    hospital: FlaskClient, net: responses.RequestsMock, issuer: str
) -> None:
    assert_refused(sign(hospital, fresh_token(head=header(jku=ELSEWHERE), iss=issuer)))
    assert len(net.calls) == 0


@pytest.mark.parametrize("jku", [ELSEWHERE, f"{JWKS_URL}#x", "http://127.0.0.1/jwks.json", "", 7, [JWKS_URL]])
def test_CK51_a_jku_that_is_not_registered_is_refused_and_nothing_fetched(
    register: Register, net: responses.RequestsMock, jku: Any
) -> None:
    publish(net)
    client = register(jwks_url=JWKS_URL)
    assert_refused(sign(client, fresh_token(head=header(jku=jku))))
    assert len(net.calls) == 0
    assert sign(client, fresh_token()).status_code == 200


def test_CK52_a_token_is_good_for_one_call(hospital: FlaskClient) -> None:
    compact = fresh_token()
    assert sign(hospital, compact).status_code == 200
    assert_refused(sign(hospital, compact))


def test_CK52_another_token_with_a_jti_that_was_used_is_refused(hospital: FlaskClient) -> None:
    assert sign(hospital, fresh_token(jti=USED_ONCE)).status_code == 200
    assert_refused(sign(hospital, fresh_token(head=RS384, key=RSA_KEY, jti=USED_ONCE)))


def test_CK52_a_token_that_was_refused_is_not_used_up(hospital: FlaskClient) -> None:
    assert_refused(sign(hospital, fresh_token(key=OTHER_EC_KEY, jti=NOT_USED_UP)))
    assert sign(hospital, fresh_token(jti=NOT_USED_UP)).status_code == 200


@pytest.mark.parametrize(("issued", "expires"), [
    (0, 3601), (0, 10 * 365 * 86400), (-7200, 300), (120, 400), (86400, 86700), (0, 0), (10, -10),
])  # fmt: skip
def test_CK53_a_token_that_lives_too_long_or_starts_later_is_refused(
    hospital: FlaskClient, issued: int, expires: int
) -> None:
    now = int(time.time())
    assert_refused(sign(hospital, fresh_token(iat=now + issued, exp=now + expires)))
