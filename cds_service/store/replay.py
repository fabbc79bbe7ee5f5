"""A token is used once, whichever process or machine it reaches: the first to insert its digest has it."""

import hashlib
import itertools
import time
from contextlib import suppress
from typing import Any, Final

import msgspec
from sqlalchemy import Engine, delete, insert
from sqlalchemy.exc import IntegrityError

from cds_service.store.errors import StoreUnavailable
from cds_service.store.tables import USED_TOKEN
from cds_service.store.transactions import writing

CALLS_BETWEEN_PRUNINGS: Final = 200
KEPT_PAST_EXPIRY_SECONDS: Final = 26 * 60 * 60
"""More than any leeway a client's clock is given, and than a clock set to a wrong zone or day is set back by: a token
is forgotten only when it is refused for its age."""


class DatabaseReplay:
    """Which tokens were used, by digest: neither issuer nor jti is stored."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._calls = itertools.count(1)

    def first_use(self, issuer: str, jti: str, expires_at: int) -> bool:
        """Whether this token (expiring at this Unix time) was never seen before. Raises StoreUnavailable."""
        is_first = self._insert({"digest": _digest(issuer, jti), "expires_at": expires_at})
        if next(self._calls) % CALLS_BETWEEN_PRUNINGS == 0:
            with suppress(StoreUnavailable):  # the answer is known and stored already
                self.prune(int(time.time()))
        return is_first

    def _insert(self, row: dict[str, Any]) -> bool:
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(USED_TOKEN), row)
        except IntegrityError:
            return False
        return True

    def prune(self, now: int) -> None:
        """Forget tokens that expired so long before `now` (Unix time) that they are refused anyway."""
        with writing(self._engine) as connection:
            connection.execute(delete(USED_TOKEN).where(USED_TOKEN.c.expires_at < now - KEPT_PAST_EXPIRY_SECONDS))


def _digest(issuer: str, jti: str) -> str:
    return hashlib.sha256(msgspec.json.encode((issuer, jti))).hexdigest()
