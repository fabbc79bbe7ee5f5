"""Completed documentation forms: which QuestionnaireResponses are ours, and the answers in them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from fhir_mappings.elements import Json, items, reference_id, text_of
from fhir_mappings.form_codes import ADAPTIVE_PATH, QUESTIONNAIRE_PATH
from fhir_mappings.record import PatientRecord, Resource

_PATHS: Final = (QUESTIONNAIRE_PATH, ADAPTIVE_PATH)
_COMPLETE: Final = frozenset({"completed", "amended"})
_DEEPEST: Final = 20
PATIENT_SOURCES: Final = frozenset({"Patient", "RelatedPerson"})


class Answer(NamedTuple):
    """One answer to a question of the form: its link id, and the JSON that holds the value."""

    link_id: str
    held: Json


class CompletedForm(NamedTuple):
    """A completed form of ours: where it is, whether the patient or a relative answered, and its answers."""

    resource: Resource
    is_by_patient: bool
    answers: tuple[Answer, ...]


def completed_forms(record: PatientRecord) -> tuple[CompletedForm, ...]:
    """The patient's completed or amended forms of ours."""
    return tuple(
        CompletedForm(one, is_by_patient(one.body), tuple(answers_in(one.body)))
        for one in record.of_type("QuestionnaireResponse")
        if text_of(one.body.get("status")) in _COMPLETE and is_ours(one.body)
    )


def is_ours(response: Json) -> bool:
    """Whether a response answers our form, in any version and at any base (reading A63).

    An adaptive form travels inside its response and names the form it is derived from.
    """
    named = text_of(response.get("questionnaire"))
    listed = _derived_from(response, named[1:]) if named.startswith("#") else [named]
    return any(text_of(canonical).split("|", 1)[0].endswith(_PATHS) for canonical in listed)


def _derived_from(response: Json, identity: str) -> list[object]:
    for one in items(response.get("contained")):
        if text_of(one.get("id")) == identity:
            above = one.get("derivedFrom")
            return [one.get("url"), *(above if isinstance(above, list) else [above])]
    return []


def is_by_patient(response: Json) -> bool:
    """Whether the patient or a relative answered (reading A37)."""
    return any(reference_id(response.get(element))[0] in PATIENT_SOURCES for element in ("source", "author"))


def answers_in(response: Json) -> Iterator[Answer]:
    """Every answer of a response, however deep it stands."""
    for item in all_items(response):
        for held in items(item.get("answer")):
            yield Answer(text_of(item.get("linkId")), held)


def all_items(parent: Json, depth: int = 0) -> Iterator[Json]:
    """Every item below a form, a response, an item or an answer, in order."""
    if depth > _DEEPEST:
        return
    for item in items(parent.get("item")):
        yield item
        yield from all_items(item, depth + 1)
        for answer in items(item.get("answer")):
            yield from all_items(answer, depth + 1)
