"""Which keys of a JWKS may check which signatures."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from cds_service.security.key_sets import KeysUnavailable, read_key_set
from cds_service.settings import ASYMMETRIC_ALGORITHMS
from tests.security.building import EC_KEY, OTHER_EC_KEY, REMOVED, RSA_KEY, jwk, jwks

P256_KEY = ec.generate_private_key(ec.SECP256R1())
P521_KEY = ec.generate_private_key(ec.SECP521R1())
SHORT_KEY = rsa.generate_private_key(65537, 1024)
PRIVATE = {**ECAlgorithm.to_jwk(EC_KEY, as_dict=True), "kid": "k", "use": "sig"}
RSA_ALGORITHMS = {name for name in ASYMMETRIC_ALGORITHMS if name[:2] in ("RS", "PS")}


@pytest.mark.parametrize(
    ("key", "fitting"),
    [
        pytest.param(jwk(P256_KEY, "k"), {"ES256"}, id="P-256"),
        pytest.param(jwk(EC_KEY, "k"), {"ES384"}, id="P-384"),
        pytest.param(jwk(P521_KEY, "k"), {"ES512"}, id="P-521"),
        pytest.param(jwk(RSA_KEY, "k"), RSA_ALGORITHMS, id="RSA without alg"),
        pytest.param(jwk(RSA_KEY, "k", alg="RS384"), {"RS384"}, id="RSA for one algorithm"),
        pytest.param(jwk(RSA_KEY, "k", alg="HS256"), set(), id="RSA that claims to be a shared secret"),
        pytest.param(jwk(EC_KEY, "k", use=REMOVED), {"ES384"}, id="no use"),
        pytest.param(jwk(EC_KEY, "k", use="enc"), set(), id="for encryption"),
        pytest.param(jwk(EC_KEY, "k", key_ops=["verify"]), {"ES384"}, id="to verify"),
        pytest.param(jwk(EC_KEY, "k", key_ops=["deriveKey"]), set(), id="to derive keys"),
        pytest.param(jwk(EC_KEY, "k", key_ops="verify"), set(), id="key_ops that is no array"),
        pytest.param(jwk(EC_KEY, "k", crv="P-256"), set(), id="a curve the point is not on"),
        pytest.param(jwk(EC_KEY, "k", x=7), set(), id="a coordinate that is no text"),
        pytest.param(jwk(EC_KEY, REMOVED), set(), id="no kid"),
        pytest.param(jwk(EC_KEY, 7), set(), id="a number as kid"),
        pytest.param(jwk(SHORT_KEY, "k"), set(), id="RSA of 1024 bits"),
        pytest.param({"kty": "oct", "kid": "k", "k": "c2VjcmV0"}, set(), id="symmetric"),
        pytest.param({"kty": "oct", "kid": "k", "k": "c2VjcmV0", "alg": "ES384"}, set(), id="symmetric in disguise"),
        pytest.param(PRIVATE, {"ES384"}, id="published with its private part"),
        pytest.param({}, set(), id="an empty key"),
    ],
)
def test_a_key_fits_by_its_type_curve_and_use(key: dict[str, Any], fitting: set[str]) -> None:
    keys = read_key_set(jwks(key), ASYMMETRIC_ALGORITHMS)
    assert {name for name in ASYMMETRIC_ALGORITHMS if keys.find("k", name)} == fitting


def test_only_algorithms_of_the_client_are_looked_at() -> None:
    assert set(read_key_set(jwks(jwk(), jwk(RSA_KEY, "rsa-1")), ("RS384",)).keys) == {("rsa-1", "RS384")}


def test_a_private_part_is_not_kept() -> None:
    key = read_key_set(jwks(PRIVATE), ("ES384",)).find("k", "ES384")
    assert key is not None
    assert isinstance(key.key, ec.EllipticCurvePublicKey)


def test_of_two_keys_with_one_kid_and_algorithm_the_first_counts() -> None:
    keys = read_key_set(jwks(jwk(EC_KEY, "k"), jwk(OTHER_EC_KEY, "k"), jwk(RSA_KEY, "k")), ("ES384", "RS384"))
    first, other = keys.find("k", "ES384"), keys.find("k", "RS384")
    assert first is not None
    assert first.key.public_numbers() == EC_KEY.public_key().public_numbers()
    assert other is not None


def test_one_bad_key_does_not_spoil_the_others() -> None:
    document = json.dumps({"keys": [None, 7, "x", {"kty": ["EC"], "kid": "y"}, jwk()]}).encode()
    assert set(read_key_set(document, ("ES384",)).keys) == {("ec-1", "ES384")}


@pytest.mark.parametrize("document", [b"", b"null", b"[]", b"{}", b'{"keys": {}}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_key_set_is_said_so(document: bytes) -> None:
    with pytest.raises(KeysUnavailable, match="not a JWKS"):
        read_key_set(document, ("ES384",))
