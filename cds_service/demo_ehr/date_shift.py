"""Keeps example records fresh: they are written for one day and moved to the day they are shown."""

import re
from datetime import date, timedelta
from typing import Any

WRITTEN_FOR = date(2026, 11, 24)
"""The "today" of every date in `patients/` and `situations.json`."""

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})"
_FHIR_DATE = re.compile(f"({_DATE})({_TIME})?", re.ASCII)
_NEVER_MOVED = frozenset({"birthDate"})


def days_to(today: date) -> int:
    """Days between the day the examples were written for and `today`."""
    return (today - WRITTEN_FOR).days


def shift_dates(bundle: dict[str, Any], days: int) -> dict[str, Any]:
    """The same record as if everything had happened `days` later; the patient's birth date stays.

    A text that is a whole FHIR date or dateTime moves. Partial dates and dates inside prose do not.
    """
    kept = {key: value for key, value in bundle.items() if key in _NEVER_MOVED}
    return {key: _shifted(value, days) for key, value in bundle.items()} | kept


def _shifted(value: Any, days: int) -> Any:
    if isinstance(value, dict):
        return shift_dates(value, days)
    if isinstance(value, list):
        return [_shifted(item, days) for item in value]
    return _shifted_text(value, days) if isinstance(value, str) else value


def _shifted_text(text: str, days: int) -> str:
    """Moves the calendar day and keeps the time of day; a day that does not exist is left alone."""
    found = _FHIR_DATE.fullmatch(text)
    if found is None:
        return text
    try:
        moved = date.fromisoformat(found[1]) + timedelta(days=days)
    except (ValueError, OverflowError):
        return text
    return moved.isoformat() + (found[2] or "")
