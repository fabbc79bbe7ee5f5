"""The completed form as a QuestionnaireResponse: what a person said, under which questions, who said it and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from cds_service.cards.card import is_local
from cds_service.dtr.canonicals import INFORMATION_ORIGIN, facts_url, form_canonical
from cds_service.dtr.case_form import CaseForm, FormItem
from cds_service.dtr.draft_response import About, opening
from cds_service.dtr.items import DONT_KNOW
from cds_service.dtr.outline import ON_RECORD
from cds_service.web_form.enabled import enabled
from cds_service.web_form.fields import Said
from cds_service.web_form.kept_case import KeptCase
from cds_service.web_form.respondent import Respondent
from fhir_mappings.models import built

Json = dict[str, Any]

RECORD_TITLE: Final = "On record already, and changed"


class Signed(NamedTuple):
    """Who answers, and when."""

    by: Respondent
    at: datetime


def counting(form: CaseForm, said: Said) -> Said:
    """Of what was said: answers to questions that are to be answered, and those that change what is on record.

    What is on record already is not said again: it keeps its own source and date.
    """
    asked = enabled(form.asked, said.answers)
    recorded = {item.question.link_id: item.answer for item in form.on_record}
    answers = {
        link_id: held
        for link_id, held in said.answers.items()
        if link_id in asked or (link_id in recorded and held != recorded[link_id])
    }
    return replace(said, answers=answers, left_open=said.left_open & asked)


def completed(base: str, form: CaseForm, kept: KeptCase, said: Said, signed: Signed) -> Json:
    """The response; `base` is the canonical base of our own artifacts, `said` what counts."""
    items = [group for group in _groups(form, said, base) if group["item"]]
    return built({
        **opening(base, _about(kept), signed.at),
        "identifier": {"system": f"{base}/NamingSystem/web-form", "value": kept.id},
        "questionnaire": form_canonical(base),
        "status": "completed",
        "author": signed.by.reference(),
        **({"item": items} if items else {}),
    })  # fmt: skip


def _about(kept: KeptCase) -> About:
    orders = tuple(reference for reference in kept.asked if is_local(reference))
    return About(f"Patient/{kept.owner.patient_id}", kept.coverage, orders)


def _groups(form: CaseForm, said: Said, base: str) -> Iterator[Json]:
    for group in form.groups:
        yield {"linkId": group.number, "text": group.title, "item": list(_items(group.items, said, base))}
    yield {"linkId": ON_RECORD, "text": RECORD_TITLE, "item": list(_items(form.on_record, said, base))}


def _items(items: Iterable[FormItem], said: Said, base: str) -> Iterator[Json]:
    """The questions that were answered, and those a person said not to know: of these only a choice can say so."""
    for item in items:
        question = item.question
        named = {"linkId": question.link_id, "text": question.text}
        held = said.answers.get(question.link_id)
        if held is not None:
            yield {**named, "answer": [_answer(item, held, base)]}
        elif question.link_id in said.left_open:
            yield {**named, **({"answer": [{"valueCoding": DONT_KNOW}]} if question.kind == "choice" else {})}


def _answer(item: FormItem, held: Mapping[str, Any], base: str) -> Json:
    """An answer with its origin (DTR, information-origin): given by hand, or taken over or changed from the record."""
    origin = "manual" if item.answer is None else "auto-server" if held == item.answer else "override"
    coding = held.get("valueCoding")
    whole = {"valueCoding": {"system": facts_url(base), **coding}} if coding else dict(held)
    return {"extension": [{"url": INFORMATION_ORIGIN, "extension": [{"url": "source", "valueCode": origin}]}], **whole}


def authored(on: date, at: datetime) -> datetime:
    """When it is said: the time of day here, on the day by which orders are judged."""
    return at.astimezone().replace(year=on.year, month=on.month, day=on.day)
