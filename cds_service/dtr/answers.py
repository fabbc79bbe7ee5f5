"""The answers of a form that was filled in, each checked against its question: what is wrong is named by its place."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cds_service.dtr.canonicals import DONT_KNOW_SYSTEM
from cds_service.dtr.outline import GROUPS, ON_RECORD
from cds_service.dtr.questions import BY_LINK_ID, Choice, Question
from fhir_mappings.code_systems import LOCAL_FACTS, SNOMED
from fhir_mappings.elements import Json, codes, items, text_of
from fhir_mappings.quantities import Unusable, read_quantity
from fhir_mappings.terminology import Code

_GROUPS: Final = frozenset({*GROUPS, ON_RECORD})
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be used, and where: a JSON path, and words that hold nothing of what stands there."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a response says: its answers by link id, the questions that were left open, what cannot be used."""

    answers: Mapping[str, dict[str, Any]]
    left_open: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()


def read_answers(response: Json) -> Given:
    """Read every answer of a QuestionnaireResponse to the form, whatever version of it and however it is grouped."""
    answers: dict[str, dict[str, Any]] = {}
    open_: set[str] = set()
    faults: list[Fault] = []
    for place, item in _items(response, "$", 0):
        link_id = text_of(item.get("linkId"))
        if link_id in _GROUPS:
            continue
        found = _answer(place, item, link_id, answers.keys() | open_)
        if isinstance(found, Fault):
            faults.append(found)
        elif found is None:
            open_.add(link_id)
        else:
            answers[link_id] = found
    return Given(answers, frozenset(open_), tuple(faults))


def _items(parent: Json, place: str, depth: int) -> Iterator[tuple[str, Json]]:
    """Every item of a response with its place, those below an answer included."""
    listed = parent.get("item")
    for index, item in enumerate(listed if isinstance(listed, list) and depth < _DEEPEST else []):
        if isinstance(item, dict):
            here = f"{place}.item[{index}]"
            yield here, item
            yield from _items(item, here, depth + 1)
            for number, answer in enumerate(items(item.get("answer"))):
                yield from _items(answer, f"{here}.answer[{number}]", depth + 1)


def _answer(place: str, item: Json, link_id: str, seen: Collection[str]) -> dict[str, Any] | Fault | None:
    """The answer of an item; None where it was left open."""
    question = BY_LINK_ID.get(link_id)
    if question is None:
        return Fault(f"{place}.linkId", "the form has no such question: use the link ids of its items")
    if link_id in seen:
        return Fault(place, "the question is answered twice: send one item for it")
    listed = item.get("answer", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed) or len(listed) > 1:
        return Fault(f"{place}.answer", "a list with one answer is expected here")
    held = {name: value for one in listed for name, value in one.items() if name.startswith("value")}
    if not held or _is_unknown(held):
        return None
    return _checked(f"{place}.answer[0]", question, held)


def _is_unknown(held: Json) -> bool:
    coding = held.get("valueCoding")
    return isinstance(coding, dict) and coding.get("system") == DONT_KNOW_SYSTEM


def _checked(place: str, question: Question, held: dict[str, Any]) -> dict[str, Any] | Fault:
    expected = _TYPES[question.kind]
    name = next((name for name in expected if name in held), "")
    if len(held) != 1 or not name:
        return Fault(place, f"{question.link_id} is answered by a {expected[0]}")
    problem = _PROBLEMS[question.kind](question, held)
    return Fault(f"{place}.{name}", f"{question.link_id}: {problem}") if problem else held


_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": ("valueBoolean",),
    "choice": ("valueCoding",),
    "integer": ("valueInteger",),
    "quantity": ("valueQuantity", "valueDecimal"),
}


def _no_boolean(_: Question, held: Json) -> str:
    return "" if isinstance(held["valueBoolean"], bool) else "true or false is expected"


def _no_choice(question: Question, held: Json) -> str:
    given = codes(held["valueCoding"])
    return "" if any(_is_chosen(choice, given) for choice in question.choices) else "it is none of the answer options"


def _is_chosen(choice: Choice, given: tuple[Code, ...]) -> bool:
    """A choice of ours is known without its system as well, as the readers have it."""
    systems = (SNOMED,) if choice.system else (LOCAL_FACTS, "")
    return any((system, choice.code) in given for system in systems)


def _no_integer(question: Question, held: Json) -> str:
    value = held["valueInteger"]
    if isinstance(value, bool) or not isinstance(value, int):
        return "a whole number is expected"
    within = question.low <= value <= question.high
    return "" if within else f"a whole number from {question.low} to {question.high} is expected"


def _no_length(_: Question, held: Json) -> str:
    quantity = held.get("valueQuantity", {"value": held.get("valueDecimal"), "code": "cm"})
    read = read_quantity(quantity, "tumor-size")
    return read.why if isinstance(read, Unusable) else ""


_PROBLEMS: Final[Mapping[str, Callable[[Question, Json], str]]] = {
    "boolean": _no_boolean, "choice": _no_choice, "integer": _no_integer, "quantity": _no_length,
}  # fmt: skip
