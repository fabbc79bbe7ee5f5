"""The whole story of a call: what was asked, what was answered, what became of it."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Executable, RowMapping, select, union

from cds_service.store.calls import Call, Card
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import entry_of, feedback_on
from cds_service.store.feedback_body import Entry
from cds_service.store.tables import CALL, CARD, storable
from cds_service.store.transactions import reading


@dataclass(frozen=True, slots=True)
class Story:
    """A call with its cards and the feedback on them. `is_sealed`: there is a payload, and no key was given for it."""

    call: Call
    cards: tuple[Card, ...]
    feedback: tuple[Entry, ...]
    is_sealed: bool


def show(engine: Engine, sealer: Sealer | None, identity: str) -> tuple[Story, ...]:
    """The stories a call id, a card uuid or an assertion id stands for, the newest first; empty when unknown.

    An assertion id may stand for several calls. Raises WrongKey, StoreUnavailable.
    """
    if not storable(identity):  # cards without an assertion have the empty one
        return ()
    with reading(engine) as connection:
        calls = list(connection.execute(_calls_of(identity)).mappings())
        told = [(call, *_rest(connection, call["id"])) for call in calls]
    return tuple(_story(call, cards, feedback, sealer) for call, cards, feedback in told)


def _calls_of(identity: str) -> Executable:
    ids = union(
        select(CALL.c.id).where(CALL.c.id == identity),
        select(CARD.c.call_id).where(CARD.c.uuid == identity),
        select(CARD.c.call_id).where(CARD.c.assertion_id == identity),
    )
    return select(CALL).where(CALL.c.id.in_(ids)).order_by(CALL.c.received_at.desc(), CALL.c.id)


def _rest(connection: Connection, call_id: str) -> tuple[list[RowMapping], list[RowMapping]]:
    query = select(CARD).where(CARD.c.call_id == call_id).order_by(CARD.c.position, CARD.c.uuid)
    cards = list(connection.execute(query).mappings())
    return cards, feedback_on(connection, [card["uuid"] for card in cards])


def _story(call: RowMapping, cards: list[RowMapping], feedback: list[RowMapping], sealer: Sealer | None) -> Story:
    token = call["payload"]
    opened = sealer.open(bytes(token)) if sealer and token is not None else None
    return Story(
        call=Call(**{**call, "payload": opened}),
        cards=tuple(Card(**{name: value for name, value in card.items() if name != "call_id"}) for card in cards),
        feedback=tuple(entry_of(row, sealer) for row in feedback),
        is_sealed=token is not None and sealer is None,
    )
