"""The form of a token: a compact JWS (RFC 7515) whose payload is a JSON object (RFC 7519)."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jwt

MAX_CHARACTERS: Final = 16 * 1024
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)
_JWS: Final = jwt.PyJWS()

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unverified:
    """A token as it arrived. Its header and claims choose a client and a key; nothing else may trust them."""

    header: Mapping[str, Any]
    claims: Claims
    compact: str = field(repr=False)


def read(compact: str) -> Unverified:
    """The parts of a token. Raises ValueError when it is none, or asks for extensions (`crit`) we do not know."""
    if len(compact) > MAX_CHARACTERS or not _COMPACT.fullmatch(compact):
        raise ValueError("not a compact JWS")
    header, claims, _ = compact.split(".")
    arrived = Unverified(_object(header), _object(claims), compact)
    if "crit" in arrived.header:
        raise ValueError("critical extensions")
    return arrived


def verified_claims(token: Unverified, key: jwt.PyJWK, algorithm: str) -> Claims:
    """The claims the key has signed. Raises ValueError when it has not signed this token."""
    try:
        payload = _JWS.decode(token.compact, key, algorithms=[algorithm])
    except (jwt.PyJWTError, TypeError):
        raise ValueError("not signed by this key") from None
    return _claims(payload)


def _object(segment: str) -> dict[str, Any]:
    return _claims(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))


def _claims(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - callers ask whether it is a token, not why not
    return value
