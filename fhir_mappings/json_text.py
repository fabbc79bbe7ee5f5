"""JSON as it arrives: what decoding it can raise."""

from typing import Final

import msgspec

UNREADABLE: Final = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""Not JSON, not of the shape asked for, nested beyond reason, or not UTF-8."""
