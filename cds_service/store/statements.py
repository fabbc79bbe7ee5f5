"""A coverage statement by its assertion id: what the record keeps of the newest call in which a client was told it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select

from cds_service.store.calls import STATEMENT
from cds_service.store.encryption import Sealer
from cds_service.store.tables import CALL, CARD, storable
from cds_service.store.transactions import reading


@dataclass(frozen=True, slots=True)
class StatedCall:
    """What was stated (`outcome`, in the words of coverage-information) by which policy, and the call's payload.

    `payload`, the only place for patient data, is None where it was not kept or no key is given.
    """

    policy: str
    revision: str
    outcome: str
    payload: Mapping[str, Any] | None = None


def find_statement(engine: Engine, sealer: Sealer | None, identity: str, client: str) -> StatedCall | None:
    """The statement of this id that was made to a client; None when none was. Raises WrongKey, StoreUnavailable."""
    query = (
        select(CARD.c.policy, CARD.c.revision, CARD.c.outcome, CALL.c.payload)
        .join(CALL, CARD.c.call_id == CALL.c.id)
        .where(CARD.c.assertion_id == storable(identity), CARD.c.kind == STATEMENT, CALL.c.client == client)
        .order_by(CALL.c.received_at.desc(), CALL.c.id)
        .limit(1)
    )
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None or not identity:
        return None
    opened = sealer.open(bytes(row["payload"])) if sealer and row["payload"] is not None else None
    return StatedCall(**{**row, "payload": opened})
