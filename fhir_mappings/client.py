"""Reads from the EHR's FHIR server: searches in parallel, pages followed, one deadline; and writes of one resource."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, Final

from fhir_mappings.addresses import MayReach
from fhir_mappings.bundles import Arrival, Page, read_page
from fhir_mappings.origins import is_absolute, joined, same_origin
from fhir_mappings.reads import DEADLINE_PASSED, Access, Allowance, Read
from fhir_mappings.record import RawResource
from fhir_mappings.requesting import FhirSession, Written

log = logging.getLogger(__name__)

MAX_PAGES: Final = 50
MAX_BYTES: Final = 32 * 1024 * 1024
"""What all searches of one call may bring together; as much as a request body may by default."""
MAX_SEARCH_BYTES: Final = MAX_BYTES // 2
"""What one of them may: it does not cost the others theirs."""


class FhirClient:
    """Pooled connections and threads, shared by all calls; tokens and patients live in arguments only.

    `may_reach` says which addresses a server's name may lead to; it is asked whenever a connection is made.
    """

    def __init__(self, may_reach: MayReach = lambda host, address: True, threads: int = 16) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="fhir-read")
        self._session = FhirSession(may_reach, threads)

    def search_all(self, access: Access, queries: Mapping[str, tuple[str, str]], deadline: float) -> dict[str, Read]:
        """Run searches side by side until the deadline (time.monotonic()).

        `queries` maps a key to the resource type and either a query or the URL of a next page. A search that
        is not done in time is a failed read.
        """
        allowance = Allowance(deadline, MAX_BYTES)
        running: dict[str, Future[Read]] = {
            key: self._threads.submit(copy_context().run, self._search, access, kind, query, key, allowance)
            for key, (kind, query) in queries.items()
        }
        wait(running.values(), timeout=max(0.0, allowance.seconds()))
        return {key: _result(future) for key, future in running.items()}

    def create(self, access: Access, resource: Mapping[str, Any], identifier: str, seconds: float) -> Written:
        """Create a resource once: what has this identifier (`system|value`) already is left as it is."""
        return self._session.create(access, resource, identifier, seconds)

    def _search(self, access: Access, kind: str, query: str, key: str, allowance: Allowance) -> Read:
        url = query if is_absolute(query) else f"{access.base_url}/{query}"
        found: list[RawResource] = []
        size = counted = 0
        asked: set[str] = set()
        while len(asked) < MAX_PAGES:
            if not same_origin(url, access.base_url):
                return Read(tuple(found), "the next page is on another server")
            if url in asked:
                return Read(tuple(found), "the pages lead in a circle")
            asked.add(url)
            answer = self._session.fetch(access, url, allowance, MAX_SEARCH_BYTES - size)
            if isinstance(answer, Read):
                return answer if len(asked) == 1 else Read(tuple(found), answer.failure)
            size += len(answer)
            page = read_page(answer, kind, f"{key} page {len(asked)}")
            found += page.resources
            counted += page.counted
            if not page.next_url:
                is_whole = is_absolute(query) or counted >= (page.total or 0)  # a next page counts all pages
                return Read(tuple(found), "" if is_whole and page.arrival is Arrival.PARTIAL else _why(page))
            url = joined(url, page.next_url)
        return Read(tuple(found), f"the search has more than {MAX_PAGES} pages")


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
