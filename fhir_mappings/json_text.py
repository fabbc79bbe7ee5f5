"""JSON as it arrives: what decoding it can raise, and resources with numbers beyond all range."""

from typing import Any, Final

import msgspec

UNREADABLE: Final = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""Not JSON, not of the shape asked for, nested beyond reason, or not UTF-8."""

_unbounded: Final = msgspec.json.Decoder(float_hook=float)


def decode_unbounded(text: bytes | msgspec.Raw) -> Any:
    """A JSON value; a number no float can hold, such as 1e400, is infinite and does not cost the resource around it."""
    return _unbounded.decode(text)
