"""JSON Web Key Sets (RFC 7517): which keys of a document may check which signatures."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jwt

LEAST_RSA_BITS: Final = 2048  # RFC 7518, 3.3 and 3.5
CURVES: Final = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}  # RFC 7518, 3.4
PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

Jwk = Mapping[str, Any]


class KeysUnavailable(Exception):
    """No key set could be read; the message says why."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys a client may sign with, by `kid` and algorithm. Of two that share both, the first counts."""

    keys: Mapping[tuple[str, str], jwt.PyJWK] = field(default_factory=dict)

    def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """The key of this `kid`, if it fits the algorithm."""
        return self.keys.get((kid, algorithm))


def read_key_set(document: bytes, algorithms: tuple[str, ...]) -> KeySet:
    """The usable keys of a JWKS. What cannot be read or is symmetric is left out. Raises KeysUnavailable."""
    keys: dict[tuple[str, str], jwt.PyJWK] = {}
    for jwk in members(document):
        kid = jwk.get("kid")
        if isinstance(kid, str):
            for algorithm, key in _usable(jwk, algorithms):
                keys.setdefault((kid, algorithm), key)
    return KeySet(keys)


def members(document: bytes) -> tuple[Jwk, ...]:
    """The JWKs of a document, usable or not. Raises KeysUnavailable when it is no JWKS."""
    try:
        keys = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeysUnavailable('not a JWKS: expected a JSON object with "keys"') from None
    if not isinstance(keys, list):
        raise KeysUnavailable('not a JWKS: "keys" is no array')
    return tuple(key for key in keys if isinstance(key, dict))


def fits(jwk: Jwk, algorithm: str) -> bool:
    """Whether a JWK is meant for this signature algorithm, by `kty`, `crv`, `alg`, `use` and `key_ops`."""
    operations = jwk.get("key_ops") or ("verify",)
    return (
        (jwk.get("kty"), jwk.get("crv") if algorithm in CURVES else None) == _type_for(algorithm)
        and jwk.get("alg") in (None, algorithm)
        and jwk.get("use") in (None, "sig")
        and isinstance(operations, list | tuple)
        and ("verify" in operations or "sign" in operations)
    )


def public_key(jwk: Jwk, algorithm: str) -> jwt.PyJWK | None:
    """The JWK as a key that checks this algorithm, or None when it is malformed or too short to be safe."""
    public = {name: value for name, value in jwk.items() if name not in PRIVATE_MEMBERS}
    try:
        key = jwt.PyJWK(public, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    is_short = jwk.get("kty") == "RSA" and key.key.key_size < LEAST_RSA_BITS
    return None if is_short else key


def _usable(jwk: Jwk, algorithms: tuple[str, ...]) -> Iterator[tuple[str, jwt.PyJWK]]:
    for algorithm in algorithms:
        key = public_key(jwk, algorithm) if fits(jwk, algorithm) else None
        if key is not None:
            yield algorithm, key


def _type_for(algorithm: str) -> tuple[str, str | None]:
    return ("EC", CURVES[algorithm]) if algorithm in CURVES else ("RSA", None)
