"""Calls and the cards they were answered with: kept in one transaction, purged when their time is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select

from cds_service.store.credentials import text_without_tokens
from cds_service.store.encryption import Sealer
from cds_service.store.tables import CALL, CARD, FEEDBACK
from cds_service.store.transactions import insert_new, writing

BATCH: Final = 500
STATEMENT: Final = "coverage-information"
"""The kind of a coverage statement, which a system action puts on an order."""

_INSERT_CALL: Final = insert(CALL)
_INSERT_CARD: Final = insert(CARD)


@dataclass(frozen=True, slots=True)
class Call:
    """A hook call and its answer, or the error it ended in.

    `revisions` are the policy revisions that were asked; `payload`, the only place for patient data, holds request
    and answer as JSON values, without tokens; it is None where nothing was or could be kept. `metric` is what is
    counted of the call: codes, counts and ids of our own; None for calls kept before it was.
    """

    id: str
    request_id: str
    service: str
    hook: str
    hook_instance: str
    client: str
    received_at: datetime
    duration_ms: float
    status: int
    revisions: tuple[str, ...] = ()
    payload: Mapping[str, Any] | None = None
    metric: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card, or a coverage statement, that was sent: what it said in words of the policy, nothing of the patient.

    `position` is its place in the answer, statements after cards; `kind` the card type, as "coverage", or STATEMENT;
    `assertion_id` the coverage assertion it stands for, if any, which several calls share. A statement has no uuid on
    the wire: here it has one of our own.
    """

    uuid: str
    position: int
    kind: str
    outcome: str = ""
    criteria: tuple[str, ...] = ()
    policy: str = ""
    revision: str = ""
    assertion_id: str = ""


def keep(engine: Engine, sealer: Sealer | None, call: Call, cards: Sequence[Card]) -> None:
    """Keep a call and its cards, all or nothing; the payload only where there is a key to seal it with.

    Raises ValueError for a payload with an access token or a time without a zone, StoreUnavailable.
    """
    keep_rows(engine, rows_of(sealer, call, cards))


class Rows(NamedTuple):
    """A call and its cards as they are stored, its payload sealed."""

    call: dict[str, Any]
    cards: list[dict[str, Any]]


def rows_of(sealer: Sealer | None, call: Call, cards: Sequence[Card]) -> Rows:
    """A call as it is stored. Raises ValueError, as `keep` does."""
    return Rows(_call_row(call, _sealed(sealer, call.payload)), [_card_row(call.id, card) for card in cards])


def keep_rows(engine: Engine, rows: Rows) -> None:
    """Write what `rows_of` made, all or nothing. Raises StoreUnavailable."""
    with writing(engine) as connection:
        connection.execute(_INSERT_CALL, rows.call)
        if rows.cards:
            connection.execute(_INSERT_CARD, rows.cards)


def keep_again(engine: Engine, listed: Sequence[Rows]) -> None:
    """Write several in one transaction; those that are there already stay as they are. Raises StoreUnavailable."""
    cards = [card for rows in listed for card in rows.cards]
    with writing(engine) as connection:
        connection.execute(insert_new(connection, CALL), [rows.call for rows in listed])
        if cards:
            connection.execute(insert_new(connection, CARD), cards)


def _sealed(sealer: Sealer | None, payload: Mapping[str, Any] | None) -> bytes | None:
    if payload is None:
        return None
    text = text_without_tokens(payload)
    return sealer.seal_text(text) if sealer else None


def _call_row(call: Call, payload: bytes | None) -> dict[str, Any]:
    return {
        "id": call.id, "request_id": call.request_id, "service": call.service, "hook": call.hook,
        "hook_instance": call.hook_instance, "client": call.client, "received_at": zoned(call.received_at),
        "duration_ms": call.duration_ms, "status": call.status, "revisions": call.revisions, "payload": payload,
        "metric": call.metric,
    }  # fmt: skip


def _card_row(call_id: str, card: Card) -> dict[str, Any]:
    return {
        "uuid": card.uuid, "call_id": call_id, "assertion_id": card.assertion_id, "position": card.position,
        "kind": card.kind, "outcome": card.outcome, "criteria": card.criteria, "policy": card.policy,
        "revision": card.revision,
    }  # fmt: skip


def zoned(instant: datetime) -> datetime:
    """A time that says its zone. Raises ValueError for one that does not: it could be any of 24 hours."""
    if instant.tzinfo is None:
        raise ValueError("a time in the record has its zone, as datetime.now(UTC) has")
    return instant


def purge(engine: Engine, before: datetime) -> int:
    """Remove the calls received before then, their cards and the feedback on them, in batches; how many calls."""
    purged = 0
    while gone := _purge_calls(engine, zoned(before)):
        purged += gone
    while _purge_feedback(engine, before):
        pass
    return purged


def _purge_calls(engine: Engine, before: datetime) -> int:
    oldest = select(CALL.c.id).where(CALL.c.received_at < before).order_by(CALL.c.received_at).limit(BATCH)
    with writing(engine) as connection:
        ids = list(connection.scalars(oldest.with_for_update(skip_locked=True)))
        if ids:
            cards = select(CARD.c.uuid).where(CARD.c.call_id.in_(ids))
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.card.in_(cards)))
            _delete_calls(connection, ids)
        return len(ids)


def _delete_calls(connection: Connection, ids: list[str]) -> None:
    connection.execute(delete(CALL).where(CALL.c.id.in_(ids)))  # cards go with them by the foreign key


def _purge_feedback(engine: Engine, before: datetime) -> int:
    """Feedback on cards that are not known goes by its own age."""
    oldest = select(FEEDBACK.c.key).where(FEEDBACK.c.received_at < before).limit(BATCH)
    chosen = oldest.with_for_update(skip_locked=True)
    with writing(engine) as connection:
        return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.key.in_(chosen))).rowcount
