"""Where a client's keys come from: its published JWKS, or a file. A token never says where to look."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import jwt
import requests
from urllib3.exceptions import HTTPError

from cds_service.security.clients import Client
from cds_service.security.key_sets import KeysUnavailable, KeySet, read_key_set
from cds_service.settings import is_loopback

TIMEOUT_SECONDS: Final = 5.0
MAX_BYTES: Final = 1_000_000
KEEP_SECONDS: Final = 3600  # a key the client has withdrawn is trusted no longer than this
_CHUNK_BYTES: Final = 64 * 1024

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
        self._read_when: tuple[int, int] | None = None

    def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """See KeySource."""
        changed = _last_changed(self._client.jwks_file)
        with self._lock:
            if changed is None or changed != self._read_when:
                self._keys, self._read_when = self._read(), changed
            return self._keys.find(kid, algorithm)

    def _read(self) -> KeySet:
        try:
            return read_key_set(load(self._client), self._client.algorithms)
        except KeysUnavailable as error:
            log.warning("keys of %s in %s: %s", self._client.name, self._client.jwks_file, error)
            return KeySet()


def load(client: Client) -> bytes:
    """A client's JWKS as it is now. Raises KeysUnavailable."""
    if client.jwks_file is None:
        return fetch(client.jwks_url)
    try:
        with client.jwks_file.open("rb") as file:
            return _joined(iter((file.read(MAX_BYTES + 1),)), time.monotonic() + TIMEOUT_SECONDS)
    except OSError as error:
        raise KeysUnavailable(error.strerror or type(error).__name__) from None


def fetch(url: str) -> bytes:
    """What is at a URL: one GET, no redirects, no proxy or netrc of the machine. Raises KeysUnavailable."""
    if not is_fetchable(url):
        raise KeysUnavailable("must be https; plain http is accepted on loopback only")
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as response:
                if response.status_code != 200:
                    raise KeysUnavailable(f"HTTP status {response.status_code}")
                return _joined(_arriving(response), deadline)
    except (requests.RequestException, HTTPError) as error:
        raise KeysUnavailable(type(error).__name__) from None


def is_fetchable(url: str) -> bool:
    """Whether keys may be read from a URL: https, or http on this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def _arriving(response: requests.Response) -> Iterator[bytes]:
    while part := response.raw.read1(_CHUNK_BYTES, decode_content=True):  # as it arrives: a drip meets the deadline
        yield part


def _joined(parts: Iterator[bytes], deadline: float) -> bytes:
    document = b""
    for part in parts:
        document += part
        if len(document) > MAX_BYTES:
            raise KeysUnavailable(f"larger than {MAX_BYTES} bytes")
        if time.monotonic() > deadline:
            raise KeysUnavailable(f"not complete after {TIMEOUT_SECONDS:g} seconds")
    return document


def _is_within(moment: float | None, now: float, seconds: float) -> bool:
    return moment is not None and 0 <= now - moment < seconds


def _last_changed(path: Path | None) -> tuple[int, int] | None:
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size) if status else None
