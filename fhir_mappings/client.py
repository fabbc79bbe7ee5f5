"""Reads from the EHR's FHIR server: searches in parallel, pages followed, one deadline; and writes of one resource.

The only use of requests."""

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

import msgspec
import requests
from urllib3.exceptions import HTTPError

from fhir_mappings.bundles import Arrival, Page, read_page
from fhir_mappings.elements import local_reference
from fhir_mappings.record import RawResource

MAX_PAGES: Final = 50
MAX_BYTES: Final = 64 * 1024 * 1024
DEADLINE_PASSED: Final = "the deadline passed"
_CHUNK_BYTES: Final = 64 * 1024
_WRITTEN: Final = frozenset({200, 201})
_NOT_OFFERED: Final = frozenset({400, 401, 403, 404, 405, 410, 501})


@dataclass(frozen=True, slots=True)
class Access:
    """One hook call's right to read: the server, already checked against the allowed ones, and the token."""

    base_url: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a search came to: its resources, and when it is not complete, why."""

    resources: tuple[RawResource, ...] = ()
    failure: str = ""
    is_not_offered: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a resource came to: where it is, as `Type/id`, as far as the server says; why it failed."""

    reference: str = ""
    failure: str = ""


class FhirClient:
    """Pooled connections and threads, shared by all calls; tokens and patients live in arguments only."""

    def __init__(self, threads: int = 16) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="fhir-read")
        self._session = requests.Session()
        adapter = requests.adapters.HTTPAdapter(pool_connections=threads, pool_maxsize=threads * 2)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.trust_env = False  # no proxy or netrc of the machine may see a patient's token

    def search_all(self, access: Access, queries: Mapping[str, tuple[str, str]], deadline: float) -> dict[str, Read]:
        """Run searches side by side until the deadline (time.monotonic()).

        `queries` maps a key to the resource type and either a query or the URL of a next page. A search that
        is not done in time is a failed read.
        """
        running: dict[str, Future[Read]] = {
            key: self._threads.submit(copy_context().run, self._search, access, kind, query, key, deadline)
            for key, (kind, query) in queries.items()
        }
        wait(running.values(), timeout=max(0.0, deadline - time.monotonic()))
        return {key: _result(future) for key, future in running.items()}

    def create(self, access: Access, resource: Mapping[str, Any], identifier: str, seconds: float) -> Written:
        """Create a resource once: what has this identifier (`system|value`) already is left as it is."""
        url = f"{access.base_url}/{resource['resourceType']}"
        headers = {
            "Accept": "application/fhir+json",
            "Content-Type": "application/fhir+json",
            "If-None-Exist": f"identifier={quote(identifier, safe='')}",
            "Authorization": f"Bearer {access.token}",
        }
        body = msgspec.json.encode(resource)
        try:
            with self._session.post(
                url, data=body, headers=headers, timeout=seconds, allow_redirects=False, stream=True
            ) as answer:
                if answer.status_code not in _WRITTEN:
                    return Written(failure=f"HTTP status {answer.status_code}")
                return Written(local_reference(answer.headers.get("Location", "")))
        except (requests.RequestException, HTTPError) as error:
            return Written(failure=type(error).__name__)

    def _search(self, access: Access, kind: str, query: str, key: str, deadline: float) -> Read:
        url = query if _is_absolute(query) else f"{access.base_url}/{query}"
        found: list[RawResource] = []
        size = counted = 0
        for number in range(MAX_PAGES):
            if not same_origin(url, access.base_url):
                return Read(tuple(found), "the next page is on another server")
            answer = self._get(access, url, deadline, MAX_BYTES - size)
            if isinstance(answer, Read):
                return Read(tuple(found), answer.failure, answer.is_not_offered and number == 0)
            size += len(answer)
            page = read_page(answer, kind, f"{key} page {number + 1}")
            found += page.resources
            counted += page.counted
            if not page.next_url:
                is_whole = _is_absolute(query) or counted >= (page.total or 0)  # a next page counts all pages
                return Read(tuple(found), "" if is_whole and page.arrival is Arrival.PARTIAL else _why(page))
            url = _joined(url, page.next_url)
        return Read(tuple(found), f"the search has more than {MAX_PAGES} pages")

    def _get(self, access: Access, url: str, deadline: float, most_bytes: int) -> bytes | Read:
        left = deadline - time.monotonic()
        if left <= 0:
            return Read(failure=DEADLINE_PASSED)
        headers = {"Accept": "application/fhir+json"}
        if access.token:
            headers["Authorization"] = f"Bearer {access.token}"
        try:
            with self._session.get(url, headers=headers, timeout=left, allow_redirects=False, stream=True) as response:
                if response.status_code != 200:
                    status = response.status_code
                    return Read(failure=f"HTTP status {status}", is_not_offered=status in _NOT_OFFERED)
                return _body(response, deadline, most_bytes)
        except (requests.RequestException, HTTPError) as error:
            return Read(failure=type(error).__name__)


def _joined(url: str, next_url: str) -> str:
    try:
        return urljoin(url, next_url)
    except ValueError:
        return ""


def _body(response: requests.Response, deadline: float, most_bytes: int) -> bytes | Read:
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(_CHUNK_BYTES, decode_content=True):  # what has arrived, so that a drip ends too
        size += len(part)
        if size > most_bytes:
            return Read(failure="the answer is too large")
        if time.monotonic() > deadline:
            return Read(failure=DEADLINE_PASSED)
        parts.append(part)
    return b"".join(parts)


def _result(future: Future[Read]) -> Read:
    if not future.done():
        future.cancel()
        return Read(failure=DEADLINE_PASSED)
    return future.result()


def _why(page: Page) -> str:
    return {
        Arrival.COMPLETE: "",
        Arrival.PARTIAL: "fewer resources came than the search counted",
        Arrival.FAILED: "the server reported an error",
        Arrival.MALFORMED: "the answer is not a FHIR Bundle",
    }[page.arrival]


def _is_absolute(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def same_origin(url: str, base_url: str) -> bool:
    """Whether two URLs share scheme, host and port."""
    return _origin(url) == _origin(base_url) != ("", "", None)


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port; blanks for what is no URL, which then equals no allowed server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", "", None
    default = {"https": 443, "http": 80}.get(parts.scheme.lower())
    return parts.scheme.lower(), (parts.hostname or "").lower(), port or default


def is_allowed(url: str, allowed: tuple[str, ...]) -> bool:
    """Whether a FHIR base URL is one of those the service may read: the same origin and the same path."""
    if _origin(url) == ("", "", None):
        return False
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username:
        return False
    return any(same_origin(url, base) and parts.path.rstrip("/") == urlsplit(base).path.rstrip("/") for base in allowed)
