"""Assertion ids of coverage statements: what was stated under each, for the form that asks for what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, select

from cds_service.store.calls import BATCH, zoned
from cds_service.store.credentials import text_without_tokens
from cds_service.store.encryption import Sealer
from cds_service.store.tables import ASSERTION, storable
from cds_service.store.transactions import insert_or_renew, reading, writing


@dataclass(frozen=True, slots=True)
class Assertion:
    """A coverage statement that was sent: its id, to whom, what it said in words of the policy.

    `payload`, the only place for patient data, holds the patient, the order and where it was read; None where nothing
    was or could be kept.
    """

    id: str
    client: str
    tenant: str
    policy: str
    revision: str
    outcome: str
    questionnaires: tuple[str, ...]
    stated_at: datetime
    payload: Mapping[str, Any] | None = None


def keep_assertions(engine: Engine, sealer: Sealer | None, assertions: Sequence[Assertion]) -> None:
    """Keep statements; one that is made again is as old as the last time. Raises StoreUnavailable."""
    rows = [_row(one, sealer) for one in sorted(assertions, key=lambda one: one.id)]
    if not rows:
        return
    with writing(engine) as connection:
        connection.execute(insert_or_renew(connection, ASSERTION, "id", "stated_at"), rows)


def _row(one: Assertion, sealer: Sealer | None) -> dict[str, Any]:
    sealed = sealer.seal_text(text_without_tokens(one.payload)) if sealer and one.payload is not None else None
    return {
        "id": one.id, "client": one.client, "tenant": one.tenant, "policy": one.policy, "revision": one.revision,
        "outcome": one.outcome, "questionnaires": one.questionnaires, "stated_at": zoned(one.stated_at),
        "payload": sealed,
    }  # fmt: skip


def find_assertion(engine: Engine, sealer: Sealer | None, identity: str) -> Assertion | None:
    """The statement of this id; None when none was made. Raises WrongKey, StoreUnavailable."""
    query = select(ASSERTION).where(ASSERTION.c.id == storable(identity))
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    opened = sealer.open(bytes(row["payload"])) if sealer and row["payload"] is not None else None
    return Assertion(**{**row, "payload": opened})


def purge_assertions(engine: Engine, before: datetime) -> None:
    """Remove the statements last made before then, in batches."""
    oldest = select(ASSERTION.c.id).where(ASSERTION.c.stated_at < zoned(before)).limit(BATCH)
    chosen = oldest.with_for_update(skip_locked=True)
    gone = BATCH
    while gone == BATCH:
        with writing(engine) as connection:
            gone = connection.execute(delete(ASSERTION).where(ASSERTION.c.id.in_(chosen))).rowcount
