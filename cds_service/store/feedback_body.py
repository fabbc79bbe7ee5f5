"""The body of a feedback call, parsed and checked (CDS Hooks 2.0, Feedback); what is wrong is named by its JSON path.

One wrong entry refuses the whole batch. Tolerated, because clients send it: a reason without display or system,
fractions of a second, numeric offsets, members nobody knows. The comment of a clinician is never part of a message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from cds_service.errors import UnreadableRequest
from cds_service.store.tables import LONGEST_NAME
from fhir_mappings.json_text import UNREADABLE

OUTCOMES: Final = ("accepted", "overridden")
_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)  # fmt: skip

_Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a clinician did with a card: took these suggestions, or set it aside, perhaps with a reason."""

    card: str
    outcome: str
    given_at: datetime
    suggestions: tuple[str, ...] = ()
    reason_system: str = ""
    reason_code: str = ""
    reason_display: str = ""
    comment: str = ""


def parse_feedback(body: bytes) -> tuple[Entry, ...]:
    """The entries of a feedback body. Raises UnreadableRequest with the JSON path of what is missing or wrong."""
    try:
        whole = msgspec.json.decode(body)
    except UNREADABLE:
        raise UnreadableRequest("the body is not JSON in UTF-8", "$") from None
    entries = _listed(_required(_object(whole, "$"), "feedback", "$"), "$.feedback")
    return tuple(_entry(_object(entry, place), place) for entry, place in entries)


def _entry(entry: _Members, place: str) -> Entry:
    outcome = _outcome(entry, place)
    reason, comment = _override(entry, place)
    return Entry(
        card=_name(entry, "card", place),
        outcome=outcome,
        given_at=_instant(entry, place),
        suggestions=_suggestions(entry, outcome, place),
        reason_system=_optional_name(reason, "system", f"{place}.overrideReason.reason"),
        reason_code=_name(reason, "code", f"{place}.overrideReason.reason") if reason else "",
        reason_display=_optional_text(reason, "display", f"{place}.overrideReason.reason"),
        comment=comment,
    )


def _outcome(entry: _Members, place: str) -> str:
    outcome = _required(entry, "outcome", place)
    if outcome not in OUTCOMES:
        raise UnreadableRequest("outcome is accepted or overridden", f"{place}.outcome")
    return str(outcome)


def _suggestions(entry: _Members, outcome: str, place: str) -> tuple[str, ...]:
    where = f"{place}.acceptedSuggestions"
    if "acceptedSuggestions" not in entry and outcome != "accepted":
        return ()
    listed = _listed(_required(entry, "acceptedSuggestions", place), where)
    if not listed:
        raise UnreadableRequest("acceptedSuggestions names at least one suggestion", where)
    return tuple(_name(_object(one, at), "id", at) for one, at in listed)


def _override(entry: _Members, place: str) -> tuple[_Members, str]:
    """The reason picked from the card's list and the comment: either may be absent, but not both."""
    if "overrideReason" not in entry:
        return {}, ""
    where = f"{place}.overrideReason"
    given = _object(entry["overrideReason"], where)
    reason = _object(given["reason"], f"{where}.reason") if "reason" in given else {}
    comment = _optional_text(given, "userComment", where)
    if "reason" in given and not reason:
        raise UnreadableRequest("reason is a Coding with a code", f"{where}.reason")
    if not reason and not comment:
        raise UnreadableRequest("overrideReason holds a reason, a userComment or both", where)
    return reason, comment


def _instant(entry: _Members, place: str) -> datetime:
    where = f"{place}.outcomeTimestamp"
    stamp = _required(entry, "outcomeTimestamp", place)
    try:
        if isinstance(stamp, str) and _RFC_3339.fullmatch(stamp):
            return datetime.fromisoformat(stamp.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # the form of a time, but no such day, hour or offset
    raise UnreadableRequest("outcomeTimestamp is an RFC 3339 time in UTC, as 2026-11-22T12:24:43Z", where)


def _required(members: _Members, name: str, place: str) -> Any:
    if name not in members:
        raise UnreadableRequest(f"{name} is required and missing", f"{place}.{name}")
    return members[name]


def _object(value: Any, place: str) -> _Members:
    if not isinstance(value, dict):
        raise UnreadableRequest("an object is expected here", place)
    return value


def _listed(value: Any, place: str) -> list[tuple[Any, str]]:
    if not isinstance(value, list):
        raise UnreadableRequest("an array is expected here", place)
    return [(one, f"{place}[{index}]") for index, one in enumerate(value)]


def _text(value: Any, name: str, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnreadableRequest(f"{name} is a string with something in it", f"{place}.{name}")
    return value


def _optional_text(members: _Members, name: str, place: str) -> str:
    return _text(members[name], name, place) if name in members else ""


def _name(members: _Members, name: str, place: str) -> str:
    text = _text(_required(members, name, place), name, place)
    if len(text) > LONGEST_NAME or "\x00" in text:
        raise UnreadableRequest(f"{name} is an identifier of at most {LONGEST_NAME} characters", f"{place}.{name}")
    return text


def _optional_name(members: _Members, name: str, place: str) -> str:
    return _name(members, name, place) if name in members else ""
