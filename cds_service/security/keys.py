"""Where a client's keys come from: its published JWKS, or a file. A token never says where to look."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import jwt

from cds_service.security.clients import Client
from cds_service.security.key_documents import load
from cds_service.security.key_sets import KeySet, KeysUnavailable, read_key_set

KEEP_SECONDS: Final = 3600  # then the keys are asked for anew, so that one the client has withdrawn is dropped

_Stamp = tuple[int, int, int]  # when a file was changed, its size, its inode: what tells two versions apart
_NEVER: Final[_Stamp] = (-1, -1, -1)

log = logging.getLogger(__name__)


class KeySource(Protocol):
    """The keys of one client as they are now. Safe to share between threads."""

    def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """The client's key of this `kid` for this algorithm; None when it has none or none could be read."""


def key_source(client: Client, refetch_seconds: float, clock: Callable[[], float] = time.time) -> KeySource:
    """The source a client is registered with."""
    return PublishedKeys(client, refetch_seconds, clock) if client.jwks_url else KeyFile(client)


class PublishedKeys:
    """A JWKS at a URL, kept in memory.

    It is fetched for the first token, when a `kid` is unknown, and when it is older than KEEP_SECONDS. Only the
    first fetch, if it brings the key, is free: any other bars the next one for `refetch_seconds`. When a fetch fails
    the keys known so far stay.
    """

    def __init__(self, client: Client, refetch_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._refetch_seconds = refetch_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._keys = KeySet()
        self._fetched_at: float | None = None
        self._barred_since: float | None = None

    def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """See KeySource. Callers that know their key wait for nobody; one caller at a time fetches."""
        known = self._keys.find(kid, algorithm)
        if known is not None and self._is_recent():
            return known
        if not self._lock.acquire(blocking=known is None):
            return known
        try:
            return self._find_or_fetch(kid, algorithm)
        finally:
            self._lock.release()

    def _find_or_fetch(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        known = self._keys.find(kid, algorithm)  # perhaps another caller has just fetched it
        if (known is not None and self._is_recent()) or self._is_barred():
            return known
        is_first = self._fetched_at is None
        self._fetch()
        found = self._keys.find(kid, algorithm)
        if found is None or not is_first:
            self._barred_since = self._clock()
        return found

    def _fetch(self) -> None:
        try:
            self._keys = read_key_set(load(self._client), self._client.algorithms)
            self._fetched_at = self._clock()
        except KeysUnavailable as error:
            log.warning("keys of %s at %s: %s", self._client.name, self._client.jwks_url, error)

    def _is_recent(self) -> bool:
        return _is_within(self._fetched_at, self._clock(), KEEP_SECONDS)

    def _is_barred(self) -> bool:
        return _is_within(self._barred_since, self._clock(), self._refetch_seconds)


class KeyFile:
    """A JWKS in a file, read again when the file changes. A file that cannot be read holds no keys."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._keys = KeySet()
        self._read_as_of: _Stamp | None = _NEVER

    def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """See KeySource."""
        with self._lock:
            stamp = _stamp(self._client.jwks_file)
            if stamp != self._read_as_of:
                self._keys, self._read_as_of = self._read(), stamp
            return self._keys.find(kid, algorithm)

    def _read(self) -> KeySet:
        try:
            return read_key_set(load(self._client), self._client.algorithms)
        except KeysUnavailable as error:
            log.warning("keys of %s in %s: %s", self._client.name, self._client.jwks_file, error)
            return KeySet()


def _is_within(moment: float | None, now: float, seconds: float) -> bool:
    return moment is not None and 0 <= now - moment < seconds


def _stamp(path: Path | None) -> _Stamp | None:
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino) if status else None
