"""Answers, conditions and ranges of the form in words."""

from collections.abc import Mapping
from typing import Any, Final

from cds_service.dtr.enabling import Condition
from cds_service.dtr.questions import BY_LINK_ID, Question
from fhir_mappings.quantities import measure

DONT_KNOW: Final = "Don't know"


def in_words(answer: Mapping[str, Any]) -> str:
    """An answer as people say it."""
    ((name, held),) = answer.items()
    if name == "valueBoolean":
        return "yes" if held else "no"
    if name == "valueQuantity":
        return f"{held['value']:g} {held['unit']}"
    return str(held.get("display", held["code"]) if name == "valueCoding" else held)


def asked_when(conditions: tuple[Condition, ...]) -> str:
    """The answers that make it a question to ask, in words."""
    by_question: dict[str, list[str]] = {}
    for link_id, code in conditions:
        choices = {choice.code: choice.display for choice in BY_LINK_ID[link_id].choices}
        by_question.setdefault(link_id, []).append(choices[code] if code else "left open")
    told = [f"“{BY_LINK_ID[link_id].text}” is {' or '.join(said)}" for link_id, said in by_question.items()]
    return f"To answer only if {', or '.join(told)}." if told else ""


def range_of(question: Question) -> str:
    """What a number may be; blank for what is no number."""
    if question.kind == "integer":
        return f"A whole number from {question.low} to {question.high}"
    return f"More than 0, at most {measure('tumor-size').high:g} cm" if question.kind == "quantity" else ""
