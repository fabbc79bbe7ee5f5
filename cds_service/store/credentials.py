"""No access token is ever stored: a payload that names one is refused as a whole."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from fhir_mappings.json_text import UNREADABLE, decode_unbounded

NEVER_KEPT: Final = frozenset({"access_token", "fhirauthorization", "authorization"})
"""Names of members, in lower case, that carry tokens in CDS Hooks and HTTP."""

_MARKS: Final = (b'access_token"', b'authorization"', b"\\u00")
"""Without one of these no such member is in the text: a cheap look before the thorough one."""


def text_without_tokens(payload: Mapping[str, Any]) -> bytes:
    """The payload as JSON. Raises ValueError when at any depth, raw parts included, a member carries a token."""
    try:
        text = msgspec.json.encode(payload)
        if any(mark in text.lower() for mark in _MARKS):
            _search(decode_unbounded(text), "payload")
    except UNREADABLE:
        raise ValueError("a payload is JSON, and not nested beyond reason") from None
    return text


def _search(value: Any, place: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.lower() in NEVER_KEPT:
                raise ValueError(f"{place}.{name}: access tokens are never stored; leave this member out")
            _search(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _search(inner, f"{place}[{index}]")
