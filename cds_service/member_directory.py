"""Who is a member: by default whoever has a Coverage, else whoever is in the payer's own table."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

from cds_service.store.errors import StoreUnavailable
from cds_service.store.members import Enrollment, StoredMembers
from fhir_mappings.coverage import Standing
from fhir_mappings.member_numbers import MemberNumbers
from fhir_mappings.prefetch import PATIENT, Search

log = logging.getLogger(__name__)


class Membership(NamedTuple):
    """What a directory knows of a patient: the standing, and the plan where it is known."""

    standing: Standing
    plan: str = ""


class MemberDirectory(Protocol):
    """Looks members up by their numbers within one payer, never by name.

    `searches` are what it needs of the EHR beside the Coverage.
    """

    @property
    def searches(self) -> tuple[Search, ...]:
        """What must be read of the patient."""

    def look_up(self, payer: str, numbers: MemberNumbers, plans: Sequence[str], on: date) -> Membership | None:
        """What it knows of who has these numbers; None where it knows no better than the Coverage.

        `plans` are those the Coverage may be under: of several plans a member has they tell which is meant.
        """


class TrustCoverage:
    """Takes each Coverage at its word."""

    searches: tuple[Search, ...] = ()

    def look_up(self, payer: str, numbers: MemberNumbers, plans: Sequence[str], on: date) -> Membership | None:
        """Nothing is known beyond the Coverage."""
        return None


class MemberTable:
    """The payer's members as they were loaded into the database. One that is down denies nothing."""

    searches: tuple[Search, ...] = (PATIENT,)

    def __init__(self, stored: StoredMembers) -> None:
        self._stored = stored

    def look_up(self, payer: str, numbers: MemberNumbers, plans: Sequence[str], on: date) -> Membership | None:
        """By the most telling of the numbers that is known to it."""
        if not numbers.best_first():
            return Membership(Standing.NO_NUMBER)
        try:
            found = (self._stored.enrollments(payer, listed) for listed in numbers.best_first())
            return membership(next(filter(None, found), ()), plans, on)
        except StoreUnavailable as error:
            log.error("the member directory cannot be read: %s", error)  # noqa: TRY400
            return Membership(Standing.UNREAD)


def membership(enrollments: Sequence[Enrollment], plans: Sequence[str], on: date) -> Membership:
    """How a member with these enrollments stands on a day."""
    if not enrollments:
        return Membership(Standing.NO_MEMBER)
    active = {one.plan for one in enrollments if one.is_active(on)}
    named = active.intersection(plans) or active
    if len(named) > 1:
        return Membership(Standing.SEVERAL)
    return Membership(Standing.ACTIVE, named.pop()) if named else Membership(Standing.INACTIVE)
