"""Our code system of facts and choices no standard code has, and a value set for the choices of each question."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from cds_service.dtr.canonicals import FACTS_ID, VERSION, facts_url, value_set_url
from cds_service.dtr.items import DONT_KNOW, coding
from cds_service.dtr.questionnaire import LAST_CHANGED, TITLE
from cds_service.dtr.questions import BY_LINK_ID, QUESTIONS, Question
from fhir_mappings.models import built

Json = dict[str, Any]

_SHARED: Final = {"none": "None", "other": "Other"}
"""Choices that several questions offer: the code system says them without either question."""

_SNOMED_NOTE: Final = (
    "Holds codes of SNOMED CT, used by license of SNOMED International; the words beside them are our own."
)


@lru_cache(maxsize=4)
def code_system(base: str) -> Json:
    """The code system: a code for every question, and for every choice that is ours."""
    ours = {c.code: c.display for q in QUESTIONS for c in q.choices if not c.system}
    concepts = {**{q.link_id: q.text for q in QUESTIONS}, **ours, **_SHARED}
    return built({
        "resourceType": "CodeSystem",
        "id": FACTS_ID,
        **_published(facts_url(base), "LiverAblationFacts", f"Facts and choices: {TITLE}"),
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": [{"code": code, "display": display} for code, display in concepts.items()],
    })  # fmt: skip


def _published(url: str, name: str, title: str) -> Json:
    return {
        "url": url,
        "version": VERSION,
        "name": name,
        "title": title,
        "status": "active",
        "experimental": False,
        "date": LAST_CHANGED,
    }


@lru_cache(maxsize=64)
def value_set(base: str, link_id: str) -> Json:
    """The choices of a question, expanded."""
    question = BY_LINK_ID[link_id]
    listed = [*(coding(choice, base) for choice in question.choices), DONT_KNOW]
    note = {"copyright": _SNOMED_NOTE} if any(choice.system for choice in question.choices) else {}
    return built({
        "resourceType": "ValueSet",
        "id": link_id,
        **_published(value_set_url(base, link_id), _name(link_id), question.text),
        **note,
        "compose": {"include": _included(listed)},
        "expansion": {"timestamp": LAST_CHANGED, "total": len(listed), "contains": listed},
    })  # fmt: skip


def _name(link_id: str) -> str:
    return "".join(part.capitalize() for part in link_id.split("-"))


def _included(listed: Iterable[Json]) -> list[Json]:
    by_system: dict[str, list[Json]] = {}
    for one in listed:
        by_system.setdefault(one["system"], []).append({"code": one["code"], "display": one["display"]})
    return [{"system": system, "concept": concepts} for system, concepts in by_system.items()]


def with_choices(questions: Iterable[Question] = QUESTIONS) -> tuple[Question, ...]:
    """The questions that have a value set."""
    return tuple(question for question in questions if question.kind == "choice")


def expanded(base: str, link_id: str, text: str, on: str) -> Json:
    """An expansion as of a day, of the choices whose words hold a text."""
    whole = value_set(base, link_id)
    contains = [one for one in whole["expansion"]["contains"] if text.lower() in one["display"].lower()]
    parameters = [{"name": "filter", "valueString": text}] if text else []
    expansion = {"timestamp": on, "total": len(contains), "contains": contains, "parameter": parameters}
    return built({**whole, "expansion": {name: value for name, value in expansion.items() if value != []}})
