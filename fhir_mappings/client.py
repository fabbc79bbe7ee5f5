"""Reads from the EHR's FHIR server: searches in parallel, pages followed, one deadline; and writes of one resource."""

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

import msgspec
import requests
from urllib3 import Timeout
from urllib3.exceptions import MaxRetryError

from fhir_mappings.addresses import AddressRefused, MayReach, Resolver, Unresolved
from fhir_mappings.bundles import Arrival, Page, read_page
from fhir_mappings.connections import VettedAdapter
from fhir_mappings.elements import local_reference
from fhir_mappings.record import RawResource

log = logging.getLogger(__name__)

MAX_PAGES: Final = 50
MAX_BYTES: Final = 32 * 1024 * 1024
"""What all searches of one call may bring together; as much as a request body may by default."""
MAX_SEARCH_BYTES: Final = MAX_BYTES // 2
"""What one of them may: it does not cost the others theirs."""
DEADLINE_PASSED: Final = "the deadline passed"
TOO_LARGE: Final = "the answer is too large"
_CHUNK_BYTES: Final = 64 * 1024
_WRITTEN: Final = frozenset({200, 201})
_NOT_OFFERED: Final = frozenset({404, 405, 410, 501})
_REFUSED: Final = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class Access:
    """One hook call's right to read: the server, already checked against the allowed ones, and the token."""

    base_url: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a search came to: its resources, and when it is not complete, why.

    Not offered: the server has nothing of this type. Refused: it may have, and does not let us search it.
    """

    resources: tuple[RawResource, ...] = ()
    failure: str = ""
    is_not_offered: bool = False
    is_refused: bool = False


class _Allowance:
    """What the searches of one call may take together: time and bytes."""

    def __init__(self, deadline: float, most_bytes: int) -> None:
        self.deadline = deadline
        self._bytes_left = most_bytes
        self._lock = threading.Lock()

    def seconds(self) -> float:
        return self.deadline - time.monotonic()

    def grants(self, size: int) -> bool:
        with self._lock:
            self._bytes_left -= size
            return self._bytes_left >= 0


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a resource came to: where it is, as `Type/id`, as far as the server says; why it failed."""

    reference: str = ""
    failure: str = ""


class FhirClient:
    """Pooled connections and threads, shared by all calls; tokens and patients live in arguments only.

    `may_reach` says which addresses a server's name may lead to; it is asked whenever a connection is made.
    """

    def __init__(self, may_reach: MayReach = lambda host, address: True, threads: int = 16) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="fhir-read")
        self._session = requests.Session()
        adapter = VettedAdapter(Resolver(may_reach), threads)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.trust_env = False  # no proxy or netrc of the machine may see a patient's token
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # nor one call another's session

    def search_all(self, access: Access, queries: Mapping[str, tuple[str, str]], deadline: float) -> dict[str, Read]:
        """Run searches side by side until the deadline (time.monotonic()).

        `queries` maps a key to the resource type and either a query or the URL of a next page. A search that
        is not done in time is a failed read.
        """
        allowance = _Allowance(deadline, MAX_BYTES)
        running: dict[str, Future[Read]] = {
            key: self._threads.submit(copy_context().run, self._search, access, kind, query, key, allowance)
            for key, (kind, query) in queries.items()
        }
        wait(running.values(), timeout=max(0.0, allowance.seconds()))
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
        body, timeout = msgspec.json.encode(resource), _total(seconds)
        try:
            with self._session.post(
                url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True
            ) as answer:
                if answer.status_code not in _WRITTEN:
                    return Written(failure=f"HTTP status {answer.status_code}")
                return Written(local_reference(answer.headers.get("Location", "")))
        except requests.RequestException as error:
            return Written(failure=type(error).__name__)

    def _search(self, access: Access, kind: str, query: str, key: str, allowance: _Allowance) -> Read:
        url = query if _is_absolute(query) else f"{access.base_url}/{query}"
        found: list[RawResource] = []
        size = counted = 0
        asked: set[str] = set()
        while len(asked) < MAX_PAGES:
            if not same_origin(url, access.base_url):
                return Read(tuple(found), "the next page is on another server")
            if url in asked:
                return Read(tuple(found), "the pages lead in a circle")
            asked.add(url)
            answer = self._get(access, url, allowance, MAX_SEARCH_BYTES - size)
            if isinstance(answer, Read):
                return answer if len(asked) == 1 else Read(tuple(found), answer.failure)
            size += len(answer)
            page = read_page(answer, kind, f"{key} page {len(asked)}")
            found += page.resources
            counted += page.counted
            if not page.next_url:
                is_whole = _is_absolute(query) or counted >= (page.total or 0)  # a next page counts all pages
                return Read(tuple(found), "" if is_whole and page.arrival is Arrival.PARTIAL else _why(page))
            url = _joined(url, page.next_url)
        return Read(tuple(found), f"the search has more than {MAX_PAGES} pages")

    def _get(self, access: Access, url: str, allowance: _Allowance, most_bytes: int) -> bytes | Read:
        left = allowance.seconds()
        if left <= 0:
            return Read(failure=DEADLINE_PASSED)
        headers = {"Accept": "application/fhir+json", "Accept-Encoding": "gzip"}
        if access.token:
            headers["Authorization"] = f"Bearer {access.token}"
        try:
            with self._session.get(
                url, headers=headers, timeout=_total(left), allow_redirects=False, stream=True
            ) as response:
                if response.status_code != 200:
                    return _declined(response.status_code)
                return _body(response, allowance, most_bytes)
        except requests.RequestException as error:
            return Read(failure=_reason(error, allowance))


def _total(seconds: float) -> Any:
    """A time for all of a request together. requests takes it, its types do not know."""
    return Timeout(total=seconds)


def _declined(status: int) -> Read:
    return Read((), f"HTTP status {status}", status in _NOT_OFFERED, status in _REFUSED)


def _reason(error: requests.RequestException, allowance: _Allowance) -> str:
    """Why a read failed, in words that name no address: a timeout is always what was left until the deadline."""
    if isinstance(error, requests.Timeout) or allowance.seconds() <= 0:
        return DEADLINE_PASSED
    retried = error.args[0] if error.args else None
    cause = retried.reason.__cause__ if isinstance(retried, MaxRetryError) and retried.reason else None
    return str(cause) if isinstance(cause, AddressRefused | Unresolved) else type(error).__name__


def _joined(url: str, next_url: str) -> str:
    try:
        return urljoin(url, next_url)
    except ValueError:
        return ""


def _body(response: requests.Response, allowance: _Allowance, most_bytes: int) -> bytes | Read:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(_CHUNK_BYTES):
        size += len(part)
        if size > most_bytes or not allowance.grants(len(part)):
            return Read(failure=TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


def _result(future: Future[Read]) -> Read:
    if not future.done():
        future.cancel()
        return Read(failure=DEADLINE_PASSED)
    error = future.exception()
    if error is not None:  # a mistake of ours costs the read, never the call
        log.error("a read failed with an unexpected %s", type(error).__name__)
        return Read(failure="it could not be read")
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
