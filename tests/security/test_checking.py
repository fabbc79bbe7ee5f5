"""What `clients check` says of a registration."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import ECAlgorithm

from cds_service.security.checking import check_client
from tests.security.building import (
    EC_KEY,
    JWKS_URL,
    OTHER_EC_KEY,
    REMOVED,
    RSA_KEY,
    client,
    client_with_file,
    jwk,
    jwks,
    publish,
)

PRIVATE = {**ECAlgorithm.to_jwk(EC_KEY, as_dict=True), "kid": "ec-1"}
SHORT_KEY = rsa.generate_private_key(65537, 1024)
SYMMETRIC = {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}
UNUSED = jwk(RSA_KEY, "old", alg="RS256")
NO_KEY = "can check ES384 or RS384; the client must publish one"


def test_a_good_registration_has_no_problems(net: Any, tmp_path: Path) -> None:
    publish(net)
    assert check_client(client()) == []
    (tmp_path / "keys.json").write_bytes(jwks(jwk(), UNUSED))
    assert check_client(client_with_file(tmp_path / "keys.json")) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        pytest.param((), [f"no key of 0 {NO_KEY}"], id="no keys"),
        pytest.param((UNUSED,), [f"no key of 1 {NO_KEY}"], id="only for another algorithm"),
        pytest.param((jwk(), SYMMETRIC), ["key 2 (shared) is symmetric and never used"], id="symmetric"),
        pytest.param((PRIVATE,), ["key 1 (ec-1) has private parts; the client must replace"], id="private parts"),
        pytest.param((jwk(), jwk(OTHER_EC_KEY)), ["the kid ec-1 stands twice and only its first"], id="kid twice"),
        pytest.param((jwk(), jwk(RSA_KEY)), [], id="kid twice, for different algorithms"),
        pytest.param((jwk(kid=REMOVED),), ["key 1 has no kid", f"no key of 1 {NO_KEY}"], id="no kid"),
        pytest.param((jwk(), jwk(SHORT_KEY, "s")), ["key 2 (s) is malformed, or an RSA key under"], id="short key"),
        pytest.param((jwk(), jwk(kid="b", x="AA")), ["key 2 (b) is malformed"], id="malformed key"),
    ],
)
def test_what_is_wrong_with_the_keys_is_said(net: Any, keys: tuple[dict[str, Any], ...], said: list[str]) -> None:
    publish(net, jwks(*keys))
    problems = check_client(client())
    assert len(problems) == len(said)
    for problem, start in zip(problems, said, strict=True):
        assert problem.startswith(f"jwks_url {JWKS_URL}: {start}")
        assert PRIVATE["d"] not in problem
        assert SYMMETRIC["k"] not in problem


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ({"status": 404}, "HTTP status 404"),
        ({"document": requests.exceptions.SSLError("certificate")}, "SSLError"),
        ({"document": b"<html>"}, "not a JWKS"),
    ],
)
def test_an_unreadable_jwks_is_said_with_the_remedy(net: Any, failure: dict[str, Any], said: str) -> None:
    publish(net, **failure)
    (problem,) = check_client(client())
    assert problem.startswith(f"jwks_url {JWKS_URL}: {said}")
    assert problem.endswith("check the address, its certificate and the firewall, or save the JWKS and give jwks_file")


def test_a_missing_key_file_is_said_with_the_remedy(tmp_path: Path) -> None:
    (problem,) = check_client(client_with_file(tmp_path / "keys.json"))
    assert problem == (
        f"jwks_file {tmp_path}/keys.json: No such file or directory; "
        "put the client's JWKS there, readable for the service, or correct jwks_file"
    )


def test_plain_http_and_a_record_nobody_can_read_are_said(net: Any) -> None:
    publish(net)
    assert check_client(client(fhir_servers=())) == [
        "fhir_servers: none, so only what the client sends can be read; list the FHIR base URL of its records"
    ]
    careless = dataclasses.replace(client(), jwks_url="http://ehr.example/k", fhir_servers=("http://ehr.example/f",))
    keys, server = check_client(careless)
    assert keys.startswith("jwks_url http://ehr.example/k: must be https; plain http is accepted on loopback only")
    assert server == "fhir_servers: http://ehr.example/f is plain http and not on loopback; give its https URL"
    assert len(net.calls) == 1
