"""How deep a request body nests, known before any parser recurses into it."""

import re
from array import array
from itertools import accumulate
from typing import Final

_STRING: Final = re.compile(rb'"[^"]*"?')
_AS_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NOT_STRUCTURE: Final = bytes(byte for byte in range(256) if byte not in b'"[]{}')
_AS_STEPS: Final = bytes.maketrans(b"[]", b"\x01\xff")  # one deeper, one less deep, as signed bytes
_ROUNDS: Final = 8
"""Records nest about this deep: what is left after as many rounds is next to nothing, and looked at step by step."""


def nesting_depth_exceeds(body: bytes, limit: int) -> bool:
    """Whether arrays and objects nest deeper than `limit`; brackets in strings do not count.

    A fixed number of passes, however they nest. What is no JSON gets an answer too: the parser refuses it afterwards.
    """
    brackets, left = _without_strings(body), limit
    for _ in range(min(limit, _ROUNDS)):
        if len(brackets) <= left:
            return False
        brackets, left = brackets.replace(b"[]", b""), left - 1  # takes away the innermost level
    return max(accumulate(array("b", brackets.translate(_AS_STEPS))), default=0) > left


def _without_strings(body: bytes) -> bytes:
    """The brackets outside strings, all as square ones."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")  # other escapes matter to no string's end
    structure = body.translate(_AS_SQUARE, _NOT_STRUCTURE)
    structure = structure.replace(b'""', b"")  # two quotes in a row cancel out, whichever strings they belong to
    return _STRING.sub(b"", structure) if b'"' in structure else structure
