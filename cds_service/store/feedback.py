"""What clinicians did with the cards: kept once however often it is sent, counted by what the cards said."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, func, select

from cds_service.store.encryption import Sealer
from cds_service.store.feedback_body import Entry
from cds_service.store.tables import CARD, FEEDBACK
from cds_service.store.transactions import insert_new, reading, writing


def keep_feedback(
    engine: Engine, sealer: Sealer | None, service: str, entries: tuple[Entry, ...], received_at: datetime | None = None
) -> None:
    """Keep the entries, all or nothing. One that is there already stays as it is; unknown cards are no error.

    The comment is sealed, and dropped where there is no key. Raises StoreUnavailable.
    """
    now = received_at or datetime.now(UTC)
    rows = [_row(entry, sealer, service, now) for entry in entries]
    if not rows:
        return
    rows.sort(key=lambda row: str(row["key"]))  # one order for all: two batches never wait for each other
    with writing(engine) as connection:
        connection.execute(insert_new(connection, FEEDBACK), rows)


def _row(entry: Entry, sealer: Sealer | None, service: str, received_at: datetime) -> dict[str, Any]:
    said = {"comment": entry.comment, "display": entry.reason_display}
    return {
        "key": _key(entry), "service": service, "card": entry.card, "outcome": entry.outcome,
        "suggestions": entry.suggestions, "reason_system": entry.reason_system, "reason_code": entry.reason_code,
        "given_at": entry.given_at, "received_at": received_at,
        "payload": sealer.seal(said) if sealer and any(said.values()) else None,
    }  # fmt: skip


def _key(entry: Entry) -> str:
    """The same for the same act: card, outcome, suggestions in any order, and the instant."""
    parts = (entry.card, entry.outcome, sorted(set(entry.suggestions)), entry.given_at.astimezone(UTC))
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def feedback_on(connection: Connection, card_uuids: Iterable[str]) -> list[RowMapping]:
    """The stored feedback on these cards, the oldest first."""
    query = select(FEEDBACK).where(FEEDBACK.c.card.in_(list(card_uuids))).order_by(FEEDBACK.c.given_at, FEEDBACK.c.key)
    return list(connection.execute(query).mappings())


def entry_of(row: RowMapping, sealer: Sealer | None) -> Entry:
    """A stored row as the entry it was; its words only with a key. Raises WrongKey."""
    said = sealer.open(bytes(row["payload"])) if sealer and row["payload"] is not None else {}
    return Entry(
        card=row["card"], outcome=row["outcome"], given_at=row["given_at"], suggestions=row["suggestions"],
        reason_system=row["reason_system"], reason_code=row["reason_code"],
        reason_display=said.get("display", ""), comment=said.get("comment", ""),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """How often cards of one type, outcome and criterion were accepted and overridden, for one override reason.

    Each is empty where it does not apply: `kind` for a card this record does not know, `reason` for none given.
    """

    kind: str
    outcome: str
    criterion: str
    reason: str
    accepted: int
    overridden: int


def summary(engine: Engine) -> list[Row]:
    """All feedback, counted. A card that several criteria decided counts once under each of them."""
    counted: Counter[tuple[str, str, str, str, str]] = Counter()
    for place, act, count in _groups(engine):
        counted[(*place, act)] += count
    places = sorted({key[:4] for key in counted})
    return [Row(*place, counted[(*place, "accepted")], counted[(*place, "overridden")]) for place in places]


def _groups(engine: Engine) -> Iterator[tuple[tuple[str, str, str, str], str, int]]:
    columns = (CARD.c.kind, CARD.c.outcome, CARD.c.criteria, FEEDBACK.c.reason_code, FEEDBACK.c.outcome.label("act"))
    joined = FEEDBACK.outerjoin(CARD, FEEDBACK.c.card == CARD.c.uuid)
    with reading(engine) as connection:
        found = connection.execute(select(*columns, func.count()).select_from(joined).group_by(*columns)).all()
    for kind, outcome, criteria, reason, act, count in found:
        for criterion in criteria or ("",):
            yield (kind or "", outcome or "", criterion, reason), act, count
