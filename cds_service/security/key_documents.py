"""Reads a client's JWKS as bytes, from its registered URL or file and from nowhere else. Bounded in time and size."""

import time
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from cds_service.security.clients import Client
from cds_service.security.key_sets import KeysUnavailable
from cds_service.settings import is_loopback

TIMEOUT_SECONDS: Final = 5.0
MAX_BYTES: Final = 1_000_000
_CHUNK_BYTES: Final = 64 * 1024
_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}


def load(client: Client) -> bytes:
    """A client's JWKS as it is now. Raises KeysUnavailable."""
    if client.jwks_file is None:
        return fetch(client.jwks_url)
    try:
        with client.jwks_file.open("rb") as file:
            return _bounded(file.read(MAX_BYTES + 1))
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
            with session.get(
                url, headers=_HEADERS, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as response:
                return _body(response, deadline)
    except (requests.RequestException, HTTPError) as error:
        raise KeysUnavailable(type(error).__name__) from None


def is_fetchable(url: str) -> bool:
    """Whether keys may be read from a URL: https, or http on this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def _body(response: requests.Response, deadline: float) -> bytes:
    if response.status_code != 200:
        raise KeysUnavailable(f"HTTP status {response.status_code}")
    document = b""
    while part := response.raw.read1(_CHUNK_BYTES, decode_content=True):  # what has arrived, so that a drip ends too
        document = _bounded(document + part)
        if time.monotonic() > deadline:
            raise KeysUnavailable(f"not complete after {TIMEOUT_SECONDS:g} seconds")
    return document


def _bounded(document: bytes) -> bytes:
    if len(document) > MAX_BYTES:
        raise KeysUnavailable(f"larger than {MAX_BYTES} bytes")
    return document
