"""Words that stand for numbers of the code table, and dates of the history, as people read them."""

from typing import Final

from cds_service.policies.policy_151 import codes_2025_05_06 as codes

_GOVERNS: Final = {
    codes.NO_CRITERION: "no criterion in this revision",
    codes.UNLISTED: "by what it stands for",
    codes.NOT_ADDRESSED: "not addressed",
}
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip


def governs(by: str) -> str:
    """What a listed code leads to: a criterion, or the words for having none."""
    return _GOVERNS.get(by, f"criterion {by}")


def as_read(day: str) -> str:
    """A date as written, to the month or the day: 2025-05 as May 2025, 2025-05-06 as May 6, 2025."""
    year, month, *rest = day.split("-")
    name = _MONTHS[int(month) - 1]
    return f"{name} {int(rest[0])}, {year}" if rest else f"{name} {year}"
