"""A form that was saved, told again: what was answered, by whom and when."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from cds_service.dtr.answers import read_answers
from cds_service.dtr.outline import ON_RECORD
from cds_service.web_form.wording import DONT_KNOW, in_words
from fhir_mappings.elements import items, member, text_of

Json = dict[str, Any]


class Told(NamedTuple):
    """One answer: under which criterion (blank: it was on record), to which question, in words."""

    number: str
    question: str
    answer: str


class Retold(NamedTuple):
    """A saved form."""

    answers: tuple[Told, ...]
    by: str
    at: str


def retold(response: Json) -> Retold:
    """The form in words."""
    by, at = text_of(member(response, "author", "display")), text_of(response.get("authored"))
    return Retold(tuple(_told(response)), by, at.replace("T", " at ")[:19])


def answers_of(response: Json) -> dict[str, Json]:
    """Its answers by link id, as they are judged."""
    return dict(read_answers(response).answers)


def _told(response: Json) -> Iterator[Told]:
    answers = answers_of(response)
    for group in items(response.get("item")):
        number = text_of(group.get("linkId"))
        for item in items(group.get("item")):
            held = answers.get(text_of(item.get("linkId")))
            plain = {name: value for name, value in (held or {}).items() if name.startswith("value")}
            said = in_words(plain) if plain else DONT_KNOW
            yield Told("" if number == ON_RECORD else number, text_of(item.get("text")), said)
