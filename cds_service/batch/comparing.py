"""What one revision of a policy says otherwise than another, of one order."""

from dataclasses import dataclass
from typing import Any

from cds_service.policy.determination import Determination

NOTHING_SAID = "not addressed"


@dataclass(frozen=True, slots=True)
class Change:
    """An order of which two revisions say different things; None where one does not address it."""

    before: Determination | None
    after: Determination | None

    @property
    def outcomes(self) -> tuple[str, str]:
        """What either says, in a word."""
        return _word(self.before), _word(self.after)

    def as_json(self) -> dict[str, Any]:
        """Both determinations, without their evidence where it stands elsewhere: that before is in the main file."""
        before, after = (one.as_json() if one else {} for one in (self.before, self.after))
        told = {
            name: before[name] for name in ("revision", "outcome", "advisory", "criteria", "missing") if name in before
        }
        return {"before": told or {"outcome": NOTHING_SAID}, "after": after or {"outcome": NOTHING_SAID}}


def change(before: Determination | None, after: Determination | None) -> Change | None:
    """How two determinations of one order differ; None when they say the same for the same reasons."""
    return None if _said(before) == _said(after) else Change(before, after)


def _said(one: Determination | None) -> tuple[object, ...]:
    """What is decided and by which criteria: not the notes, nor the revision that says it."""
    if one is None:
        return ()
    missing = tuple(question.criterion for question in one.missing)
    return one.outcome, one.advisory, one.criteria, one.advice, missing, one.repeat


def _word(one: Determination | None) -> str:
    return NOTHING_SAID if one is None else one.outcome.value
