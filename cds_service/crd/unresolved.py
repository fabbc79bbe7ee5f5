"""What is stated of an order whose coverage is not resolved (resp-43 to resp-45), whatever the policy says of it.

"No" is said where the payer or the Coverage itself says so; what could not be read or was not told is open.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from cds_service.crd.decision import (
    COVERAGE_NOT_FOUND,
    INDETERMINATE,
    NO_ACTIVE_COVERAGE,
    NO_MEMBER_FOUND,
    NOT_COVERED,
    TECHNICAL,
    CoverageDecision,
    Covered,
    StatedReason,
)  # fmt: skip
from fhir_mappings.coverage import Standing


class _Stated(NamedTuple):
    covered: Covered
    text: str
    code: str = ""


_STATED: Final[Mapping[Standing, _Stated]] = {
    Standing.SEVERAL: _Stated(
        NOT_COVERED,
        "Several active coverages of this payer are known and none of them is named: coverage is not resolved.",
        COVERAGE_NOT_FOUND,
    ),
    Standing.INACTIVE: _Stated(
        NOT_COVERED, "No coverage of this payer is active for the patient on this date.", NO_ACTIVE_COVERAGE
    ),
    Standing.NO_MEMBER: _Stated(
        NOT_COVERED, "The payer has no member with the member number this coverage tells.", NO_MEMBER_FOUND
    ),
    Standing.NO_NUMBER: _Stated(
        INDETERMINATE,
        "The coverage tells no member number (subscriberId, or an identifier of type MB): membership is not known.",
    ),
    Standing.UNREAD: _Stated(
        INDETERMINATE, "Whether coverage is active could not be read; send the order again.", TECHNICAL
    ),
}  # fmt: skip


def is_resolved(standing: Standing) -> bool:
    """Whether there is one active coverage, so that an order can be judged under it."""
    return standing not in _STATED


def unresolved(coverage: str, standing: Standing, on: date) -> CoverageDecision:
    """The statement on a Coverage nothing can be judged under; nothing is asked of the clinician but to correct it."""
    covered, text, code = _STATED[standing]
    pa_needed = INDETERMINATE if covered == INDETERMINATE else ""
    return CoverageDecision(coverage, covered, on, pa_needed=pa_needed, reasons=(StatedReason(text, code),))
