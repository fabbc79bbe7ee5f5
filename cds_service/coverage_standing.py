"""Orders of a patient whose coverage is not resolved: no card claims coverage, the policy is orientation only.

The determination becomes *undetermined*, never a denial; what the policy itself says stays in it as advisory.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.coverage import Resolved, Standing
from fhir_mappings.dates import seen


class OpenPoint(NamedTuple):
    """What is open about coverage: its id among the criteria, in half a sentence, and what can be done about it.

    `is_denied`: the payer states orders as not covered meanwhile.
    """

    criterion: str
    gist: str
    problem: str
    remedy: str
    is_denied: bool = False

    def lead(self) -> str:
        """The opening of a card on an order."""
        meanwhile = "; until then the plan states the order as not covered" if self.is_denied else ""
        return f"{self.problem} {self.remedy}, then sign again{meanwhile}."


POINTS: Final[Mapping[Standing, OpenPoint]] = {
    Standing.INACTIVE: OpenPoint(
        "order.coverage",
        "no coverage of this plan is active",
        "No coverage of this plan is active today: it ended, was canceled, or has not begun.",
        "Ask for the patient's current coverage and record it",
        is_denied=True,
    ),
    Standing.NO_MEMBER: OpenPoint(
        "order.member",
        "the plan finds no member with this number",
        "The plan has no member with the member number of the coverage on record.",
        "Compare it with the insurance card and correct it",
        is_denied=True,
    ),
    Standing.NO_NUMBER: OpenPoint(
        "order.member-number",
        "the coverage on record has no member number",
        "The coverage on record has no member number, so membership could not be checked.",
        "Record it as the subscriber id or as an identifier of type MB",
    ),
    Standing.UNREAD: OpenPoint(
        "order.membership",
        "whether coverage is active could not be read",
        "Whether the patient's coverage is active could not be read just now; nothing is denied for it.",
        "Wait a moment, or ask the plan",
    ),
}
_ON_THE_RECORD: Final[Mapping[Outcome, str]] = {
    Outcome.COVERED: "the policy's criteria are met",
    Outcome.NOT_COVERED: "the policy's criteria are not met",
    Outcome.MISSING: "documentation for the policy's criteria is missing",
    Outcome.REFER: "other rules come before the policy's",
    Outcome.NO_CRITERION: "the policy has no criterion for this code",
    Outcome.UNDETERMINED: "the policy's criteria could not be judged either",
}
OPEN_POINTS: Final[Mapping[str, OpenPoint]] = {point.criterion: point for point in POINTS.values()}


def open_point(determination: Determination) -> OpenPoint | None:
    """What is open about coverage itself, where that is why an order could not be determined."""
    return next((OPEN_POINTS[number] for number in determination.criteria if number in OPEN_POINTS), None)


def orientation(determination: Determination) -> str:
    """What the policy itself says, in words that claim no coverage."""
    advisory = determination.advisory or Outcome.UNDETERMINED
    return f"For orientation only, on this record {_ON_THE_RECORD[advisory]}; that says nothing of coverage."


def under_coverage(determination: Determination, coverage: Resolved) -> Determination:
    """The determination as it may be shown: undetermined while coverage is not resolved, with the policy's advice.

    No documentation is asked for then: whose it would be is open.
    """
    point = POINTS.get(coverage.standing)
    if point is None:
        return determination
    evidence = tuple(seen(one, "coverage") for one in coverage.coverages)
    return replace(
        determination,
        outcome=Outcome.UNDETERMINED,
        advisory=determination.advisory or determination.outcome,
        criteria=(point.criterion,),
        advice=(*determination.criteria, *determination.advice),
        missing=(),
        evidence={**determination.evidence, point.criterion: evidence},
    )
