"""What a coverage statement says to a reader: reasons and instructions for each outcome, without patient data."""

from collections.abc import Iterable
from typing import Final

from cds_service.crd.decision import INSTRUCTIONS, TECHNICAL, Detail, StatedReason
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.finding import LineOfBusiness

NO_RULE: Final = StatedReason("No coverage rule is held here for this order; the plan's benefits decide.")
ASK_THE_PLAN: Final = "Ask the plan whether this order is a benefit: no medical policy held here addresses it."
DETAIL_OPEN: Final = "order.detail-code"
"""Open of the order itself: which service its unlisted code stands for."""

_FIRST: Final = {
    LineOfBusiness.MEDICAID: "the Oregon Health Plan's Prioritized List and administrative rules come first",
    LineOfBusiness.MEDICARE: "it applies to Medicare only where a separate Medicare policy says so",
}


def reason(determination: Determination, line: LineOfBusiness) -> StatedReason:
    """Why this is stated, with the policy, its revision and the deciding criteria (covinfo-2)."""
    policy = f"Policy {determination.policy}, revision {determination.revision}"
    code = TECHNICAL if determination.outcome is Outcome.UNDETERMINED else ""
    return StatedReason(f"{policy}: {_because(determination, line)}.", code, determination.criteria)


def _because(determination: Determination, line: LineOfBusiness) -> str:
    named = _named(determination.criteria)
    advisory = f"; by itself it would say {determination.advisory.value}" if determination.advisory else ""
    return {
        Outcome.COVERED: f"{named} met; the service may be considered medically necessary",
        Outcome.NOT_COVERED: f"not covered under {named}; evidence not considered before can be submitted",
        Outcome.MISSING: f"documentation is missing for {named}",
        Outcome.REFER: f"{_FIRST.get(line, 'rules of the line of business come first')}{advisory}",
        Outcome.NO_CRITERION: "the code is listed and no criterion is held for it",
        Outcome.UNDETERMINED: f"part of the record could not be read, which leaves {named} open; send the order again",
    }[determination.outcome]


def _named(criteria: Iterable[str]) -> str:
    """Criteria by their numbers; what is asked of the order itself in words."""
    words = {DETAIL_OPEN: "the service the unlisted code stands for"}
    listed = [words.get(number, f"criterion {number}") for number in criteria]
    return ", ".join(listed)


def instructions(determination: Determination, *, is_primary: bool = True) -> tuple[Detail, ...]:
    """What to do: the questions that are open (the comment to info-needed asks for them), and coding notes.

    On secondary hooks only what is asked of the order itself: documentation is not asked for there (hook-19).
    """
    open_now = [q for q in determination.missing if is_primary or q.criterion == DETAIL_OPEN]
    later = ", ".join(q.criterion for q in determination.missing if q not in open_now)
    asked = "; ".join(f"{q.criterion}: {q.question}" for q in open_now)
    said = [f"Still needed: {asked}"] if asked else []
    said += [f"To be judged when the order is signed: {later}"] if later else []
    said += [note.said[:1].upper() + note.said[1:] for note in determination.claim_notes]
    return tuple(instruct(text) for text in said)


def instruct(text: str) -> Detail:
    """An instruction: it limits nothing of what is stated (cat-other)."""
    return Detail("cat-other", INSTRUCTIONS, "String", text)
