"""Calls in the order they came, with their cards and what became of these, read in batches; payloads stay sealed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, select, tuple_

from cds_service.store.calls import Call, Card, zoned
from cds_service.store.encryption import Sealer
from cds_service.store.tables import CALL, CARD, FEEDBACK
from cds_service.store.transactions import reading

BATCH: Final = 500
_OPEN: Final = [column for column in CALL.c if column.name != "payload"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A call without its payload, its cards, and by the uuid of a card the last outcome in feedback on it."""

    call: Call
    cards: tuple[Card, ...]
    engagement: Mapping[str, str]


def calls_between(engine: Engine, since: datetime, until: datetime) -> Iterator[Listed]:
    """The calls received from `since` on and before `until`, the oldest first. Raises StoreUnavailable."""
    query = select(*_OPEN).where(CALL.c.received_at >= zoned(since), CALL.c.received_at < zoned(until))
    query = query.order_by(CALL.c.received_at, CALL.c.id).limit(BATCH)
    batch = _batch(engine, query)
    while batch:
        yield from batch
        last = batch[-1].call
        batch = _batch(engine, query.where(tuple_(CALL.c.received_at, CALL.c.id) > (last.received_at, last.id)))


def _batch(engine: Engine, query: Select[Any]) -> list[Listed]:
    with reading(engine) as connection:
        calls = [Call(**row) for row in connection.execute(query).mappings()]
        ids = [call.id for call in calls]
        cards = _cards(connection, ids)
        acts = _acts(connection, ids)
    return [Listed(call, tuple(cards.get(call.id, ())), acts.get(call.id, {})) for call in calls]


def _cards(connection: Connection, ids: list[str]) -> dict[str, list[Card]]:
    query = select(CARD).where(CARD.c.call_id.in_(ids)).order_by(CARD.c.position, CARD.c.kind, CARD.c.uuid)
    found: dict[str, list[Card]] = {}
    for row in connection.execute(query).mappings():
        card = Card(**{name: value for name, value in row.items() if name != "call_id"})
        found.setdefault(row["call_id"], []).append(card)
    return found


def _acts(connection: Connection, ids: list[str]) -> dict[str, dict[str, str]]:
    joined = select(CARD.c.call_id, FEEDBACK.c.card, FEEDBACK.c.outcome).join(FEEDBACK, FEEDBACK.c.card == CARD.c.uuid)
    oldest_first = joined.where(CARD.c.call_id.in_(ids)).order_by(FEEDBACK.c.given_at, FEEDBACK.c.received_at)
    found: dict[str, dict[str, str]] = {}
    for call_id, card, outcome in connection.execute(oldest_first):
        found.setdefault(call_id, {})[card] = outcome
    return found


def payload_of(engine: Engine, sealer: Sealer, call_id: str) -> Mapping[str, Any]:
    """The payload of a call, opened; empty when none was kept. Raises WrongKey, StoreUnavailable."""
    with reading(engine) as connection:
        token = connection.scalar(select(CALL.c.payload).where(CALL.c.id == call_id))
    return sealer.open(bytes(token)) if token is not None else {}
