"""A valid feedback body, broken one way at a time; and the odd bodies real clients send (F1 to F7)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cds_service.errors import UnreadableRequest
from cds_service.store.feedback_body import Entry, parse_feedback

Json = dict[str, Any]

ACCEPTED: Json = {
    "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
    "outcomeTimestamp": "2026-11-22T12:24:43.185Z",
}
OVERRIDDEN: Json = {
    "card": "9368d37b-283f-44a0-93ea-547cebab93ed",
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": "d7ecf885", "system": "https://example.com/cds-hooks/override-reason"}},
    "outcomeTimestamp": "1985-04-12T23:20:50Z",
}
BARE: Json = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "1985-04-12T23:20:50Z"}


def parse(*entries: Any) -> tuple[Entry, ...]:
    return parse_feedback(json.dumps({"feedback": entries}).encode())


def without(name: str, entry: Json = ACCEPTED) -> Json:
    return {key: value for key, value in entry.items() if key != name}


def at(stamp: Any) -> Json:
    return {**BARE, "outcomeTimestamp": stamp}


def reason(given: Any) -> Json:
    return {**OVERRIDDEN, "overrideReason": given}


def test_accepted_suggestions_are_read() -> None:
    assert parse(ACCEPTED) == (
        Entry(
            card="4e0a3a1e-3283-4575-ab82-028d55fe2719", outcome="accepted",
            given_at=datetime(2026, 11, 22, 12, 24, 43, 185000, tzinfo=UTC),
            suggestions=("e56e1945-20b3-4393-8503-a1a20fd73152",),
        ),
    )  # fmt: skip


def test_a_reason_and_a_comment_are_read() -> None:
    coding = {"code": "a", "system": "s", "display": "d"}
    (entry,) = parse(reason({"reason": coding, "userComment": "not for this patient"}))
    assert (entry.reason_code, entry.reason_system, entry.reason_display) == ("a", "s", "d")
    assert entry.comment == "not for this patient"


def test_many_entries_and_repeats_are_read_in_their_order() -> None:
    assert [entry.outcome for entry in parse(ACCEPTED, OVERRIDDEN, ACCEPTED)] == ["accepted", "overridden", "accepted"]


@pytest.mark.parametrize(
    "entry",
    [
        BARE,
        OVERRIDDEN,
        reason({"reason": {"code": "no-system"}}),
        reason({"userComment": "a comment alone"}),
        {**ACCEPTED, "somethingNew": {"of": "a later version"}},
        reason({"userComment": "x", "extension": None}),
        {**ACCEPTED, "acceptedSuggestions": [{"id": "a", "extension": {}}, {"id": "b"}]},
        {**OVERRIDDEN, "acceptedSuggestions": [{"id": "a"}]},
    ],
    ids=[
        "dismissed without reason", "reason without display", "reason without system", "comment only",
        "unknown member", "unknown member of the reason", "two suggestions", "suggestions of an overridden card",
    ],
)  # fmt: skip
def test_what_clients_may_send_is_read(entry: Json) -> None:
    assert len(parse(entry)) == 1


def test_no_entries_are_no_error() -> None:
    assert parse() == ()


@pytest.mark.parametrize(
    ("stamp", "instant"),
    [
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520000, tzinfo=UTC)),
        ("1985-04-12T23:20:50+00:00", datetime(1985, 4, 12, 23, 20, 50, tzinfo=UTC)),
        ("1985-04-12T23:20:50-08:00", datetime(1985, 4, 13, 7, 20, 50, tzinfo=UTC)),
        ("1985-04-12t23:20:50z", datetime(1985, 4, 12, 23, 20, 50, tzinfo=UTC)),
        ("1985-04-12T23:20:50.123456789Z", datetime(1985, 4, 12, 23, 20, 50, 123456, tzinfo=UTC)),
        ("1985-04-12T23:20:50.5Z", datetime(1985, 4, 12, 23, 20, 50, 500000, tzinfo=UTC)),
    ],
)
def test_a_time_is_brought_to_utc(stamp: str, instant: datetime) -> None:
    assert parse(at(stamp))[0].given_at == instant


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-11-22T12:24:43Z UTC", "2026-11-22", "2026-11-22T12:24Z", "2026-11-22T12:24:43", "2026-11-22 12:24:43Z",
        "2026-02-30T12:24:43Z", "2026-11-22T25:24:43Z", "2026-11-22T12:24:43+0000", "2026-11-22T12:24:43+99:00",
        "0001-01-01T00:00:00+14:00", "0000-01-01T00:00:00Z", "20261122T122443Z", "2026-11-22T12:24:43,5Z",
        "2026-11-22T12:24:43Z\n", "yesterday", "", None, 1795350283, ["2026-11-22T12:24:43Z"],
    ],
)  # fmt: skip
def test_what_is_no_rfc_3339_time_is_refused(stamp: Any) -> None:
    with pytest.raises(UnreadableRequest) as refused:
        parse(at(stamp))
    assert refused.value.place == "$.feedback[0].outcomeTimestamp"


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ("accepted", ""), (None, ""), ([], ""),
        (without("card"), ".card"), ({**ACCEPTED, "card": ""}, ".card"), ({**ACCEPTED, "card": " "}, ".card"),
        ({**ACCEPTED, "card": 7}, ".card"), ({**ACCEPTED, "card": None}, ".card"),
        ({**ACCEPTED, "card": "c" * 256}, ".card"), ({**ACCEPTED, "card": "c\x00"}, ".card"),
        (without("outcome"), ".outcome"), ({**ACCEPTED, "outcome": "ignored"}, ".outcome"),
        ({**ACCEPTED, "outcome": "Accepted"}, ".outcome"), ({**ACCEPTED, "outcome": ["accepted"]}, ".outcome"),
        (without("outcomeTimestamp"), ".outcomeTimestamp"),
        (without("acceptedSuggestions"), ".acceptedSuggestions"),
        ({**ACCEPTED, "acceptedSuggestions": []}, ".acceptedSuggestions"),
        ({**ACCEPTED, "acceptedSuggestions": None}, ".acceptedSuggestions"),
        ({**ACCEPTED, "acceptedSuggestions": {"id": "a"}}, ".acceptedSuggestions"),
        ({**ACCEPTED, "acceptedSuggestions": ["a"]}, ".acceptedSuggestions[0]"),
        ({**ACCEPTED, "acceptedSuggestions": [{"id": "a"}, {}]}, ".acceptedSuggestions[1].id"),
        ({**ACCEPTED, "acceptedSuggestions": [{"id": 1}]}, ".acceptedSuggestions[0].id"),
        ({**ACCEPTED, "acceptedSuggestions": [{"id": ""}]}, ".acceptedSuggestions[0].id"),
        (reason({}), ".overrideReason"), (reason(None), ".overrideReason"), (reason("why"), ".overrideReason"),
        (reason({"unknown": "member"}), ".overrideReason"),
        (reason({"reason": None}), ".overrideReason.reason"), (reason({"reason": {}}), ".overrideReason.reason"),
        (reason({"reason": "code"}), ".overrideReason.reason"),
        (reason({"reason": {"display": "d"}}), ".overrideReason.reason.code"),
        (reason({"reason": {"code": 5}}), ".overrideReason.reason.code"),
        (reason({"reason": {"code": "a", "system": ""}}), ".overrideReason.reason.system"),
        (reason({"reason": {"code": "a", "display": 1}}), ".overrideReason.reason.display"),
        (reason({"userComment": ""}), ".overrideReason.userComment"),
        (reason({"userComment": {"text": "x"}}), ".overrideReason.userComment"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path_and_refuses_the_batch(entry: Any, place: str) -> None:
    with pytest.raises(UnreadableRequest) as refused:
        parse(OVERRIDDEN, entry)
    assert refused.value.place == f"$.feedback[1]{place}"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "$"), (b"[]", "$"), (b'"feedback"', "$"), (b"{", "$"), (b'{"feedback": [NaN]}', "$"),
        (b'{"feedback": "\xff"}', "$"), (b"[" * 100_000, "$"),
        (b"{}", "$.feedback"), (b'{"feedback": null}', "$.feedback"), (b'{"feedback": {}}', "$.feedback"),
    ],
    ids=[
        "empty", "array", "string", "cut", "NaN", "not UTF-8", "deep", "no member", "null", "object",
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(body: bytes, place: str) -> None:
    with pytest.raises(UnreadableRequest) as refused:
        parse_feedback(body)
    assert refused.value.place == place


def test_F7_a_comment_is_never_part_of_a_message() -> None:
    with pytest.raises(UnreadableRequest) as refused:
        parse(reason({"userComment": "Miriam Example refuses", "reason": {"code": 5}}))
    assert "Miriam" not in str(refused.value.outcome())
