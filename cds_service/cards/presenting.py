"""All cards of an answer, the most important first, as many as the client wants and of the types it wants."""

from collections.abc import Iterator, Mapping
from typing import Final

from cds_service.alternatives import Alternative
from cds_service.cards.additional_orders import additional_orders_card
from cds_service.cards.alternate_request import alternate_request_card
from cds_service.cards.audience import Audience
from cds_service.cards.card import (
    ADDITIONAL_ORDERS,
    ALTERNATE_REQUEST,
    COVERAGE,
    COVERAGE_RECORD,
    FORM_COMPLETION,
    INSTRUCTIONS,
    Card,
    CardType,
)  # fmt: skip
from cds_service.cards.coverage import coverage_card
from cds_service.cards.coverage_record import coverage_record_card
from cds_service.cards.form_completion import form_completion_card
from cds_service.cards.instructions import instructions_card
from cds_service.coverage_check import Checked
from cds_service.crd.options import Options
from cds_service.hooks import ENCOUNTER_HOOKS
from cds_service.policy.determination import Outcome
from fhir_mappings.elements import Json

_BY_OUTCOME: Final = (
    Outcome.NOT_COVERED, Outcome.UNDETERMINED, Outcome.MISSING, Outcome.REFER, Outcome.NO_CRITERION, Outcome.COVERED,
)  # fmt: skip
_BY_TYPE: Final[tuple[CardType, ...]] = (
    COVERAGE_RECORD, COVERAGE, INSTRUCTIONS, ALTERNATE_REQUEST, FORM_COMPLETION, ADDITIONAL_ORDERS,
)  # fmt: skip


def present(
    checked: Checked, alternatives: Mapping[str, Alternative], background: tuple[Json, ...], audience: Audience,
    options: Options,
) -> tuple[Card, ...]:  # fmt: skip
    """The cards of a call. `background` are draft orders that are not judged; those of one rank keep their order."""
    made = _on_coverage(checked, audience) if audience.hook in ENCOUNTER_HOOKS else _on_orders(
        checked, alternatives, background, audience
    )  # fmt: skip
    wanted = sorted((card for card in made if options.wants(card.type.topic)), key=_rank)
    return tuple(wanted[: options.max_cards])


def _on_coverage(checked: Checked, audience: Audience) -> Iterator[Card]:
    why_unread = checked.record.unread.get("Coverage", "") if checked.record else ""
    card = coverage_record_card(checked.coverages, why_unread, audience)
    if card is not None:
        yield card


def _on_orders(
    checked: Checked, alternatives: Mapping[str, Alternative], background: tuple[Json, ...], audience: Audience
) -> Iterator[Card]:
    for one in checked.judged:
        yield coverage_card(one, audience)
        alternative = alternatives.get(one.order.reference)
        suggested = alternate_request_card(one, alternative, audience) if alternative else None
        yield from (card for card in (instructions_card(one, audience), suggested) if card)
    known = (*(order.body for order in checked.orders), *background, *_on_record(checked))
    for card in (
        form_completion_card(checked.judged, audience),
        additional_orders_card(checked.judged, known, audience),
    ):
        if card is not None:
            yield card


def _on_record(checked: Checked) -> Iterator[Json]:
    return (one.body for one in (checked.record.of_type("ServiceRequest") if checked.record else ()))


def _rank(card: Card) -> tuple[int, int]:
    outcome = _BY_OUTCOME.index(card.about.determination.outcome) if card.about else 0
    return _BY_TYPE.index(card.type), outcome
