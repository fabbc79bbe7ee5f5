"""The additional-orders card: the laboratory tests Child-Pugh lacks, as drafts to add (topic clinical-reminder)."""

from collections.abc import Iterable
from typing import Final

from cds_service.anchors import STATEMENTS, in_policy
from cds_service.cards.audience import Audience
from cds_service.cards.card import ADDITIONAL_ORDERS, Card, JsonObject, card_body, create, in_one_line, suggestion
from cds_service.cards.detail import head
from cds_service.cards.new_orders import NewService, new_order
from cds_service.hooks import DRAFTING_HOOKS
from cds_service.judging import Judged
from cds_service.markdown import escaped
from cds_service.policy.determination import Outcome
from fhir_mappings.code_systems import CANONICAL_URIS, LOINC
from fhir_mappings.elements import Json, codes, text_of
from fhir_mappings.laboratory import LABORATORY_TESTS, LaboratoryTest

CHILD_PUGH: Final = "I.C"
_PENDING: Final = frozenset({"draft", "active", "on-hold"})


def additional_orders_card(judged: tuple[Judged, ...], known_orders: Iterable[Json], audience: Audience) -> Card | None:
    """One card for all orders that hang on Child-Pugh, with a suggestion for each test nobody has ordered yet.

    `known_orders` are the other drafts and the orders on record. None where no test is lacking, or a draft order
    cannot be made; none on hooks that have no drafts.
    """
    open_orders = tuple(one for one in judged if _parts(one))
    if audience.hook not in DRAFTING_HOOKS or not open_orders:
        return None
    first = open_orders[0]
    tests = _to_order(_parts(first), known_orders)
    suggestions = tuple(made for test in tests if (made := _suggestion(test, first, audience)))
    if not suggestions:
        return None
    body = card_body(
        ADDITIONAL_ORDERS,
        audience,
        first.coverage.payer,
        (one.determination.order for one in open_orders),
        summary=in_one_line(f"Tests for Child-Pugh are missing: {_listed(tests)}", in_policy(first.determination)),
        detail=_detail(open_orders, tests),
        suggestions=suggestions,
        select="any",
    )
    return Card(ADDITIONAL_ORDERS, body, first)


def _parts(one: Judged) -> tuple[str, ...]:
    """The laboratory parts of Child-Pugh without a usable value, where documentation of it is what is missing."""
    if one.determination.outcome is not Outcome.MISSING:
        return ()
    asked = (part for q in one.determination.missing if q.criterion == CHILD_PUGH for part in q.parts)
    return tuple(part for part in asked if part in LABORATORY_TESTS)


def _to_order(parts: tuple[str, ...], known_orders: Iterable[Json]) -> tuple[LaboratoryTest, ...]:
    pending = {code for order in known_orders if _is_pending(order) for code in codes(order.get("code"))}
    return tuple(LABORATORY_TESTS[part] for part in parts if pending.isdisjoint(LABORATORY_TESTS[part].codes))


def _is_pending(order: Json) -> bool:
    return order.get("resourceType") == "ServiceRequest" and text_of(order.get("status")) in _PENDING


def _suggestion(test: LaboratoryTest, one: Judged, audience: Audience) -> JsonObject | None:
    service = NewService(CANONICAL_URIS[LOINC], test.loinc, test.words)
    order = new_order(service, one.order.body, audience)
    return suggestion(f"Order {test.words}", create(f"Add a draft order for {test.words}", order)) if order else None


def _detail(open_orders: tuple[Judged, ...], tests: tuple[LaboratoryTest, ...]) -> str:
    named = ", ".join(escaped(one.determination.order) for one in open_orders)
    return "\n\n".join([
        head(open_orders[0].determination),
        f"For {named}: criterion **{CHILD_PUGH}** is open. {STATEMENTS[CHILD_PUGH]}.",
        "No result on record can be used, for want of one or because it is too old:",
        "\n".join(f"- {test.words} (LOINC {test.loinc})" for test in tests),
        "A Child-Pugh class that is already known answers the criterion as well, once it is recorded in the chart.",
    ])  # fmt: skip


def _listed(tests: tuple[LaboratoryTest, ...]) -> str:
    return ", ".join(test.words for test in tests)
