"""Whose coverage an order falls under, and its line of business (policy 151, plan product and benefit application)."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from fhir_mappings.dates import read_date
from fhir_mappings.elements import member, reference_id, text_of
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.orders import Order
from fhir_mappings.payers import NO_PLAN_OF_THEIRS, Payer, line_of_business, plans_of
from fhir_mappings.record import PatientRecord, Resource


class Standing(enum.Enum):
    """How the patient stands with the payer on the day that is asked for."""

    ACTIVE = "one active coverage"
    SEVERAL = "several active coverages, and none of them named"
    NOT_CHECKED = "no coverage of a payer answered for is on record"
    INACTIVE = "a member, without an active coverage"
    NO_MEMBER = "the payer has no such member"
    NO_NUMBER = "no member number is told"
    UNREAD = "what would tell could not be read"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The Coverages an order falls under, the payer who answers, and the line of business they come to.

    `coverages` are those a statement may refer to, active or not as `standing` says; `plans` what they may be under.
    """

    coverages: tuple[Resource, ...]
    payer: Payer | None
    line_of_business: LineOfBusiness
    notes: tuple[str, ...] = ()
    standing: Standing = Standing.ACTIVE
    plans: tuple[str, ...] = (NO_PLAN_OF_THEIRS,)


class _Held(NamedTuple):
    """A Coverage and the payer whose it is."""

    coverage: Resource
    payer: Payer


_UNKNOWN_NOTE: Final = "the line of business is not known: judged as commercial"
_SEVERAL_NOTE: Final = "several lines of business are on record: judged as commercial"
LINE_NOTES: Final = frozenset({_UNKNOWN_NOTE, _SEVERAL_NOTE})
"""What is said where the Coverage alone does not tell the line of business."""

_INACTIVE_STATUS: Final = frozenset({"cancelled", "draft"})


def resolve_coverage(record: PatientRecord, order: Order, payers: tuple[Payer, ...], today: date) -> Resolved:
    """Find the Coverage of an order: the one its insurance names, else the patient's active ones in their order.

    Where none of ours is active, those of ours that are not are what can be spoken of; never another payer's.
    """
    listed = record.of_type("Coverage")
    named = _named(listed, order)
    active = [c for c in listed if _is_active(c, today)]
    ours = _first_in_order(_held([c for c in active if c in named] or active, payers))
    if ours:
        return _resolved(ours, Standing.ACTIVE if len(ours) == 1 else Standing.SEVERAL)
    past = [] if any(c in active for c in named) else _held(named or listed, payers)
    if not past:
        return Resolved((), None, LineOfBusiness.UNKNOWN, (_UNKNOWN_NOTE,), Standing.NOT_CHECKED)
    is_certain = record.was_read("Coverage") and all(_is_surely_inactive(c, today) for c, _ in past)
    return _resolved(past, Standing.INACTIVE if is_certain else Standing.UNREAD)


def _named(listed: Sequence[Resource], order: Order) -> list[Resource]:
    identities = {reference_id(reference)[1] for reference in order.insurance}
    return [c for c in listed if c.identity in identities]


def _held(coverages: Iterable[Resource], payers: tuple[Payer, ...]) -> list[_Held]:
    """Those of our payers: each the first that accepts it."""
    found = ((c, next((payer for payer in payers if payer.accepts(c)), None)) for c in coverages)
    return [_Held(coverage, payer) for coverage, payer in found if payer is not None]


def _resolved(held: list[_Held], standing: Standing) -> Resolved:
    line, notes = _one_line({line_of_business(coverage, payer) for coverage, payer in held})
    plans = dict.fromkeys(plan for coverage, payer in held for plan in plans_of(coverage, payer))
    return Resolved(tuple(c for c, _ in held), held[0].payer, line, notes, standing, tuple(plans))


def _is_active(coverage: Resource, today: date) -> bool:
    return text_of(coverage.body.get("status")) in ("active", "") and not _is_out_of_period(coverage, today)


def _is_surely_inactive(coverage: Resource, today: date) -> bool:
    """Whether it says so: by a status of FHIR's, or its period. A status nobody knows says nothing."""
    return text_of(coverage.body.get("status")) in _INACTIVE_STATUS or _is_out_of_period(coverage, today)


def _is_out_of_period(coverage: Resource, today: date) -> bool:
    start = read_date(member(coverage.body, "period", "start"))
    end = read_date(member(coverage.body, "period", "end"))
    return (start is not None and start.earliest > today) or (end is not None and end.latest < today)


def _first_in_order(held: list[_Held]) -> list[_Held]:
    """Coverage.order says which plan pays first; where none of ours says so, all of them count."""
    ranks = [rank for c, _ in held if isinstance(rank := c.body.get("order"), int)]
    return [one for one in held if not ranks or one.coverage.body.get("order") == min(ranks)]


def _one_line(lines: set[LineOfBusiness]) -> tuple[LineOfBusiness, tuple[str, ...]]:
    known = lines - {LineOfBusiness.UNKNOWN}
    if known == {LineOfBusiness.MEDICARE, LineOfBusiness.MEDICAID}:
        return LineOfBusiness.MEDICARE, ()  # dual eligible: the Medicare rule first
    if len(known) == 1:
        return known.pop(), ()
    if known:
        return LineOfBusiness.UNKNOWN, (_SEVERAL_NOTE,)
    return LineOfBusiness.UNKNOWN, (_UNKNOWN_NOTE,)
