"""The cards of one hook call: whom they are for, what they may suggest, which of them the client wants."""

from datetime import date

from cds_service.alternatives import find_alternatives
from cds_service.cards.audience import Audience
from cds_service.cards.card import Card
from cds_service.cards.presenting import present
from cds_service.check import Check
from cds_service.coverage_check import Checked
from cds_service.crd.answering import Asked
from cds_service.hook_request import HookRequest
from cds_service.settings import Settings


def cards_of(  # noqa: PLR0913, PLR0917
    request: HookRequest,
    checked: Checked,
    crd: Asked,
    check: Check,
    settings: Settings,
    today: date,
    form_url: str = "",
) -> tuple[Card, ...]:
    """The cards a client wants: none of a type it switched off, no more than it asks for.

    `form_url` is the web form for what is missing, where one is offered.
    """
    audience = Audience(
        hook=request.hook,
        patient_id=request.patient_id,
        today=today,
        public_url=settings.public_url,
        canonical_base=settings.canonical_base,
        payer_labels=tuple(payer.label for payer in check.payers),
        user_id=request.user_id,
        encounter_id=request.encounter_id,
        version=crd.declaration.version,
        is_declared=crd.declaration.is_declared,
        form_url=form_url,
    )
    alternatives = find_alternatives(request, checked, check, today)
    return present(checked, alternatives, tuple(draft.body for draft in request.background), audience, crd.options)
