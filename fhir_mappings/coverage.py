"""Whose coverage an order falls under, and its line of business (policy 151, plan product and benefit application)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from fhir_mappings.code_systems import PAYER_TYPOLOGY
from fhir_mappings.dates import read_date
from fhir_mappings.elements import codes, items, member, reference_id, text_of
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.orders import Order
from fhir_mappings.record import PatientRecord, Resource


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a payer: its id, as Coverage.class carries it, and its line of business."""

    id: str
    line_of_business: LineOfBusiness


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer we answer for. No identifiers: every Coverage is theirs (the demonstration payer). `url`: their site."""

    id: str
    label: str
    identifiers: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()
    url: str = ""

    def accepts(self, coverage: Resource) -> bool:
        """Whether a payor of the Coverage is this payer, by identifier, name or reference."""
        if not self.identifiers:
            return True
        return any(name in self.identifiers for payor in items(coverage.body.get("payor")) for name in _names(payor))


def _names(payor: object) -> Iterable[str]:
    yield text_of(member(payor, "identifier", "value"))
    yield text_of(member(payor, "display"))
    yield text_of(member(payor, "reference"))
    kind, identity = reference_id(payor)
    yield f"{kind}/{identity}"
    yield identity


@dataclass(frozen=True, slots=True)
class Resolved:
    """The Coverages an order falls under, the payer who answers, and the line of business they come to."""

    coverages: tuple[Resource, ...]
    payer: Payer | None
    line_of_business: LineOfBusiness
    notes: tuple[str, ...] = ()


_UNKNOWN_NOTE: Final = "the line of business is not known: judged as commercial"


def resolve_coverage(record: PatientRecord, order: Order, payers: tuple[Payer, ...], today: date) -> Resolved:
    """Find the Coverage of an order: the one its insurance names, else the patient's active ones in their order."""
    active = [c for c in record.of_type("Coverage") if _is_active(c, today)]
    named = {reference_id(reference)[1] for reference in order.insurance}
    chosen = [c for c in active if c.identity in named] or _first_in_order(active)
    ours = [(c, payer) for c in chosen if (payer := next((p for p in payers if p.accepts(c)), None))]
    if not ours:
        return Resolved((), None, LineOfBusiness.UNKNOWN, (_UNKNOWN_NOTE,))
    lines = {line_of_business(coverage, payer) for coverage, payer in ours}
    line, notes = _one_line(lines)
    return Resolved(tuple(c for c, _ in ours), ours[0][1], line, notes)


def _is_active(coverage: Resource, today: date) -> bool:
    if text_of(coverage.body.get("status")) not in ("active", ""):
        return False
    start = read_date(member(coverage.body, "period", "start"))
    end = read_date(member(coverage.body, "period", "end"))
    return (start is None or start.earliest <= today) and (end is None or end.latest >= today)


def _first_in_order(active: list[Resource]) -> list[Resource]:
    """Coverage.order says which plan pays first; where none says so, all of them count."""
    ranks = [rank for c in active if isinstance(rank := c.body.get("order"), int)]
    if not ranks:
        return active
    return [c for c in active if c.body.get("order") == min(ranks)]


def _one_line(lines: set[LineOfBusiness]) -> tuple[LineOfBusiness, tuple[str, ...]]:
    known = lines - {LineOfBusiness.UNKNOWN}
    if known == {LineOfBusiness.MEDICARE, LineOfBusiness.MEDICAID}:
        return LineOfBusiness.MEDICARE, ()  # dual eligible: the Medicare rule first
    if len(known) == 1:
        return known.pop(), ()
    if known:
        return LineOfBusiness.UNKNOWN, ("several lines of business are on record: judged as commercial",)
    return LineOfBusiness.UNKNOWN, (_UNKNOWN_NOTE,)


def line_of_business(coverage: Resource, payer: Payer) -> LineOfBusiness:
    """The line of business of a Coverage: by the payer's own plan ids, else by payer typology."""
    plans = {text_of(member(c, "value")) for c in items(coverage.body.get("class"))}
    for plan in payer.plans:
        if plan.id in plans:
            return plan.line_of_business
    found = {_by_typology(code) for system, code in codes(coverage.body.get("type")) if system == PAYER_TYPOLOGY}
    return found.pop() if len(found) == 1 else LineOfBusiness.UNKNOWN


def _by_typology(code: str) -> LineOfBusiness:
    """Source of Payment Typology: 1 Medicare (14 dual), 2 Medicaid, 5 private; the rest says nothing here."""
    return {
        "1": LineOfBusiness.MEDICARE,
        "2": LineOfBusiness.MEDICAID,
        "5": LineOfBusiness.COMMERCIAL,
    }.get(code[:1], LineOfBusiness.UNKNOWN)
