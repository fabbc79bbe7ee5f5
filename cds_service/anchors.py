"""Where on the policy page a determination leads: the first deciding criterion that has a place there."""

from typing import Final

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.determination import Determination

STATEMENTS: Final = REVISION.all_statements()
"""What each criterion says, by its number; every one of them has an anchor."""


def anchor(determination: Determination) -> str:
    """The first deciding criterion with a place on the policy page; a leaf says more than II."""
    listed = [c for c in (*determination.criteria, *determination.advice) if c in STATEMENTS]
    return next((c for c in listed if c != "II"), listed[0] if listed else "")


def policy_url(determination: Determination, public_url: str) -> str:
    """The policy page at the deciding criterion."""
    at = anchor(determination)
    return f"{public_url}/policies/{determination.policy}" + (f"#{at}" if at else "")


def in_policy(determination: Determination) -> str:
    """Policy and revision, as they end every summary."""
    return f" (policy {determination.policy}, {determination.revision})"
