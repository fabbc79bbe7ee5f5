"""The fields of the page as they are posted, read as answers of the form; what is wrong is named by its field."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cds_service.dtr.answers import read_answers
from cds_service.dtr.items import UNITS, unit
from cds_service.dtr.questions import BY_LINK_ID, Question

Json = dict[str, Any]
Posted = Mapping[str, list[str]]
"""What was posted: every value of every field."""

UNKNOWN: Final = "dont-know"
AS_RECORDED: Final = "as-recorded"
UNIT: Final = ".unit"
NOT_KNOWN: Final = ".unknown"
"""The box beside a number that says that it is not known."""

_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_DECIMAL: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_PLACE: Final = re.compile(r"\$\.item\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered, by link id; what a person said not to know; what cannot be used, by field, and why."""

    answers: Mapping[str, Json] = field(default_factory=dict)
    left_open: frozenset[str] = frozenset()
    faults: Mapping[str, str] = field(default_factory=dict)


class _Unusable(ValueError):
    """What was posted is no answer; the message says what is expected, never what came."""


def read_fields(posted: Posted, questions: Iterable[Question]) -> Said:
    """Read the answers to these questions; answers to others are faults, for they belong to another page."""
    listed = {question.link_id: question for question in questions}
    answers: dict[str, Json] = {}
    left_open: set[str] = set()
    strangers = [name for name in posted if name in BY_LINK_ID and name not in listed]
    faults = dict.fromkeys(strangers, "this form does not ask it: open the link again")
    for link_id, question in listed.items():
        try:
            held = _READERS[question.kind](question, posted)
        except _Unusable as unusable:
            faults[link_id] = str(unusable)
            continue
        if held is not None:
            answers[link_id] = held
        elif UNKNOWN in posted.get(link_id, ()) or f"{link_id}{NOT_KNOWN}" in posted:
            left_open.add(link_id)
    faults |= _out_of_range(answers)
    usable = {link_id: held for link_id, held in answers.items() if link_id not in faults}
    return Said(usable, frozenset(left_open), faults)


def _out_of_range(answers: Mapping[str, Json]) -> dict[str, str]:
    """What the form itself refuses: ranges and units are the same however it is filled in."""
    order = list(answers)
    response = {"item": [{"linkId": link_id, "answer": [answers[link_id]]} for link_id in order]}
    found = {}
    for fault in read_answers(response).faults:
        place = _PLACE.match(fault.place)
        if place:
            link_id = order[int(place[1])]
            found[link_id] = fault.message.removeprefix(f"{link_id}: ")
    return found


def _only(name: str, posted: Posted) -> str:
    values = {value.strip() for value in posted.get(name, ())} - {""}
    if len(values) > 1:
        raise _Unusable("one answer is expected, and several came")
    return next(iter(values), "")


def _picked(question: Question, posted: Posted) -> str:
    """What was picked; blank where that leaves the question open, or the record as it is."""
    value = _only(question.link_id, posted)
    return "" if value in (UNKNOWN, AS_RECORDED) else value


def _yes_or_no(question: Question, posted: Posted) -> Json | None:
    value = _picked(question, posted)
    if value not in ("", "yes", "no"):
        raise _Unusable("yes, no or don't know is expected")
    return {"valueBoolean": value == "yes"} if value else None


def _choice(question: Question, posted: Posted) -> Json | None:
    value = _picked(question, posted)
    chosen = next((choice for choice in question.choices if choice.code == value), None)
    if value and chosen is None:
        raise _Unusable("one of the options is expected")
    if chosen is None:
        return None
    system = {"system": chosen.system} if chosen.system else {}
    return {"valueCoding": {**system, "code": chosen.code, "display": chosen.display}}


def _number(question: Question, posted: Posted, shape: re.Pattern[str], expected: str) -> str:
    value = _only(question.link_id, posted)
    if value and f"{question.link_id}{NOT_KNOWN}" in posted:
        raise _Unusable("a number is given, and don't know is ticked: leave one of them out")
    if value and not shape.fullmatch(value):
        raise _Unusable(expected)
    return value


def _integer(question: Question, posted: Posted) -> Json | None:
    value = _number(question, posted, _WHOLE, f"a whole number from {question.low} to {question.high} is expected")
    return {"valueInteger": int(value)} if value else None


def _length(question: Question, posted: Posted) -> Json | None:
    value = _number(question, posted, _DECIMAL, "a number is expected, with a point before decimals, as 3.5")
    measured_in = _only(f"{question.link_id}{UNIT}", posted) or UNITS[0]
    if measured_in not in UNITS:
        raise _Unusable(f"the unit is {' or '.join(UNITS)}")
    return {"valueQuantity": {"value": float(value), **unit(measured_in)}} if value else None


_READERS: Final[Mapping[str, Callable[[Question, Posted], Json | None]]] = {
    "boolean": _yes_or_no, "choice": _choice, "integer": _integer, "quantity": _length,
}  # fmt: skip
