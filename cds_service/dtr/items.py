"""Questions as Questionnaire items: type, range, units, answer options, what enables them, what prefills them."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from cds_service.dtr.canonicals import DONT_KNOW_SYSTEM, FHIR, SDC, facts_url
from cds_service.dtr.enabling import Condition, conditions_of, conditions_of_group
from cds_service.dtr.outline import criteria_of, title_of
from cds_service.dtr.population import item_extensions
from cds_service.dtr.questions import BY_LINK_ID, Choice, Question
from fhir_mappings.code_systems import CANONICAL_URIS, UCUM
from fhir_mappings.quantities import measure

Json = dict[str, Any]

DONT_KNOW: Final[Json] = {
    "system": DONT_KNOW_SYSTEM,
    "code": "asked-unknown",
    "display": "Don't know",
}
"""An answer that leaves the question open (reading A63); yes and no, and numbers, are left blank instead."""

LEFT_OPEN: Final = "Leave it blank if it is not known."
UNITS: Final = ("cm", "mm")


def group_item(group: str, questions: Iterable[Question], base: str, asked: Collection[str]) -> Json:
    """A criterion with its questions."""
    return {
        "linkId": group,
        **_prefix(group),
        "text": title_of(group),
        "type": "group",
        **_enabled_when(conditions_of_group(group, asked), base),
        "item": [question_item(question, base, asked) for question in questions],
    }


def question_item(question: Question, base: str, asked: Collection[str]) -> Json:
    """A question; it is enabled by answers to questions among those asked."""
    blank = "" if question.kind == "choice" else f" {LEFT_OPEN}"
    return {
        "linkId": question.link_id,
        "extension": [*_range(question), *_units(question), *item_extensions(question, base)],
        **_code(question, base),
        "prefix": ", ".join(criteria_of(question)),
        "text": question.text + blank,
        "type": question.kind,
        **_enabled_when(conditions_of(question, asked), base),
        **_options(question, base),
    }


def _prefix(group: str) -> Json:
    return {} if group == "order" else {"prefix": group}


def coding(choice: Choice, base: str) -> Json:
    """A choice as a Coding."""
    return {"system": choice.system or facts_url(base), "code": choice.code, "display": choice.display}


def _code(question: Question, base: str) -> Json:
    return {"code": [{"system": facts_url(base), "code": question.link_id}]}


def _options(question: Question, base: str) -> Json:
    if question.kind != "choice":
        return {}
    listed = [*(coding(choice, base) for choice in question.choices), DONT_KNOW]
    return {"answerOption": [{"valueCoding": one} for one in listed]}


def _range(question: Question) -> list[Json]:
    if question.kind != "integer":
        return []
    limits = {"minValue": question.low, "maxValue": question.high}
    return [{"url": f"{FHIR}/{name}", "valueInteger": limit} for name, limit in limits.items()]


def _units(question: Question) -> list[Json]:
    """A length, in the units it is measured in; the range is that of the reader."""
    if question.kind != "quantity":
        return []
    most = {"value": measure("tumor-size").high, **unit("cm")}
    options = [{"url": f"{FHIR}/questionnaire-unitOption", "valueCoding": unit_coding(code)} for code in UNITS]
    return [*options, {"url": f"{SDC}/sdc-questionnaire-maxQuantity", "valueQuantity": most}]


def unit_coding(code: str) -> Json:
    """A unit as a Coding."""
    return {"system": CANONICAL_URIS[UCUM], "code": code, "display": code}


def unit(code: str) -> Json:
    """A unit as a Quantity has it."""
    return {"unit": code, "system": CANONICAL_URIS[UCUM], "code": code}


def _enabled_when(conditions: tuple[Condition, ...], base: str) -> Json:
    if not conditions:
        return {}
    return {"enableWhen": [_when(c, base) for c in conditions], "enableBehavior": "any"}


def _when(condition: Condition, base: str) -> Json:
    if condition.code is None:
        return {"question": condition.link_id, "operator": "exists", "answerBoolean": False}
    question = BY_LINK_ID[condition.link_id]
    choice = next(c for c in question.choices if c.code == condition.code)
    return {"question": condition.link_id, "operator": "=", "answerCoding": coding(choice, base)}
