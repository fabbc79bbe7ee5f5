"""The form of a case as a FHIR Questionnaire: under the canonical of the whole form, with fewer questions."""

from typing import Any, Final

from cds_service.dtr.canonicals import FORM_ID, SDC, form_url
from cds_service.dtr.case_form import CaseForm
from cds_service.dtr.items import question_item
from cds_service.dtr.outline import ON_RECORD
from cds_service.dtr.questionnaire import group_items, heading
from fhir_mappings.models import built

Json = dict[str, Any]

_TITLE: Final = "On record already: change what is wrong"
_NOTHING_ASKED: Final[frozenset[str]] = frozenset()


def case_questionnaire(base: str, form: CaseForm) -> Json:
    """The questions that are open, by criterion, then those that are answered already."""
    answered = tuple(item.question for item in form.on_record)
    return built({
        **heading(FORM_ID, form_url(base), (*form.asked, *answered), base),
        "item": [*group_items(form.asked, base), *_on_record(form, base)],
    })  # fmt: skip


def _on_record(form: CaseForm, base: str) -> list[Json]:
    if not form.on_record:
        return []
    folded = {"url": f"{SDC}/sdc-questionnaire-collapsible", "valueCode": "default-closed"}
    listed = [question_item(item.question, base, _NOTHING_ASKED) for item in form.on_record]
    return [{"linkId": ON_RECORD, "extension": [folded], "text": _TITLE, "type": "group", "item": listed}]
