"""The instructions card: what the coding notes say of an unlisted code (topic claim; no links, no suggestions).

How to supply what is missing is not repeated here: the coverage card says it, or the coverage statement does (resp-12).
"""

from cds_service.anchors import in_policy
from cds_service.cards.audience import Audience
from cds_service.cards.card import INSTRUCTIONS, Card, card_body, in_one_line
from cds_service.cards.detail import NO_PROMISE, head
from cds_service.judging import Judged
from cds_service.markdown import escaped
from cds_service.policies.policy_151.codes_2025_05_06 import unlisted_codes
from cds_service.policy.determination import Determination


def instructions_card(one: Judged, audience: Audience) -> Card | None:
    """How the claim of an order is looked at; None where the coding notes say nothing of its code."""
    determination = one.determination
    if not determination.claim_notes:
        return None
    body = card_body(
        INSTRUCTIONS,
        audience,
        one.coverage.payer,
        (determination.order,),
        summary=in_one_line(_sentence(determination.claim_notes[0].said), in_policy(determination)),
        detail=_detail(one),
    )
    return Card(INSTRUCTIONS, body, one)


def _detail(one: Judged) -> str:
    determination = one.determination
    listed = ", ".join(unlisted_codes(one.order.service))
    return "\n\n".join([
        head(determination, ", coding notes"),
        f"For {escaped(determination.order)}, code {escaped(listed)}, judged under {_judged_under(determination)}:",
        *(note.explained for note in determination.claim_notes),
        NO_PROMISE,
    ])  # fmt: skip


def _judged_under(determination: Determination) -> str:
    """The criteria behind the outcome; where the code is not resolved, what is asked of the order."""
    return ", ".join((*determination.criteria, *determination.advice))


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:]
