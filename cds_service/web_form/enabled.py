"""Which of the questions that are asked are to be answered, given what is answered so far (enableWhen)."""

from collections.abc import Iterable, Mapping
from typing import Any

from cds_service.dtr.enabling import Condition, conditions_of, conditions_of_group
from cds_service.dtr.outline import grouped
from cds_service.dtr.questions import Question
from fhir_mappings.elements import member, text_of

Json = Mapping[str, Any]


def enabled(asked: Iterable[Question], answers: Mapping[str, Json]) -> frozenset[str]:
    """The link ids of the questions to answer. What a question that is not one of them was answered decides nothing.

    A question stands after those that enable it, so that one pass is enough.
    """
    listed = tuple(asked)
    among = frozenset(question.link_id for question in listed)
    found: dict[str, Json | None] = {}
    for number, members in grouped(listed).items():
        if not _holds(conditions_of_group(number, among), found):
            continue
        for question in members:
            if _holds(conditions_of(question, among), found):
                found[question.link_id] = answers.get(question.link_id)
    return frozenset(found)


def _holds(conditions: tuple[Condition, ...], found: Mapping[str, Json | None]) -> bool:
    return not conditions or any(_is_met(condition, found.get(condition.link_id)) for condition in conditions)


def _is_met(condition: Condition, answer: Json | None) -> bool:
    if condition.code is None:
        return answer is None
    return text_of(member(answer, "valueCoding", "code")) == condition.code
