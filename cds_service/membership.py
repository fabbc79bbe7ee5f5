"""The coverage of an order, as the record tells it and as the payer's member directory knows it."""

from dataclasses import replace
from datetime import date
from typing import Final

from cds_service.check import Check
from cds_service.member_directory import Membership
from fhir_mappings.coverage import LINE_NOTES, Resolved, Standing, resolve_coverage
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.member_numbers import member_numbers
from fhir_mappings.orders import Order
from fhir_mappings.payers import Payer
from fhir_mappings.record import PatientRecord

_LISTED: Final = frozenset({Standing.ACTIVE, Standing.INACTIVE, Standing.UNREAD})
_OTHER_PLAN: Final = (
    "the plan's member directory lists another plan than the coverage on record: judged by the directory"
)
_RENEWED: Final = "the coverage on record is not active, the plan's member directory lists the member as active"


def coverage_of(order: Order, record: PatientRecord, check: Check, today: date) -> Resolved:
    """Resolve the Coverage of an order and ask the directory about it.

    The payer's own word outranks the EHR's copy: for a plan, and for a period that may have been renewed.
    """
    resolved = resolve_coverage(record, order, check.payers, today)
    if resolved.payer is None or len(resolved.coverages) != 1 or resolved.standing not in _LISTED:
        return resolved
    patients = record.of_type("Patient")
    numbers = member_numbers(resolved.coverages[0], patients, resolved.payer.member_systems)
    known = check.members.look_up(resolved.payer.id, numbers, resolved.plans, today)
    if known is None or (known.standing is Standing.NO_NUMBER and resolved.standing is not Standing.ACTIVE):
        return resolved
    if known.standing in (Standing.NO_MEMBER, Standing.NO_NUMBER) and not record.was_read("Patient"):
        return replace(resolved, standing=Standing.UNREAD)  # it may hold the number that is known
    return _confirmed(resolved, resolved.payer, known)


def _confirmed(resolved: Resolved, payer: Payer, known: Membership) -> Resolved:
    if known.standing is not Standing.ACTIVE:
        return replace(resolved, standing=known.standing)
    renewed = (_RENEWED,) if resolved.standing is not Standing.ACTIVE else ()
    active = replace(resolved, standing=Standing.ACTIVE, notes=(*resolved.notes, *renewed))
    return _under_plan(active, payer, known.plan) if known.plan else active


def _under_plan(resolved: Resolved, payer: Payer, plan: str) -> Resolved:
    """Under the plan the directory lists, with its line of business."""
    other = () if plan in resolved.plans else (_OTHER_PLAN,)
    told = replace(resolved, plans=(plan,), notes=(*resolved.notes, *other))
    line = payer.line_of(plan)
    if line is LineOfBusiness.UNKNOWN:
        return told
    return replace(told, line_of_business=line, notes=tuple(note for note in told.notes if note not in LINE_NOTES))
