"""The members of a payer: loaded as a whole from its file, looked up by number.

Numbers are kept as digests only: neither the table nor a copy of it lists who is insured. Whoever holds the table and
knows how numbers are formed can still try them out, so it is guarded like patient data all the same.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Engine, delete, insert, select

from cds_service.store.tables import MEMBER
from cds_service.store.transactions import reading, writing

BATCH: Final = 1000


class Enrollment(NamedTuple):
    """One time a member is or was insured: under which plan, from and to which day, both inside; None is open."""

    plan: str = ""
    starts: date | None = None
    ends: date | None = None

    def is_active(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


class Member(NamedTuple):
    """A line of the payer's file: the number as it is compared, and one enrollment."""

    payer: str
    number: str
    enrollment: Enrollment = Enrollment()


class StoredMembers:
    """The table, for those who ask it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def enrollments(self, payer: str, numbers: Sequence[str]) -> tuple[Enrollment, ...]:
        """The enrollments under any of these numbers; none is no such member. Raises StoreUnavailable."""
        digests = [digest(payer, number) for number in numbers]
        wanted = (MEMBER.c.payer == payer) & MEMBER.c.number.in_(digests)
        query = select(MEMBER.c.plan, MEMBER.c.starts, MEMBER.c.ends).where(wanted)
        with reading(self._engine) as connection:
            return tuple(Enrollment(*row) for row in connection.execute(query))


def replace_members(engine: Engine, members: Iterable[Member]) -> int:
    """Put these in the place of all members of the payers they name; how many. All or nothing.

    Raises StoreUnavailable.
    """
    rows = [_row(member) for member in members]
    with writing(engine) as connection:
        connection.execute(delete(MEMBER).where(MEMBER.c.payer.in_({row["payer"] for row in rows})))
        for start in range(0, len(rows), BATCH):
            connection.execute(insert(MEMBER), rows[start : start + BATCH])
    return len(rows)


def _row(member: Member) -> dict[str, object]:
    plan, starts, ends = member.enrollment
    number = digest(member.payer, member.number)
    return {"payer": member.payer, "number": number, "plan": plan, "starts": starts, "ends": ends}


def digest(payer: str, number: str) -> str:
    """A member number as it is kept; the same number with two payers is kept as two."""
    return hashlib.sha256(msgspec.json.encode((payer, number))).hexdigest()
