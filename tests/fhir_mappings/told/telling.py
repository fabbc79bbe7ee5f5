"""A patient, the reader that is asked, and what a clinician gets to know: all of a finding, a line for each part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from fhir_mappings.finding import ALL_TUMORS, METASTASES, Evidence, Fact, Finding, Interval, Possible, Tumor
from fhir_mappings.findings import READERS
from fhir_mappings.orders import read_order
from tests.fhir_mappings.building import Json, chart_of, order_of

_GROUPS: Final[dict[frozenset[Any], str]] = {
    ALL_TUMORS: "any tumor",
    ALL_TUMORS - {Tumor.MELANOMA}: "any tumor but of melanoma",
    METASTASES: "any metastasis",
    METASTASES - {Tumor.MELANOMA}: "any metastasis but of melanoma",
}


@dataclass(frozen=True)
class Asked:
    """A fact, and the record it is asked of; `order` and `others` are elements of the order judged and of drafts."""

    fact: Fact
    record: tuple[Json, ...]
    order: Json
    others: tuple[Json, ...]
    unread: tuple[str, ...]

    def told(self) -> list[str]:
        """What the fact's reader tells, line by line."""
        drafts = (read_order(order_of(**one).body, f"ServiceRequest/{one['id']}") for one in self.others)
        others = tuple(draft for draft in drafts if draft)
        chart = chart_of(*self.record, order=order_of(**self.order), others=others, unread=self.unread)
        return [_by_place(line) for line in _lines(READERS[self.fact](chart))]


def patient(
    fact: Fact,
    who: str,
    *record: Json,
    hears: list[str],
    order: Json | None = None,
    others: tuple[Json, ...] = (),
    unread: tuple[str, ...] = (),
) -> Any:
    """A row of a table. Nothing of it is read before its test runs."""
    return pytest.param(Asked(fact, record, order or {}, others, unread), hears, id=f"{fact.name}: {who}")


def _by_place(line: str) -> str:
    """Resources without an id of their own have one from their place: `Condition/condition-0` is said `Condition 0`."""
    return re.sub(r"\b([A-Z]\w+)/([a-z]+)-(\d+)", r"\1 \3", line)


def _lines(found: Finding) -> Iterator[str]:
    yield f"{_values(found.possible)} ({found.reason})"
    if not found.established:
        yield f"not established, points to: {_choices(found.hints)}"
    yield from map(_proof, found.evidence)
    yield from (f"note: {note}" for note in found.notes)
    if found.unread:
        yield f"unread: {', '.join(sorted(found.unread))}"
    if found.unknown_parts:
        yield f"not known: {', '.join(found.unknown_parts)}"


def _values(possible: Possible | None) -> str:
    if possible is None:
        return "not known"
    return _interval(possible) if isinstance(possible, Interval) else _choices(possible)


def _interval(value: Interval) -> str:
    if value.low is not None and value.low == value.high:
        return f"{value.low:g}"
    low = "" if value.low is None else f"{'above' if value.low_open else 'from'} {value.low:g}"
    high = "" if value.high is None else f"{'below' if value.high_open else 'to'} {value.high:g}"
    return f"{low} {high}".strip()


def _choices(values: frozenset[Any]) -> str:
    if values in _GROUPS:
        return _GROUPS[values]
    words = {True: "yes", False: "no"}
    return " or ".join(sorted(words[v] if isinstance(v, bool) else str(v) for v in values)) or "nothing"


def _proof(one: Evidence) -> str:
    return f"{one.reference}{f' of {one.date}' if one.date else ''}: {one.text}"
