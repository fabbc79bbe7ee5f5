"""The prior authorizations a payer gave: loaded as a whole from its file, looked up for one order.

Member numbers are digests, as in `members`; practitioners are known by their NPI, which is public.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Engine, bindparam, delete, insert, or_, select

from cds_service.store.members import BATCH, digest
from cds_service.store.tables import AUTHORIZATION
from cds_service.store.transactions import reading, writing


class Authorization(NamedTuple):
    """A prior authorization: a code for a member, or for all members when a practitioner (NPI) is gold-carded.

    `starts` and `ends` are its first and last day; None is open.
    """

    payer: str
    member: str
    code: str
    number: str
    starts: date | None = None
    ends: date | None = None
    practitioner: str = ""


_ANY: Final = ""
_table: Final = AUTHORIZATION.c
_ON_FILE: Final = select(_table.code, _table.number, _table.starts, _table.ends, _table.practitioner).where(
    _table.payer == bindparam("payer"),
    _table.code.in_(bindparam("codes", expanding=True)),
    _table.member.in_(bindparam("members", expanding=True)),
    _table.practitioner.in_(bindparam("practitioners", expanding=True)),
    or_(_table.starts.is_(None), _table.starts <= bindparam("first")),
    or_(_table.ends.is_(None), _table.ends >= bindparam("last")),
)
"""Built once: it is asked for every order that may need authorization."""
_ANYTHING: Final = select(_table.code).limit(1)
EMPTY_SECONDS: Final = 60.0
"""How long an empty table is taken for empty: most services load none, and every order asks."""


class StoredAuthorizations:
    """The table, for those who ask it. Shared by all calls: it remembers that there is nothing, never what there is."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._empty_until = clock()

    def on_file(
        self,
        payer: str,
        members: Sequence[str],
        practitioners: Sequence[str],
        codes: Sequence[str],
        days: tuple[date, date],
    ) -> tuple[Authorization, ...]:
        """What the payer gave for one of these codes, from the first to the last day, to this member or practitioner.

        The member's numbers are not handed back. Raises StoreUnavailable.
        """
        if self._clock() < self._empty_until:
            return ()
        asked = {
            "payer": payer,
            "codes": list(codes),
            "members": [_ANY, *(digest(payer, member) for member in members)],
            "practitioners": [_ANY, *practitioners],
            "first": days[0],
            "last": days[1],
        }
        with reading(self._engine) as connection:
            found = tuple(Authorization(payer, "", *row) for row in connection.execute(_ON_FILE, asked))
            if not found and connection.execute(_ANYTHING).first() is None:
                self._empty_until = self._clock() + EMPTY_SECONDS
        return found


def replace_authorizations(engine: Engine, authorizations: Iterable[Authorization]) -> int:
    """Put these in the place of all authorizations of the payers they name; how many. All or nothing.

    Raises ValueError for one that is neither a member's nor a practitioner's, StoreUnavailable.
    """
    rows = [_row(one) for one in authorizations]
    with writing(engine) as connection:
        connection.execute(delete(AUTHORIZATION).where(AUTHORIZATION.c.payer.in_({row["payer"] for row in rows})))
        for start in range(0, len(rows), BATCH):
            connection.execute(insert(AUTHORIZATION), rows[start : start + BATCH])
    return len(rows)


def _row(one: Authorization) -> dict[str, object]:
    if not one.member and not one.practitioner:
        raise ValueError("an authorization is a member's, or a practitioner's, or both")
    return {**one._asdict(), "member": digest(one.payer, one.member) if one.member else ""}
