"""Links to the form of one case: the secret of a link is kept as its digest, what the case needs sealed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, delete, or_, select, update

from cds_service.store.calls import BATCH, zoned
from cds_service.store.credentials import text_without_tokens
from cds_service.store.encryption import Sealer
from cds_service.store.tables import FORM_LINK
from cds_service.store.transactions import reading, writing

REMEMBERED: Final = timedelta(days=1)
"""How long it is known that a link was one: long enough to say that it expired, in place of that there is none."""

CLAIM: Final = timedelta(minutes=2)
"""How long one who saves keeps others from saving; a process that died has saved nothing by then."""


@dataclass(frozen=True, slots=True)
class FormLink:
    """A link: what its case needs, when it ends, and once the form is saved that it is."""

    case: Mapping[str, Any]
    expires_at: datetime
    is_saved: bool = False


def digest_of(token: str) -> str:
    """What stands in the database for a link's secret: of 256 random bits nothing is learned from a plain digest."""
    return hashlib.sha256(token.encode()).hexdigest()


def keep_link(engine: Engine, sealer: Sealer, token: str, link: FormLink, now: datetime) -> None:
    """Keep a link, and remove some of those that ended long ago. Raises StoreUnavailable."""
    row = {
        "id": digest_of(token), "expires_at": zoned(link.expires_at), "is_saved": link.is_saved,
        "payload": sealer.seal_text(text_without_tokens(link.case)),
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(delete(FORM_LINK).where(FORM_LINK.c.id.in_(_oldest(now - REMEMBERED))))
        connection.execute(FORM_LINK.insert(), row)


def find_link(engine: Engine, sealer: Sealer, token: str) -> FormLink | None:
    """The link of this secret; None when there is none. Raises WrongKey, StoreUnavailable."""
    columns = (FORM_LINK.c.payload, FORM_LINK.c.expires_at, FORM_LINK.c.is_saved)
    with reading(engine) as connection:
        row = connection.execute(select(*columns).where(FORM_LINK.c.id == digest_of(token))).one_or_none()
    return FormLink(sealer.open(bytes(row.payload)), row.expires_at, row.is_saved) if row else None


def claim_link(engine: Engine, token: str, now: datetime) -> bool:
    """Whether the caller may save the form of this link: nobody did, and nobody else is about to."""
    free = or_(FORM_LINK.c.claimed_at.is_(None), FORM_LINK.c.claimed_at < zoned(now - CLAIM))
    mine = (FORM_LINK.c.id == digest_of(token)) & FORM_LINK.c.is_saved.is_(False) & free
    with writing(engine) as connection:
        return connection.execute(update(FORM_LINK).where(mine).values(claimed_at=zoned(now))).rowcount == 1


def release_link(engine: Engine, token: str) -> None:
    """Let others save: it failed here."""
    with writing(engine) as connection:
        mine = update(FORM_LINK).where(FORM_LINK.c.id == digest_of(token))
        connection.execute(mine.values(claimed_at=None))


def finish_link(engine: Engine, sealer: Sealer, token: str, case: Mapping[str, Any]) -> None:
    """The form is saved: from now on the link shows what was."""
    payload = sealer.seal_text(text_without_tokens(case))
    with writing(engine) as connection:
        mine = update(FORM_LINK).where(FORM_LINK.c.id == digest_of(token))
        connection.execute(mine.values(is_saved=True, payload=payload))


def purge_links(engine: Engine, before: datetime) -> None:
    """Remove the links that ended before then, in batches."""
    gone = BATCH
    while gone == BATCH:
        with writing(engine) as connection:
            gone = connection.execute(delete(FORM_LINK).where(FORM_LINK.c.id.in_(_oldest(before)))).rowcount


def _oldest(before: datetime) -> Any:
    oldest = select(FORM_LINK.c.id).where(FORM_LINK.c.expires_at < zoned(before)).limit(BATCH)
    return oldest.with_for_update(skip_locked=True)
