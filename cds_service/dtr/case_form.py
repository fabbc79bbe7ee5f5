"""The form for one case: what is open is asked; what is on record stands below, folded, to be looked through."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from cds_service.dtr.canonicals import FORM_ID, SDC, form_canonical, form_url
from cds_service.dtr.items import question_item
from cds_service.dtr.questionnaire import group_items, heading
from cds_service.dtr.questions import QUESTIONS, Question
from fhir_mappings.models import built

Json = dict[str, Any]

ON_RECORD: Final = "on-record"
_TITLE: Final = "On record already: change what is wrong"
_NO_QUESTION: Final[frozenset[str]] = frozenset()


def case_form(base: str, asked: Iterable[Question], known: Collection[str]) -> Json:
    """The questions that are open, by criterion, and those that are answered already; the canonical is the same."""
    open_ = tuple(asked)
    answered = tuple(q for q in QUESTIONS if q.link_id in known and q not in open_)
    return built({
        **heading(FORM_ID, form_url(base), (*open_, *answered), base),
        "derivedFrom": [form_canonical(base)],
        "item": [*group_items(open_, base), *_on_record(answered, base)],
    })  # fmt: skip


def _on_record(answered: tuple[Question, ...], base: str) -> list[Json]:
    """Not hidden: whoever completes the form answers for all of it (DTR, sec-4)."""
    if not answered:
        return []
    folded = {"url": f"{SDC}/sdc-questionnaire-collapsible", "valueCode": "default-closed"}
    listed = [question_item(question, base, _NO_QUESTION) for question in answered]
    return [{"linkId": ON_RECORD, "extension": [folded], "text": _TITLE, "type": "group", "item": listed}]
