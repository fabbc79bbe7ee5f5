"""Orders as JSON text, written every way JSON and FHIR allow: what a resource sent back must not lose."""

import json
from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from cds_service.crd.extension import URL
from tests.conftest import Json
from tests.crd.calls import ORDERS, appointment

OWN_MARK: Final = "coverage-hooks-"
"""By this our own statements are told apart here: nothing else that is generated holds it."""

SENT: Final = {**ORDERS, "Appointment": appointment()}

_NAMES: Final = st.sampled_from([
    "note", "priority", "x-unknown", "é", "url", "a.b", "quantityQuantity", "value", "reasonCode", "insurance",
    "bodySite", "orderDetail", "meta", "text", "language",
])  # fmt: skip
_NUMBERS: Final = st.sampled_from([
    "1.50", "1e2", "1E+2", "0.10", "-0.0", "1e-7", "100", "12345678901234567890.123400", "1.0", "-3", "0", "1e400",
    "100000000000000000001",
])  # fmt: skip
_WRITTEN: Final = st.sampled_from(
    [r'"\u00e9"', r'"\/"', r'"\ud83d\ude00"', '"😀"', r'"\u003cb\u003e"', r'"a\tb"', '""']
)
_LEAVES: Final = st.one_of(
    _NUMBERS, _WRITTEN, st.sampled_from(["true", "false", "null"]),
    st.text(st.characters(codec="utf-8"), max_size=8).map(json.dumps),
)  # fmt: skip
_BLANKS: Final = st.sampled_from(["", " ", "\n  ", "\t"])


def _object(members: dict[str, str], blank: str) -> str:
    return "{" + f",{blank}".join(f"{json.dumps(n)}{blank}:{blank}{text}" for n, text in members.items()) + blank + "}"


def _array(items: list[str]) -> str:
    return "[ " + " , ".join(items) + " ]"


@st.composite
def _objects(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    names = draw(st.lists(_NAMES, max_size=3, unique=True))
    return _object({name: draw(inner) for name in names}, draw(_BLANKS))


ANY_JSON: Final = st.recursive(
    _LEAVES, lambda inner: _objects(inner) | st.lists(inner, max_size=3).map(_array), max_leaves=8
)

_PRIMITIVE_EXTENSION: Final = '{"extension": [{"url": "http://x.example", "valueDecimal": 1.50}]}'


def _statement(identity: str, coverage: str = "Coverage/c1", *more: Json) -> str:
    return json.dumps({"url": URL, "extension": [
        {"url": "coverage", "valueReference": {"reference": coverage}}, {"url": "covered", "valueCode": "covered"},
        *more, {"url": "coverage-assertion-id", "valueString": identity}]})  # fmt: skip


_OWN: Final = [
    _statement(f"{OWN_MARK}earlier"),
    _statement(f"{OWN_MARK}in-2-0", "Coverage/c1", {"url": "pa-needed", "valueCode": "no-auth"}),
    _statement(f"{OWN_MARK}absolute", "https://ehr.example/fhir/Coverage/c1"),
]
_OTHERS: Final = [
    _statement("OTHER-PAYER-1"), _statement("OTHER-PAYER-2", "Coverage/other"), f'{{"url": "{URL}"}}',
    f'{{"url": "{URL}", "extension": null}}', f'{{"url": "{URL}", "extension": [1.50, null, {{}}]}}',
    '{"url": "http://x.example", "valueDecimal": 1.50}', '{"url": 7}', "null",
]  # fmt: skip


@st.composite
def resources(draw: st.DrawFn, kind: str) -> str:
    """A resource of a type, with what its profile asks and much more, its members in any order."""
    members = {name: json.dumps(value, ensure_ascii=draw(st.booleans())) for name, value in SENT[kind].items()}
    for name, text in draw(st.lists(st.tuples(_NAMES, ANY_JSON), max_size=4)):
        members.setdefault(name, text)
    odd = {
        "_status": _PRIMITIVE_EXTENSION,
        "alias": '["a", null, "b"]',
        "_alias": f"[null, {_PRIMITIVE_EXTENSION}, null]",
        "contained": _array(draw(st.lists(_objects(ANY_JSON), max_size=2))),
        "modifierExtension": _array(draw(st.lists(_objects(ANY_JSON), max_size=2))),
        "extension": draw(_extensions()),
    }
    members |= {name: odd[name] for name in draw(st.lists(st.sampled_from(list(odd)), unique=True))}
    return _object(dict(draw(st.permutations(list(members.items())))), draw(_BLANKS))


def _extensions() -> st.SearchStrategy[str]:
    listed = st.one_of(st.sampled_from(_OWN), st.sampled_from(_OTHERS), _objects(ANY_JSON))
    return st.lists(listed, max_size=4).map(_array) | st.just("null")


def raw_members(text: str | bytes) -> dict[str, bytes]:
    """The members of an object, each with the bytes it is written in."""
    return {name: bytes(raw) for name, raw in msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items()}


def digits_kept(text: str | bytes) -> Any:
    """JSON with every number as it is written: 1.50 differs from 1.5, and 1e2 from 100."""
    return json.loads(text, parse_float=lambda n: ("number", n), parse_int=lambda n: ("number", n))
