"""$next-question (SDC, adaptive forms): the most decisive open question is added, until the outcome is certain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from cds_service.dtr.answers import read_answers
from cds_service.dtr.canonicals import ADAPTIVE_ID, DTR, VERSION, adaptive_url
from cds_service.dtr.draft_response import About, opening
from cds_service.dtr.items import group_item
from cds_service.dtr.next_question import next_question
from cds_service.dtr.outline import grouped, title_of
from cds_service.dtr.questionnaire import heading
from cds_service.dtr.questions import BY_LINK_ID, QUESTIONS, Question
from cds_service.dtr.refusals import Unprocessable
from cds_service.dtr.standing import Case
from fhir_mappings.elements import items, text_of
from fhir_mappings.forms import all_items
from fhir_mappings.models import built

Json = dict[str, Any]

CONTAINED_ID: Final = "asked"
_UNCONDITIONAL: Final[frozenset[str]] = frozenset()


def adaptive_draft(base: str, about: About, ordered: Sequence[Json], at: datetime) -> Json:
    """A response before the first question.

    `ordered` are the codes of an order this service does not keep: they travel as what the contained form is about.
    """
    return built({
        **opening(base, about, at),
        "meta": {"profile": [f"{DTR}/dtr-questionnaireresponse-adapt"]},
        "contained": [_contained(base, (), ordered)],
        "questionnaire": f"#{CONTAINED_ID}",
    })  # fmt: skip


def _contained(base: str, questions: Sequence[Question], ordered: Sequence[Json]) -> Json:
    """The questions asked so far, as a form derived from the adaptive one."""
    whole = heading(ADAPTIVE_ID, adaptive_url(base), questions, base)
    named = {name: held for name, held in whole.items() if name not in ("url", "version", "id", "meta")}
    groups = [group_item(number, members, base, _UNCONDITIONAL) for number, members in grouped(questions).items()]
    return {
        **named,
        "id": CONTAINED_ID,
        "meta": {"profile": [f"{DTR}/dtr-questionnaire-adapt"]},
        "derivedFrom": [f"{adaptive_url(base)}|{VERSION}"],
        **({"code": list(ordered)} if ordered else {}),
        **({"item": groups} if groups else {}),
    }


def contained_form(response: Json) -> Json:
    """The form inside a response; empty where there is none."""
    identity = text_of(response.get("questionnaire")).removeprefix("#")
    return next((dict(one) for one in items(response.get("contained")) if text_of(one.get("id")) == identity), {})


def asked_in(form: Json) -> tuple[Question, ...]:
    """The questions a form inside a response has asked so far, in the order of the form."""
    found = {text_of(item.get("linkId")) for item in all_items(form)}
    return tuple(question for question in QUESTIONS if question.link_id in found)


def with_next_question(base: str, response: Json, cases: Sequence[Case], at: datetime) -> Json:
    """The response with the next question asked; completed where no question is left that can change the outcome.

    Raises Unprocessable for an answer that is none.
    """
    given = read_answers(response)
    if given.faults:
        raise Unprocessable(given.faults[0].message, given.faults[0].place, "value")
    form = contained_form(response)
    asked = asked_in(form)
    left_open = [question.link_id for question in asked if question.link_id not in given.answers]
    answered = [case.with_answers(given.answers) for case in cases]
    following = next((q for case in answered if (q := next_question(case, left_open)) is not None), None)
    listed = tuple(q for q in QUESTIONS if q in (*asked, following))
    written = _written(listed, response)
    return built({
        **{name: held for name, held in response.items() if name != "item"},
        "contained": [_contained(base, listed, form.get("code", []))],
        "questionnaire": f"#{CONTAINED_ID}",
        "status": "in-progress" if following else "completed",
        "authored": at.isoformat(timespec="seconds"),
        **({"item": written} if written else {}),
    })  # fmt: skip


def _written(questions: Sequence[Question], response: Json) -> list[Json]:
    """The items of the questions asked, with the answers as they were given."""
    given = {text_of(item.get("linkId")): item.get("answer") for item in all_items(response)}
    return [
        {"linkId": number, "text": title_of(number), "item": [_item(question, given) for question in members]}
        for number, members in grouped(questions).items()
    ]


def _item(question: Question, given: Mapping[str, Any]) -> Json:
    named = {"linkId": question.link_id, "text": BY_LINK_ID[question.link_id].text}
    answer = given.get(question.link_id)
    return {**named, **({"answer": answer} if answer else {})}
