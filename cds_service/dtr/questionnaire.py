"""The documentation form as a FHIR Questionnaire, made from the policy revision (profile dtr-std-questionnaire)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from cds_service.dtr.canonicals import ADAPTIVE_ID, DTR, FORM_ID, SDC, VERSION, adaptive_url, form_url
from cds_service.dtr.items import group_item
from cds_service.dtr.outline import grouped
from cds_service.dtr.population import form_extensions
from cds_service.dtr.questions import QUESTIONS, Question
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from fhir_mappings.models import built

Json = dict[str, Any]

TITLE: Final = f"Documentation for policy {REVISION.number}, {REVISION.title}"
LAST_CHANGED: Final = "2026-11-24"
"""The day the form was last changed, whatever its version says: a test notices when it was and this was not."""


@lru_cache(maxsize=4)
def full_form(base: str) -> Json:
    """Every question of the policy. The same object each time: it is read, never changed."""
    return built({**heading(FORM_ID, form_url(base), QUESTIONS, base), "item": group_items(QUESTIONS, base)})


@lru_cache(maxsize=4)
def adaptive_form(base: str, fhir_url: str) -> Json:
    """The form that is asked question by question: none of its own, and where $next-question is called."""
    asked = {"url": f"{SDC}/sdc-questionnaire-questionnaireAdaptive", "valueUrl": fhir_url}
    profile = {"profile": [f"{DTR}/dtr-questionnaire-adapt-search"]}
    named = {"name": "LiverTumorAblationAdaptive", "extension": [asked]}
    return built({**heading(ADAPTIVE_ID, adaptive_url(base), (), base), "meta": profile, **named})


def heading(identity: str, url: str, questions: Iterable[Question], base: str) -> Json:
    """What stands before the questions."""
    listed = tuple(questions)
    return {
        "resourceType": "Questionnaire",
        "id": identity,
        "meta": {"profile": [f"{DTR}/dtr-std-questionnaire"]},
        "extension": [
            {"url": f"{DTR}/questionnaireAudience", "valueCode": "clinical"},
            {"url": f"{DTR}/request-specific", "valueBoolean": True},
            *form_extensions(listed, base),
        ],
        "url": url,
        "version": VERSION,
        "name": "LiverTumorAblation",
        "title": TITLE,
        "status": "active",
        "subjectType": ["Patient"],
        "date": LAST_CHANGED,
        "description": f"What the record does not show and policy {REVISION.number}, revision {VERSION}, asks. "
        "Leave open what is not known: it counts as unknown, never as no.",
        "effectivePeriod": {"start": VERSION},
    }


def group_items(questions: Iterable[Question], base: str) -> list[Json]:
    """Questions grouped by criterion; each is enabled by answers to others among them."""
    listed = tuple(questions)
    asked = frozenset(question.link_id for question in listed)
    return [group_item(group, members, base, asked) for group, members in grouped(listed).items()]
