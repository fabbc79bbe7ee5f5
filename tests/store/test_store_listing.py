"""Calls in the order they came, in batches, with what feedback said of their cards; payloads stay sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from cds_service.store import listing
from cds_service.store.calls import keep
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import keep_feedback
from cds_service.store.listing import calls_between, payload_of
from tests.store.building import NOON, call, card, entry

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_calls_come_in_their_order_whatever_the_batch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(listing, "BATCH", batch)
    at_once = [call(id=f"{n}", received_at=NOON) for n in range(3)]
    later = call(id="0 later", received_at=NOON + timedelta(microseconds=1))
    for one in (later, *reversed(at_once)):
        keep(engine, None, one, [])
    found = [listed.call.id for listed in calls_between(engine, NOON, NOON + HOUR)]
    assert found == ["0", "1", "2", "0 later"]


def test_the_first_moment_is_inside_and_the_last_outside(engine: Engine) -> None:
    for hours in range(4):
        keep(engine, None, call(id=f"{hours}", received_at=NOON + hours * HOUR), [])
    assert [one.call.id for one in calls_between(engine, NOON + HOUR, NOON + 3 * HOUR)] == ["1", "2"]


def test_a_call_has_its_cards_its_metric_and_not_its_payload(engine: Engine, sealer: Sealer) -> None:
    kept, cards = call(metric={"tokenUse": "used"}), [card(position=0), card(position=1)]
    keep(engine, sealer, kept, cards)
    keep(engine, sealer, call(), [card()])
    (found,) = (one for one in calls_between(engine, NOON, NOON + HOUR) if one.call.id == kept.id)
    assert found.cards == tuple(cards)
    assert (found.call.metric, found.call.payload) == ({"tokenUse": "used"}, None)
    assert payload_of(engine, sealer, kept.id) == kept.payload


def test_the_last_act_on_a_card_counts(engine: Engine) -> None:
    first, second = card(position=0), card(position=1)
    keep(engine, None, call(), [first, second])
    later = entry(first.uuid, outcome="overridden", given_at=NOON + HOUR)
    for said in (later, entry(first.uuid, outcome="accepted", suggestions=("s",)), entry("unknown")):
        keep_feedback(engine, None, "order-sign-crd", (said,))
    (found,) = calls_between(engine, NOON, NOON + HOUR)
    assert found.engagement == {first.uuid: "overridden"}


def test_a_call_without_a_payload_has_an_empty_one(engine: Engine, sealer: Sealer) -> None:
    kept = call(payload=None)
    keep(engine, None, kept, [])
    assert payload_of(engine, sealer, kept.id) == {}
    assert payload_of(engine, sealer, "unknown") == {}
