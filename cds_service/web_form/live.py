"""What the page's script asks while a person answers: which questions are open now, and what the answers lead to."""

from typing import Any, Final

import msgspec

from cds_service.check import Check
from cds_service.dtr.questions import BY_LINK_ID, QUESTIONS
from cds_service.web_form.enabled import enabled
from cds_service.web_form.fields import Posted, read_fields
from cds_service.web_form.leads_to import leads_to
from cds_service.web_form.opened import Opened

ASKED: Final = "asked"
"""The page says itself which questions it asks: to find them out again for every answer would take too long."""


def live(found: Opened, posted: Posted, check: Check) -> dict[str, Any]:
    """Judge the answers so far; those that cannot be used are told, and left out."""
    named = frozenset(posted.get(ASKED, ()))
    asked = tuple(question for question in QUESTIONS if question.link_id in named)
    said = read_fields(posted, BY_LINK_ID.values())
    open_now = enabled(asked, said.answers)
    answers = {link_id: held for link_id, held in said.answers.items() if link_id in open_now or link_id not in named}
    return {
        "enabled": sorted(open_now),
        "faults": dict(said.faults),
        "orders": [msgspec.to_builtins(one) for one in leads_to(found.cases, answers, check)],
    }
