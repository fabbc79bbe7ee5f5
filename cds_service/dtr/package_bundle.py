"""A questionnaire package as a Bundle: the form first, a draft of its answers, the value sets of its choices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cds_service.dtr.adaptive import adaptive_draft
from cds_service.dtr.canonicals import DTR
from cds_service.dtr.case_form import CaseForm
from cds_service.dtr.case_questionnaire import case_questionnaire
from cds_service.dtr.draft_response import About, draft_response
from cds_service.dtr.questionnaire import adaptive_form, full_form
from cds_service.dtr.questions import QUESTIONS, Question
from cds_service.dtr.terminology import value_set, with_choices
from fhir_mappings.models import built

Json = dict[str, Any]


def standard_package(base: str, form: CaseForm, about: About, at: datetime) -> Json:
    """The form of a case; where nothing is known of one, the whole form with nothing filled in."""
    if form.asked or form.on_record:
        questionnaire = case_questionnaire(base, form)
        questions: Sequence[Question] = (*form.asked, *(item.question for item in form.on_record))
    else:
        questionnaire, questions = full_form(base), QUESTIONS
    draft = draft_response(base, questionnaire, form.answers, about, at)
    return _bundle(base, (questionnaire, draft), questions, at)


def adaptive_package(base: str, fhir_url: str, about: About, ordered: Sequence[Json], at: datetime) -> Json:
    """The form that is asked question by question; the codes of an order not kept here travel in its draft."""
    draft = adaptive_draft(base, about, ordered, at)
    return _bundle(base, (adaptive_form(base, fhir_url), draft), (), at)


def _bundle(base: str, form: tuple[Json, Json], questions: Sequence[Question], at: datetime) -> Json:
    questionnaire, draft = form
    sets = [value_set(base, question.link_id) for question in with_choices(questions)]
    return built({
        "resourceType": "Bundle",
        "meta": {"profile": [f"{DTR}/DTR-QPackageBundle"]},
        "type": "collection",
        "timestamp": at.isoformat(timespec="seconds"),
        "entry": [_entry(questionnaire), {"resource": draft}, *map(_entry, sets)],
    })  # fmt: skip


def _entry(artifact: Json) -> Json:
    return {"fullUrl": artifact["url"], "resource": artifact}
