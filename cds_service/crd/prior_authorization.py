"""Prior authorization of one order: what the plan's table asks for its codes, and whether a number on file meets it.

Nothing here is inferred from a policy: a code that is in no table has no answer (contract, pa-needed).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from cds_service.crd.decision import GOLD_CARD, INDETERMINATE, NO_AUTH, SATISFIED, TECHNICAL, BillingCode, StatedReason
from cds_service.crd.terms import STRICTEST_FIRST, Authorization


class Granted(NamedTuple):
    """A prior authorization the payer gave: its number, the last day it holds, whether it rests on a gold card."""

    number: str
    ends: date | None = None
    is_gold_card: bool = False


Grants = Mapping[str, tuple[Granted, ...]]
"""What is on file for this member (or practitioner) and day, by code."""


class PriorAuthorization(NamedTuple):
    """What is stated: pa-needed, the number that meets it, why, and until when. Blank is not stated."""

    needed: str = ""
    number: str = ""
    reasons: tuple[StatedReason, ...] = ()
    ends: date | None = None


_UNREAD: Final = StatedReason(
    "The prior authorizations on file could not be read: whether one covers this service is open; send the order "
    "again.",
    TECHNICAL,
)


def prior_authorization(
    codes: Sequence[BillingCode], asked: Mapping[str, Authorization], grants: Grants | None
) -> PriorAuthorization:
    """What holds for an order with these codes. `grants` of None: they could not be read, so nobody knows."""
    word = _strictest(codes, asked)
    if word == NO_AUTH:
        return PriorAuthorization(word)
    if grants is None:
        return PriorAuthorization(INDETERMINATE, reasons=(_UNREAD,)) if word else PriorAuthorization()
    granted = _meeting([c.code for c in codes if asked.get(c.code) != NO_AUTH], grants)
    if granted is None:
        return PriorAuthorization(word)
    return PriorAuthorization(SATISFIED, granted.number, (_reason(granted),), granted.ends)


def _strictest(codes: Sequence[BillingCode], asked: Mapping[str, Authorization]) -> str:
    """Of several codes the strictest word; none is needed only where that is known of every code."""
    words = {asked.get(code.code) for code in codes}
    if words != {NO_AUTH}:
        words.discard(NO_AUTH)
    return next((word for word in STRICTEST_FIRST if word in words), "")


def _meeting(codes: Sequence[str], grants: Grants) -> Granted | None:
    """The authorization that covers every one of these codes; of several the one that holds longest."""
    listed = [{granted.number: granted for granted in grants.get(code, ())} for code in codes]
    shared = set.intersection(*map(set, listed)) if listed else set()
    fit = [_together([by_number[number] for by_number in listed]) for number in shared]
    return min(fit, key=lambda one: (-_last(one.ends).toordinal(), one.is_gold_card, one.number), default=None)


def _together(rows: Sequence[Granted]) -> Granted:
    """One number on file for several codes holds until the first of them ends."""
    ends = min(_last(row.ends) for row in rows)
    return Granted(rows[0].number, None if ends == date.max else ends, any(row.is_gold_card for row in rows))


def _last(day: date | None) -> date:
    return day or date.max


def _reason(granted: Granted) -> StatedReason:
    until = f" until {granted.ends.isoformat()}" if granted.ends else ""
    if granted.is_gold_card:
        return StatedReason(f"The ordering practitioner is gold-carded for this service{until}.", GOLD_CARD)
    return StatedReason(f"A prior authorization on file covers this service{until}.")
