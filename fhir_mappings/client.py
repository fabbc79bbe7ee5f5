"""Reads from the EHR's FHIR server: searches in parallel or in one batch, one deadline; and writes of one resource."""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, Final

from fhir_mappings.addresses import MayReach
from fhir_mappings.capabilities import MAX_STATEMENT_BYTES, Capabilities, read_statement
from fhir_mappings.known_servers import KnownServers
from fhir_mappings.origins import is_absolute
from fhir_mappings.paging import Arrived, read_pages
from fhir_mappings.reads import DEADLINE_PASSED, Access, Allowance, Query, Read
from fhir_mappings.requesting import FhirSession, Written
from fhir_mappings.search_batch import batch_of, read_answers

log = logging.getLogger(__name__)

MAX_BYTES: Final = 32 * 1024 * 1024
"""What all searches of one call may bring together; as much as a request body may by default."""


class FhirClient:
    """Pooled connections and threads, shared by all calls; tokens and patients live in arguments only.

    `may_reach` says which addresses a server's name may lead to; it is asked whenever a connection is made. `servers`
    is what is known of servers, for all calls; by default none is asked what it can do, and none gets a batch.
    """

    def __init__(
        self,
        may_reach: MayReach = lambda host, address: True,
        threads: int = 16,
        servers: KnownServers | None = None,
    ) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="fhir-read")
        self._questions = ThreadPoolExecutor(2, thread_name_prefix="fhir-metadata")  # they take no search's thread
        self._session = FhirSession(may_reach, threads)
        self._servers = servers or KnownServers(may_ask=False)

    def search_all(self, access: Access, queries: Mapping[str, tuple[str, str]], deadline: float) -> dict[str, Read]:
        """Run searches until the deadline (time.monotonic()): in one batch where the server takes it, or side by side.

        `queries` maps a key to the resource type and either a query or the URL of a next page. A search that
        is not done in time is a failed read.
        """
        began, allowance = time.monotonic(), Allowance(deadline, MAX_BYTES)
        said = self._servers.of(access.base_url)
        asked = [_worded(said, key, *query) for key, query in queries.items()]
        several = _several(asked)
        together = several if said.can_batch else ()
        running = {query.key: self._begin(access, query, allowance) for query in asked if query not in together}
        if several:
            self._ask_what_it_can_do(access, deadline)
        firsts = self._in_one(access, together, said, allowance)
        running |= {query.key: self._begin(access, query, allowance, firsts.get(query.key)) for query in together}
        late = wait(running.values(), timeout=max(0.0, allowance.seconds())).not_done
        if several and not together and not late:
            self._servers.took_side_by_side(access.base_url, time.monotonic() - began)
        return {query.key: _result(running[query.key]) for query in asked}

    def create(self, access: Access, resource: Mapping[str, Any], identifier: str, seconds: float) -> Written:
        """Create a resource once: what has this identifier (`system|value`) already is left as it is."""
        return self._session.create(access, resource, identifier, seconds)

    def _begin(
        self, access: Access, query: Query, allowance: Allowance, first: Arrived | Read | None = None
    ) -> Future[Read]:
        run = copy_context().run
        return self._threads.submit(run, read_pages, self._session, access, query, allowance, first)

    def _in_one(
        self, access: Access, queries: Sequence[Query], said: Capabilities, allowance: Allowance
    ) -> dict[str, Arrived | Read]:
        """What one batch brings of these searches, in half of the time that is left at most: the other half is theirs.

        Where it brings nothing, the server gets no batch for a while.
        """
        began, left = time.monotonic(), allowance.seconds()
        if not queries or left <= 0:
            return {}
        half = Allowance(began + left / 2, MAX_BYTES)
        batch = self._threads.submit(copy_context().run, self._batch, access, queries, said, half)
        batch.add_done_callback(_log_mistake)
        wait([batch], timeout=left / 2)
        answers = batch.result() if batch.done() and not batch.exception() else {}
        if answers:
            self._servers.took_together(access.base_url, time.monotonic() - began)
        else:
            self._servers.distrust(access.base_url)
        return answers

    def _batch(
        self, access: Access, queries: Sequence[Query], said: Capabilities, allowance: Allowance
    ) -> dict[str, Arrived | Read]:
        answer = self._session.fetch(access, access.base_url, allowance, MAX_BYTES, batch_of(queries))
        return {} if isinstance(answer, Read) else read_answers(answer, queries, said)

    def _ask_what_it_can_do(self, access: Access, deadline: float) -> None:
        """Have a server asked that is not known, once. It gets the time of this call, which does not wait for it."""
        if self._servers.takes_question(access.base_url):
            self._questions.submit(self._learn, access, deadline).add_done_callback(_log_mistake)

    def _learn(self, access: Access, deadline: float) -> None:
        said = None
        try:
            allowance = Allowance(deadline, MAX_STATEMENT_BYTES)
            answer = self._session.fetch(access, f"{access.base_url}/metadata", allowance, MAX_STATEMENT_BYTES)
            said = None if isinstance(answer, Read) else read_statement(answer)
        finally:
            self._servers.learned(access.base_url, said)


def _worded(said: Capabilities, key: str, kind: str, text: str) -> Query:
    return Query(key, kind, text if is_absolute(text) else said.worded(kind, text))


def _several(asked: Sequence[Query]) -> tuple[Query, ...]:
    """The searches a batch would be worth it for: not a single one, and no next page, which is the server's own URL."""
    own = tuple(query for query in asked if not is_absolute(query.text))
    return own if len(own) > 1 else ()


def _result(future: Future[Read]) -> Read:
    if not future.done():
        future.cancel()
        return Read(failure=DEADLINE_PASSED)
    if future.exception():
        _log_mistake(future)
        return Read(failure="it could not be read")
    return future.result()


def _log_mistake(future: Future[Any]) -> None:
    """A mistake of ours costs the read, never the call."""
    error = None if future.cancelled() else future.exception()
    if error is not None:
        log.error("a read failed with an unexpected %s", type(error).__name__)
