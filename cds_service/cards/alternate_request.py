"""The alternate-request card: an ablation the policy can cover in the place of a technique it never does."""

from typing import Final

from cds_service.alternatives import Alternative
from cds_service.anchors import in_policy
from cds_service.cards.audience import Audience
from cds_service.cards.card import (
    ALTERNATE_REQUEST,
    Card,
    JsonObject,
    card_body,
    create,
    in_one_line,
    is_local,
    suggestion,
)  # fmt: skip
from cds_service.cards.detail import NO_PROMISE, criteria, evidence, head, notes
from cds_service.cards.new_orders import NewService, carried_over, new_order
from cds_service.cards.overriding import override_reasons
from cds_service.judging import Judged
from cds_service.markdown import escaped
from cds_service.policies.policy_151.alternatives_2025_05_06 import LABELS
from fhir_mappings.code_systems import CANONICAL_URIS, PROCEDURE_CODE

_OVERRIDES: Final = ("not-suitable", "clinically-indicated", "patient-preference")


def alternate_request_card(one: Judged, alternative: Alternative, audience: Audience) -> Card | None:
    """At most one of the alternatives, each an exchange of the order: it is deleted and another created (resp-53).

    None for an order that cannot be exchanged: no ServiceRequest, without an id, or with nobody who requests it.
    """
    suggestions = tuple(made for code in alternative.codes if (made := _exchange(one, code, audience)))
    if not suggestions:
        return None
    criterion = ", ".join(alternative.determination.criteria)
    body = card_body(
        ALTERNATE_REQUEST,
        audience,
        one.coverage.payer,
        (one.determination.order,),
        summary=in_one_line(
            f"Ablation can be covered instead: criterion {criterion} is met", in_policy(one.determination)
        ),
        detail=_detail(one, alternative),
        suggestions=suggestions,
        select="at-most-one",
        override_reasons=override_reasons(_OVERRIDES, audience.canonical_base),
    )
    return Card(ALTERNATE_REQUEST, body, one)


def _exchange(one: Judged, code: str, audience: Audience) -> JsonObject | None:
    ordered, reference = one.order.body, one.determination.order
    if ordered.get("resourceType") != "ServiceRequest" or not is_local(reference):
        return None
    words = LABELS[code]
    service = NewService(CANONICAL_URIS[PROCEDURE_CODE], code, words)
    order = new_order(service, ordered, audience, carried_over(ordered))
    if order is None:
        return None
    return suggestion(
        f"Order {words} ({code}) instead",
        {"type": "delete", "description": "Remove the order that is not covered", "resourceId": reference},
        create(f"Add a draft order for {words} ({code})", order),
    )


def _detail(one: Judged, alternative: Alternative) -> str:
    found = alternative.determination
    refused = ", ".join(one.determination.criteria)
    parts = (
        head(found),
        f"{escaped(one.determination.order)} is not covered under criterion {refused}. On this record an ablation by "
        "the same approach may be considered medically necessary. Which technique suits the patient is the "
        "clinician's decision.",
        criteria(found),
        evidence(found),
        notes(found),
        NO_PROMISE,
    )
    return "\n\n".join(filter(None, parts))
