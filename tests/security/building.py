"""Builds tokens as EHRs make them, and breaks them: keys, key sets, a client, a gatekeeper with a clock to turn."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import responses
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from cds_service.security.clients import Client, Registry
from cds_service.security.replay import MemoryReplay
from cds_service.security.tokens import Gatekeeper
from cds_service.settings import ClientSettings

NOW = 1_800_000_000
PUBLIC_URL = "https://coverage.payer.example"
PATH = "/cds-services/order-sign-crd"
ISSUER = "https://ehr.example"
JWKS_URL = "https://ehr.example/jwks.json"
FHIR = "https://ehr.example/fhir"

EC_KEY = ec.generate_private_key(ec.SECP384R1())
OTHER_EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)

Json = dict[str, Any]
REMOVED: Any = Ellipsis  # its name in a test's id is the same in every process


class Clock:
    """The time, turned by hand."""

    def __init__(self) -> None:
        self.now: float = NOW

    def __call__(self) -> float:
        return self.now


def changed(good: Json, more: Mapping[str, Any]) -> Json:
    return {name: value for name, value in {**good, **more}.items() if value is not REMOVED}


def jwk(key: Any = EC_KEY, kid: Any = "ec-1", **more: Any) -> Json:
    """The public JWK of a key."""
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return changed({**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}, more)


def jwks(*keys: Json) -> bytes:
    return json.dumps({"keys": keys}).encode()


PUBLISHED = jwks(jwk(), jwk(RSA_KEY, "rsa-1"))


def client(**more: Any) -> Client:
    """General Hospital, with what a configuration would add."""
    table = {"name": "General Hospital", "issuer": ISSUER, "jwks_url": JWKS_URL, "fhir_servers": (FHIR,), **more}
    return Client.of(ClientSettings(**table))


def client_with_file(path: Path, **more: Any) -> Client:
    return client(jwks_url="", jwks_file=path, jku=(JWKS_URL,), **more)


def gatekeeper(clock: Clock | None = None, *clients: Client, refetch_seconds: float = 10) -> Gatekeeper:
    clock = clock or Clock()
    registry = Registry(clients or (client(),))
    return Gatekeeper(registry, PUBLIC_URL, MemoryReplay(clock), refetch_seconds, clock)


def header(**more: Any) -> Json:
    return changed({"alg": "ES384", "typ": "JWT", "kid": "ec-1", "jku": JWKS_URL}, more)


def claims(**more: Any) -> Json:
    """What a good token says; REMOVED takes a claim out."""
    good = {"iss": ISSUER, "aud": PUBLIC_URL + PATH, "iat": NOW, "exp": NOW + 300, "jti": "6a1f"}
    return changed(good, more)


def token(head: Json | None = None, key: Any = EC_KEY, **more: Any) -> str:
    """A signed token: the good one, with the claims given instead of its own."""
    return signed(json.dumps(claims(**more)), head or header(), key)


def signed(payload: str, head: Json | None = None, key: Any = EC_KEY) -> str:
    """A token of any payload text, signed by `alg` when that is a real algorithm."""
    head = head or header()
    unsigned = f"{encoded(json.dumps(head))}.{encoded(payload)}"
    algorithm = jwt.get_algorithm_by_name(head["alg"])
    return f"{unsigned}.{encoded(algorithm.sign(unsigned.encode(), key))}"


def encoded(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bearer(compact: str) -> str:
    return f"Bearer {compact}"


def publish(net: responses.RequestsMock, document: bytes = PUBLISHED, **more: Any) -> responses.BaseResponse:
    """Make the client's JWKS answer."""
    return net.upsert(responses.GET, JWKS_URL, body=document, **more)
