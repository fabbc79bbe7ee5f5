"""No access token is ever stored: a payload that names one is refused as a whole."""

from typing import Any, Final

import msgspec

NEVER_KEPT: Final = frozenset({"access_token", "fhirauthorization", "authorization"})
"""Names of members, in lower case, that carry tokens in CDS Hooks and HTTP."""

_MARKS: Final = (b'access_token"', b'authorization"', b"\\u00")
"""Without one of these no such member is in the text: a cheap look before the thorough one."""


def refuse_tokens(text: bytes) -> None:
    """Raise ValueError when JSON text has, at any depth, a member that carries a token."""
    lowered = text.lower()
    if any(mark in lowered for mark in _MARKS):
        _search(msgspec.json.decode(text), "payload")


def _search(value: Any, place: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.lower() in NEVER_KEPT:
                raise ValueError(f"{place}.{name}: access tokens are never stored; leave this member out")
            _search(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _search(inner, f"{place}[{index}]")
