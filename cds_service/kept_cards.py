"""What the record keeps of an answer in the open: each card and coverage statement by what it spoke of."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from cds_service.cards.card import COVERAGE
from cds_service.cards.card import Card as Shown
from cds_service.cards.coverage import DETERMINATION
from cds_service.contexts import based_on
from cds_service.coverage_check import Checked
from cds_service.crd_metrics.responses import Response
from cds_service.hook_request import HookRequest
from cds_service.judging import Judged
from cds_service.policy.determination import Determination
from cds_service.store.calls import STATEMENT, Card

_ASSERTIONS: Final = uuid.UUID("5f3f9b0a-6d0c-4d8e-9a53-1c1d5b4f7a51")


def kept_cards(
    request: HookRequest, checked: Checked, cards: Sequence[Shown], responses: Iterable[Response]
) -> list[Card]:
    """The cards in the order they were sent, then the coverage statements in theirs."""
    kept = [_card(card, position, request.patient_id) for position, card in enumerate(cards)]
    return [*kept, *_statements(request, checked, responses, len(kept))]


def _card(card: Shown, position: int, patient_id: str) -> Card:
    """A card by its type and what it spoke of; a coverage card is an assertion, the others stand beside one."""
    if card.about is None:
        return Card(uuid=card.body["uuid"], position=position, kind=card.type.kind)
    determination = card.about.determination
    return Card(
        uuid=card.body["uuid"],
        position=position,
        kind=card.type.kind,
        outcome=determination.outcome.value,
        criteria=determination.criteria,
        policy=determination.policy,
        revision=determination.revision,
        assertion_id=_assertion_id(card.about, card.body["extension"][DETERMINATION], patient_id)
        if card.type is COVERAGE
        else "",
    )


def _statements(request: HookRequest, checked: Checked, responses: Iterable[Response], after: int) -> Iterator[Card]:
    """The coverage statements sent, each under the assertion id it carries on the wire."""
    stated = [(response, one) for response in responses for one in response.counted.get("coverageInfo", ())]
    for position, (response, one) in enumerate(stated, start=after):
        determination = _determination(response.about[0], request, checked)
        yield Card(
            uuid=str(uuid.uuid4()),
            position=position,
            kind=STATEMENT,
            outcome=one.get("covered", ""),
            criteria=determination.criteria if determination else (),
            policy=determination.policy if determination else "",
            revision=determination.revision if determination else "",
            assertion_id=one["assertionId"],
        )


def _determination(reference: str, request: HookRequest, checked: Checked) -> Determination | None:
    """What a statement on this resource says; None where no policy speaks of it, and where one id means two orders."""
    booked = (appointment for appointment in request.appointments if appointment.reference == reference)
    meant = {reference, *(named for appointment in booked for named in based_on(appointment.body))}
    orders = [order for order in checked.orders if order.is_named_by_any(meant)]
    return checked.determination_of(orders[0]) if len(orders) == 1 else None


def _assertion_id(one: Judged, asserted: object, patient_id: str) -> str:
    """The id of what a card asserts: the same for one order, coverage, revision and content, whenever it is said."""
    coverages = [c.reference for c in one.coverage.coverages]
    content = [patient_id, one.order.body, coverages, asserted]
    return str(uuid.uuid5(_ASSERTIONS, msgspec.json.encode(content).decode()))
