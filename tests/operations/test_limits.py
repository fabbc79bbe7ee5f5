"""The depth of a body, told apart from brackets in strings, whatever the body is."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.operations.limits import nesting_depth_exceeds

SHALLOW = [
    ("nothing at all", b""),
    ("a number", b"1"),
    ("exactly as deep as allowed", b"[[[]]]"),
    ("objects and arrays together, as deep as allowed", b'{"a":[{"b":1}]}'),
    ("many side by side", b"[" + b"[[]]," * 1000 + b"[]]"),
    ("brackets in a string", b'["[[[[[[[[", "{{{{{{{{"]'),
    ("brackets in a member's name", b'{"[[[[[": 1}'),
    ("an escaped quote before brackets", rb'["a\"[[[[[["]'),
    ("an escaped quote ends no string", rb'["\"", "\"[[[[[", "]]"]'),
    ("an escaped backslash at the end of a string", rb'["\\", "[[[[[["]'),
    ("three backslashes and a quote", rb'["\\\"[[[[[["]'),
    ("an escape as a code", rb'["\u005b[[[[["]'),
    ("strings side by side with brackets in them", b'["[","]","[","[","[","["]'),
    ("a string that never ends", b'["[[[[[['),
    ("text in no known encoding", b'["\xff\xfe[[[[["]'),
]
DEEP = [
    ("one too deep", b"[[[[]]]]"),
    ("objects", b'{"a":{"b":{"c":{"d":1}}}}'),
    ("objects and arrays by turns", b'[{"a":[{"b":1}]}]'),
    ("at the end of much that is shallow", b"[" + b"[[]]," * 1000 + b"[[[]]]]"),
    ("never closed", b"[[[["),
    ("between strings that close brackets", b'["]]]]",["}}",["]",["]"]]]]'),
    ("after an escaped backslash", rb'["\\",[[[]]]]'),
    ("after an escaped quote", rb'["\"]]",[[[]]]]'),
    ("after a name with a bracket", b'{"]":{"}":{"]":{}}}}'),
    ("with white space between", b"[ \n[\t[ \r\n[ ] ] ] ]"),
]


@pytest.mark.parametrize(("name", "body"), SHALLOW, ids=[name for name, _ in SHALLOW])
def test_three_deep_is_not_too_deep(name: str, body: bytes) -> None:
    assert not nesting_depth_exceeds(body, 3), name


@pytest.mark.parametrize(("name", "body"), DEEP, ids=[name for name, _ in DEEP])
def test_four_deep_is_too_deep(name: str, body: bytes) -> None:
    assert nesting_depth_exceeds(body, 3), name


@pytest.mark.parametrize("depth", [1, 7, 8, 9, 10, 99, 100])
def test_the_limit_itself_is_allowed(depth: int) -> None:
    body = b'{"a":' * depth + b"1" + b"}" * depth
    assert (nesting_depth_exceeds(body, depth), nesting_depth_exceeds(body, depth - 1)) == (False, True)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


TEXTS = st.text(st.sampled_from('[]{}"\\a\n:,'), max_size=6)
VALUES = st.recursive(
    st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


@given(VALUES, st.integers(0, 12))
def test_any_json_is_as_deep_as_the_parser_finds_it(value: object, limit: int) -> None:
    assert nesting_depth_exceeds(json.dumps(value).encode(), limit) is (depth_of(value) > limit)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("ever deeper", b"[" * 8_000_000),
        ("side by side", b"[" + b"[]," * 2_000_000 + b"[]]"),
        ("as deep as allowed, again and again", (b"[" * 99 + b"]" * 99) * 40_000),
        ("quotes", b'["' + b'","' * 2_000_000 + b'"]'),
        ("backslashes", b'["' + b"\\\\" * 4_000_000 + b'"]'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_body_takes_long(name: str, body: bytes) -> None:
    began = time.perf_counter()
    nesting_depth_exceeds(body, 100)
    assert time.perf_counter() - began < 5, name
