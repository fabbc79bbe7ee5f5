"""Payloads at rest: JSON, compressed, sealed by Fernet. The first key seals; every key opens."""

import hmac
import zlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, Engine, Table, bindparam, select, update

from cds_service.errors import SettingsError
from cds_service.store.errors import WrongKey
from cds_service.store.tables import CALL, FEEDBACK, FORM_LINK
from cds_service.store.transactions import reading, writing
from fhir_mappings.json_text import decode_unbounded

FASTEST: Final = 1
_MARKING: Final = b"coverage-hooks mark "  # not the key itself, which encrypts
BATCH: Final = 100


class Sealer:
    """Seals and opens payloads. Without a key there is no Sealer, and payloads are not kept at all."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        if not keys:
            raise SettingsError("record_keys: at least one key is needed to seal payloads")
        self._keys = tuple(key.encode() for key in keys)
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError(
                "record_keys: a key is 32 bytes in url-safe base64; make one with "
                'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None

    def seal(self, payload: Mapping[str, Any]) -> bytes:
        """A payload as it is stored."""
        return self.seal_text(msgspec.json.encode(payload))

    def seal_text(self, text: bytes) -> bytes:
        """A payload that is JSON text already."""
        return self._fernet.encrypt(zlib.compress(text, FASTEST))

    def open(self, token: bytes) -> dict[str, Any]:
        """The payload. Raises WrongKey; what comes back is what was sealed or nothing."""
        try:
            text = zlib.decompress(self._fernet.decrypt(token))
        except InvalidToken:
            raise _wrong_key() from None
        opened: dict[str, Any] = decode_unbounded(text)  # orders sent back are kept as they came, numbers and all
        return opened

    def marks(self, *parts: str) -> tuple[str, ...]:
        """What stands for these words in a column: the mark under the first key, then those under the others.

        The same words have the same mark, and nobody without the key can tell which words they were.
        """
        text = msgspec.json.encode(parts)
        return tuple(hmac.digest(_MARKING + key, text, "sha256").hex() for key in self._keys)

    def rotate(self, token: bytes) -> bytes:
        """The same payload under the first key. Raises WrongKey."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken:
            raise _wrong_key() from None


def _wrong_key() -> WrongKey:
    return WrongKey("none of the record_keys opens a stored payload: add the key it was sealed with")


def sealer_of(keys: tuple[str, ...]) -> Sealer | None:
    """The sealer of these keys; None without any: then payloads are not kept."""
    return Sealer(keys) if keys else None


def rotate(engine: Engine, sealer: Sealer) -> int:
    """Seal every stored payload anew with the first key, batch by batch; how many. May be run again after a failure.

    Raises WrongKey when one opens with no key: its batch and those after it are left as they were.
    """
    sealed = ((CALL, CALL.c.id), (FEEDBACK, FEEDBACK.c.key), (FORM_LINK, FORM_LINK.c.id))
    return sum(_rotate(engine, sealer, table, key) for table, key in sealed)


def _rotate(engine: Engine, sealer: Sealer, table: Table, key: Column[str]) -> int:
    done, last = 0, ""
    while batch := _next_batch(engine, table, key, last):
        sealed = [{"row": row, "sealed": sealer.rotate(payload)} for row, payload in batch]
        with writing(engine) as connection:
            connection.execute(update(table).where(key == bindparam("row")).values(payload=bindparam("sealed")), sealed)
        done, last = done + len(batch), batch[-1][0]
    return done


def _next_batch(engine: Engine, table: Table, key: Column[str], last: str) -> list[tuple[str, bytes]]:
    query = select(key, table.c.payload).where(table.c.payload.is_not(None), key > last).order_by(key).limit(BATCH)
    with reading(engine) as connection:
        return [(row, bytes(payload)) for row, payload in connection.execute(query)]
