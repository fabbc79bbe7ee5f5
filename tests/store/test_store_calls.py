"""What is kept comes back whole, by every id it is known by, and goes when its time is over."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from cds_service.store import calls as calls_module
from cds_service.store.calls import keep, purge
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import keep_feedback
from cds_service.store.story import show
from cds_service.store.tables import CALL, CARD, FEEDBACK
from tests.store.building import NOON, call, card, entry


def rows_in(engine: Engine, *tables: Any) -> list[int]:
    with engine.connect() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_a_call_is_found_by_its_id_its_cards_and_their_assertions(engine: Engine, sealer: Sealer) -> None:
    kept, first, second = call(), card(position=0), card(position=1, outcome="missing-documentation")
    said = entry(first.uuid, comment="the patient refused", reason_code="patient-refused", reason_display="Refused")
    keep(engine, sealer, kept, [second, first])
    keep_feedback(engine, sealer, "order-sign-crd", (said,))
    for identity in (kept.id, first.uuid, second.uuid, first.assertion_id):
        (story,) = show(engine, sealer, identity)
        assert (story.call, story.cards, story.feedback) == (kept, (first, second), (said,))
        assert not story.is_sealed


def test_an_assertion_made_in_several_calls_tells_all_their_stories_the_newest_first(engine: Engine) -> None:
    older, newer = call(), call(received_at=NOON + timedelta(hours=1))
    for one in (older, newer):
        keep(engine, None, one, [card(assertion_id="a-1")])
    assert [story.call.id for story in show(engine, None, "a-1")] == [newer.id, older.id]


@pytest.mark.parametrize("identity", ["", "unknown", "x" * 300, "\x00"])
def test_an_unknown_id_has_no_story(engine: Engine, identity: str) -> None:
    keep(engine, None, call(), [card(assertion_id="")])
    assert show(engine, None, identity) == ()


def test_a_call_without_cards_is_kept(engine: Engine) -> None:
    kept = call(payload=None)
    keep(engine, None, kept, [])
    assert [(story.call, story.cards) for story in show(engine, None, kept.id)] == [(kept, ())]


def test_without_a_key_the_payload_is_not_kept(engine: Engine) -> None:
    kept = call()
    keep(engine, None, kept, [])
    (story,) = show(engine, None, kept.id)
    assert story.call.payload is None
    assert not story.is_sealed


def test_a_payload_stays_sealed_for_a_reader_without_a_key(engine: Engine, sealer: Sealer) -> None:
    kept = call()
    keep(engine, sealer, kept, [])
    (story,) = show(engine, None, kept.id)
    assert story.call.payload is None
    assert story.is_sealed


def test_nothing_of_a_payload_can_be_read_in_the_database(engine: Engine, sealer: Sealer) -> None:
    keep(engine, sealer, call(payload={"patient": "Miriam Example"}), [card()])
    with engine.connect() as connection:
        stored = [str(tuple(row)) for table in (CALL, CARD) for row in connection.execute(select(table))]
    assert len(stored) == 2
    assert not any("Miriam" in row for row in stored)


def test_a_time_of_any_zone_is_the_same_instant_in_utc(engine: Engine) -> None:
    kept = call(received_at=NOON.astimezone(timezone(timedelta(hours=-8))))
    keep(engine, None, kept, [])
    (story,) = show(engine, None, kept.id)
    assert story.call.received_at == NOON
    assert story.call.received_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 11, 24)
    with pytest.raises(ValueError, match="zone"):
        keep(engine, None, call(received_at=naive), [])
    with pytest.raises(ValueError, match="zone"):
        purge(engine, naive)


def test_an_odd_identifier_of_a_client_does_not_cost_the_record(engine: Engine) -> None:
    kept = call(hook_instance="a\x00b" + "c" * 300)
    keep(engine, None, kept, [])
    assert show(engine, None, kept.id)[0].call.hook_instance == ("ab" + "c" * 300)[:255]


def test_a_card_that_cannot_be_kept_leaves_no_call_behind(engine: Engine) -> None:
    twice = card()
    with pytest.raises(IntegrityError):
        keep(engine, None, call(), [twice, replace(twice, position=1)])
    assert rows_in(engine, CALL, CARD) == [0, 0]


TOKEN = {"access_token": "secret"}


@pytest.mark.parametrize(
    "payload",
    [
        TOKEN,
        {"request": {"fhirAuthorization": {"token_type": "Bearer"}}},
        {"request": {"headers": [{"Authorization": "Bearer secret"}]}},
        {"deep": [[{"deeper": [TOKEN]}]]},
        {"request": msgspec.Raw(b'{"access_token" : "secret"}')},
        {"request": msgspec.Raw(b'{"\\u0061ccess_token": "secret"}')},
    ],
    ids=["top", "fhirAuthorization", "header", "deep", "raw", "raw and escaped"],
)
@pytest.mark.parametrize("has_key", [True, False], ids=["sealed", "no key"])
def test_no_token_can_be_kept(engine: Engine, sealer: Sealer, payload: dict[str, Any], has_key: bool) -> None:
    with pytest.raises(ValueError, match="never stored") as refused:
        keep(engine, sealer if has_key else None, call(payload=payload), [card()])
    assert "secret" not in str(refused.value)
    assert rows_in(engine, CALL, CARD) == [0, 0]


def test_words_that_only_look_like_tokens_are_kept(engine: Engine, sealer: Sealer) -> None:
    payload = {"note": 'prior "authorization"', "kind": "authorization", "text": "bell\u0007"}
    kept = call(payload=payload)
    keep(engine, sealer, kept, [])
    assert show(engine, sealer, kept.id)[0].call.payload == payload


def test_a_payload_nested_beyond_reason_is_a_value_error(engine: Engine, sealer: Sealer) -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"a": deep}
    with pytest.raises(ValueError, match="nested"):
        keep(engine, sealer, call(payload=deep), [])
    while deep:  # taken apart by hand: its destructor must not recurse either
        deep = deep["a"]


def test_purging_takes_the_cards_and_their_feedback_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "BATCH", 2)
    for hours in range(5):
        one = card()
        at = NOON - timedelta(hours=hours)
        keep(engine, None, call(received_at=at), [one, card()])
        keep_feedback(engine, None, "order-sign-crd", (entry(one.uuid),), received_at=NOON + timedelta(days=1))
    assert purge(engine, NOON - timedelta(hours=1)) == 3
    assert rows_in(engine, CALL, CARD, FEEDBACK) == [2, 4, 2]
    assert purge(engine, NOON - timedelta(hours=1)) == 0


def test_feedback_on_unknown_cards_is_purged_by_its_own_age(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_module, "BATCH", 2)
    for number in range(6):
        at = NOON + timedelta(hours=number)
        keep_feedback(engine, None, "order-sign-crd", (entry(f"unknown-{number}"),), received_at=at)
    assert purge(engine, NOON + timedelta(hours=5)) == 0
    assert rows_in(engine, FEEDBACK) == [1]
