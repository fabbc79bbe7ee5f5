"""Reads in one batch: what a server is asked, when, with whose token, and that it brings what searches bring."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fhir_mappings.capabilities import MAX_STATEMENT_BYTES, Capabilities
from fhir_mappings.client import FhirClient
from fhir_mappings.known_servers import FAILED_SECONDS, KNOWN_SECONDS
from fhir_mappings.prefetch import CLINICAL, COVERAGE
from fhir_mappings.reads import DEADLINE_PASSED, TOO_LARGE, Access, Read
from tests.conftest import Json, searchset
from tests.faults.batch_ehr import METADATA, STATEMENT, BatchEhr, Watched, batching
from tests.faults.ehr import FAULTS, LASTING, MEGABYTE
from tests.fhir_mappings.building import condition, procedure
from tests.fhir_mappings.test_known_servers import Clock

TWO = {"conditions": ("Condition", "Condition?patient=p-1"), "procedures": ("Procedure", "Procedure?patient=p-1")}
SINGLY = ["GET /fhir/Condition?patient=p-1", "GET /fhir/Procedure?patient=p-1"]
QUESTION = f"GET {METADATA}"
TOGETHER = "POST /fhir"
CONDITION = condition("icd C22.0", id="c-1")
WAIT_SECONDS = 20


@pytest.fixture
def ehr() -> Iterator[BatchEhr]:
    with batching([CONDITION, procedure("cpt 47382", id="pr-1")]) as server:
        yield server


@pytest.fixture
def servers() -> Watched:
    return Watched()


@pytest.fixture
def client(servers: Watched) -> FhirClient:
    return FhirClient(servers=servers)


def ask(client: FhirClient, ehr: BatchEhr, queries: Any = TWO, token: str = "secret", seconds: float = 30) -> Any:
    return client.search_all(Access(ehr.base, token), queries, time.monotonic() + seconds)


def knows_batches(servers: Watched, ehr: BatchEhr) -> None:
    servers.learned(ehr.base, Capabilities(can_batch=True))


def test_the_first_call_asks_what_the_server_can_do_and_does_not_wait_for_it(
    ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    ehr.may_tell.clear()
    first = ask(client, ehr)
    assert [read.failure for read in first.values()] == ["", ""]
    assert ask(client, ehr) == first  # still not told
    ehr.may_tell.set()
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    assert ehr.told() == sorted([QUESTION, *SINGLY, *SINGLY])
    assert ask(client, ehr) == first
    assert ehr.told() == sorted([QUESTION, *SINGLY, *SINGLY, TOGETHER])
    assert ehr.batches()[0].urls == ("Condition?patient=p-1", "Procedure?patient=p-1")


def test_many_calls_at_a_time_ask_once(ehr: BatchEhr, servers: Watched, client: FhirClient) -> None:
    ehr.may_tell.clear()
    with ThreadPoolExecutor(8) as pool:
        reads = list(pool.map(lambda _: ask(client, ehr), range(24)))
    ehr.may_tell.set()
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    assert all(read.failure == "" for one in reads for read in one.values())
    assert ehr.told() == sorted([QUESTION, *SINGLY * 24])


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_does_not_tell_gets_the_searches_of_ever_and_one_question(
    name: str, ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    ehr.faults["metadata"] = FAULTS[name]
    ask(client, ehr, seconds=0.5 if name in LASTING else 30)
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    assert [read.failure for read in ask(client, ehr).values()] == ["", ""]
    assert ehr.told() == sorted([QUESTION, *SINGLY, *SINGLY])


def test_a_statement_beyond_all_size_is_none(ehr: BatchEhr, servers: Watched, client: FhirClient) -> None:
    ehr.statement = {**STATEMENT, "description": "x" * MAX_STATEMENT_BYTES}
    ask(client, ehr)
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    assert not servers.of(ehr.base).can_batch
    assert MAX_STATEMENT_BYTES > 4 * MEGABYTE


def test_a_server_whose_name_leads_elsewhere_is_not_asked_what_it_can_do(ehr: BatchEhr, servers: Watched) -> None:
    reads = ask(FhirClient(lambda host, address: False, servers=servers), ehr)
    assert all(read.failure for read in reads.values())
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    assert ehr.requests == []


@pytest.mark.parametrize("queries", [{}, {"conditions": TWO["conditions"]}], ids=["nothing", "one search"])
def test_a_single_search_is_sent_as_it_is_and_asks_nothing_more(
    ehr: BatchEhr, servers: Watched, client: FhirClient, queries: Any
) -> None:
    ask(client, ehr, queries)
    knows_batches(servers, ehr)
    ask(client, ehr, queries)
    assert ehr.told() == SINGLY[: len(queries)] * 2


def test_without_knowledge_of_servers_none_is_asked(ehr: BatchEhr) -> None:
    client = FhirClient()
    assert ask(client, ehr) == ask(client, ehr)
    assert ehr.told() == sorted(SINGLY * 2)


def test_what_a_server_can_do_is_asked_again_after_hours(ehr: BatchEhr) -> None:
    clock = Clock()
    servers = Watched(clock)
    client = FhirClient(servers=servers)
    for age in (0, KNOWN_SECONDS - 1, 1):
        clock.now += age
        ask(client, ehr)
        assert age > 1 or servers.heard.acquire(timeout=WAIT_SECONDS)
    assert ehr.told() == sorted([QUESTION, *SINGLY, TOGETHER, QUESTION, *SINGLY])


def test_a_server_that_did_not_tell_is_asked_again_after_minutes(ehr: BatchEhr) -> None:
    clock = Clock()
    servers = Watched(clock)
    client = FhirClient(servers=servers)
    ehr.faults["metadata"] = FAULTS["status-401"]
    for age in (0, FAILED_SECONDS):
        clock.now += age
        ask(client, ehr)
        assert servers.heard.acquire(timeout=WAIT_SECONDS)
    assert ehr.told() == sorted([QUESTION, *SINGLY] * 2)


def test_next_pages_among_the_searches_are_asked_for_at_their_own_url(
    ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    knows_batches(servers, ehr)
    reads = ask(client, ehr, {"devices": ("Device", f"{ehr.base}/Device?page=2"), **TWO})
    assert list(reads) == ["devices", *TWO]
    assert ehr.told() == ["GET /fhir/Device?page=2", TOGETHER]
    assert len(ehr.batches()[0].urls) == 2


def test_one_search_beside_next_pages_is_a_single_search(ehr: BatchEhr, servers: Watched, client: FhirClient) -> None:
    knows_batches(servers, ehr)
    ask(client, ehr, {"devices": ("Device", f"{ehr.base}/Device?page=2"), "conditions": TWO["conditions"]})
    assert ehr.told() == ["GET /fhir/Condition?patient=p-1", "GET /fhir/Device?page=2"]


def with_page(ehr: BatchEhr, link: str, number: int = 0) -> None:
    """Have the entry of a search lead to a next page, and that page hold one condition more."""
    more = condition("icd C22.0", id="c-2")
    ehr.faults["page2"] = lambda search, _: search.answer({**searchset(more), "total": 2})

    def led_on(answer: Json) -> Json:
        first = {**answer["entry"][number]["resource"], "total": 2, "link": [{"relation": "next", "url": link}]}
        answer["entry"][number]["resource"] = first
        return answer

    ehr.changed = led_on


@pytest.mark.parametrize("link", ["{base}/page2", "page2", "/fhir/page2"])
def test_pages_after_a_batch_are_followed_with_the_token(
    ehr: BatchEhr, servers: Watched, client: FhirClient, link: str
) -> None:
    knows_batches(servers, ehr)
    with_page(ehr, link.format(base=ehr.base))
    found = ask(client, ehr)["conditions"]
    assert (len(found.resources), found.failure) == (2, "")
    assert [one.place for one in found.resources] == [f"conditions page {n}.entry[0].resource" for n in (1, 2)]
    assert [(one.request, one.authorization) for one in ehr.requests] == [
        (TOGETHER, "Bearer secret"), ("GET /fhir/page2", "Bearer secret"),
    ]  # fmt: skip


def test_a_page_after_a_batch_that_is_elsewhere_is_not_asked_for(
    ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    knows_batches(servers, ehr)
    with_page(ehr, "http://127.0.0.2:9/fhir/page2")
    assert ask(client, ehr)["conditions"].failure == "the next page is on another server"


def test_fewer_resources_in_a_batch_than_counted_are_a_failed_read(
    ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    knows_batches(servers, ehr)
    ehr.changed = lambda answer: answer["entry"][0]["resource"].update(total=5) or answer
    assert ask(client, ehr)["conditions"].failure == "fewer resources came than the search counted"


def test_the_tokens_of_callers_never_mix(ehr: BatchEhr, servers: Watched, client: FhirClient) -> None:
    """Every request of a caller has that caller's token and patient; also when batches fail in between."""

    def call(number: int) -> None:
        queries = {key: (kind, f"{kind}?patient=p-{number}") for key, (kind, _) in TWO.items()}
        ask(client, ehr, queries, f"token-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(8)))
        assert servers.heard.acquire(timeout=WAIT_SECONDS)
        list(pool.map(call, range(8, 40)))
        ehr.met = FAULTS["status-503-html"]
        list(pool.map(call, range(40, 60)))
    asked = [(one.authorization, url) for one in ehr.requests for url in (*one.urls, one.request) if "?" in url]
    assert len(ehr.batches()) > 32
    assert {token.rpartition("-")[2] for token, _ in asked} == {str(number) for number in range(60)}
    assert [url for token, url in asked if not url.endswith(f"?patient=p-{token.rpartition('-')[2]}")] == []


def test_a_batch_gets_half_of_the_time_and_the_searches_the_rest_and_its_thread(
    ehr: BatchEhr, servers: Watched
) -> None:
    client = FhirClient(threads=1, servers=servers)
    knows_batches(servers, ehr)
    ehr.met = FAULTS["hangs"]
    assert [read.failure for read in ask(client, ehr, seconds=2).values()] == ["", ""]
    ask(client, ehr)
    assert ehr.told() == sorted([*SINGLY, *SINGLY, TOGETHER])


def test_after_the_deadline_nothing_is_asked_and_nothing_is_held_against_the_server(
    ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    knows_batches(servers, ehr)
    assert set(ask(client, ehr, seconds=-1).values()) == {Read(failure=DEADLINE_PASSED)}
    assert ehr.requests == []
    assert servers.of(ehr.base).can_batch


def test_a_server_slower_with_a_batch_than_with_searches_gets_none_for_a_while(
    ehr: BatchEhr, servers: Watched, client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_mappings.known_servers.WORTH_FACTOR", -1e6)  # whatever it takes, it is too slow
    ask(client, ehr)
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    for _ in range(2):
        ask(client, ehr)
    assert ehr.told() == sorted([QUESTION, *SINGLY, TOGETHER, *SINGLY])


def test_the_size_limit_is_for_all_that_a_batch_and_its_pages_bring(
    ehr: BatchEhr, servers: Watched, client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows_batches(servers, ehr)
    with_page(ehr, f"{ehr.base}/page2")
    monkeypatch.setattr("fhir_mappings.client.MAX_BYTES", 5000)
    ehr.faults["page2"] = lambda search, _: search.answer({**searchset(CONDITION), "note": "x" * 4500})
    found = ask(client, ehr)["conditions"]
    assert (len(found.resources), found.failure) == (1, TOO_LARGE)


def test_a_batch_too_large_as_a_whole_leaves_its_searches_all_the_bytes(
    ehr: BatchEhr, servers: Watched, client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows_batches(servers, ehr)
    ehr.changed = lambda answer: {**answer, "note": "x" * 10_000}
    monkeypatch.setattr("fhir_mappings.client.MAX_BYTES", 5000)
    assert [read.failure for read in ask(client, ehr).values()] == ["", ""]
    assert ehr.told() == sorted([*SINGLY, TOGETHER])


def test_CRDF21_CRD48_a_server_is_searched_by_the_names_it_lists(
    ehr: BatchEhr, servers: Watched, client: FhirClient
) -> None:
    (rest,) = STATEMENT["rest"]
    listed = [{"type": "Condition", "searchParam": [{"name": "subject", "type": "reference"}]}]
    ehr.statement = {**STATEMENT, "rest": [{**rest, "resource": listed}]}
    ask(client, ehr)
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    ask(client, ehr)
    ask(client, ehr, {"conditions": TWO["conditions"]})
    assert ehr.batches()[0].urls == ("Condition?subject=Patient/p-1", "Procedure?patient=p-1")
    assert "Condition?subject=Patient/p-1" in ehr.searches()
    servers.distrust(ehr.base)
    ask(client, ehr, {"next": ("Condition", f"{ehr.base}/Condition?patient=p-1&page=2"), **TWO})
    assert "Condition?patient=p-1&page=2" in ehr.searches()  # its own words stay


def test_a_mistake_of_ours_in_a_batch_costs_neither_call_nor_read(
    ehr: BatchEhr, servers: Watched, client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows_batches(servers, ehr)
    monkeypatch.setattr("fhir_mappings.client.read_answers", None)
    assert [read.failure for read in ask(client, ehr).values()] == ["", ""]


def test_a_mistake_of_ours_in_a_statement_costs_nothing_and_is_asked_no_more(
    ehr: BatchEhr, servers: Watched, client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_mappings.client.read_statement", None)
    ask(client, ehr)
    assert servers.heard.acquire(timeout=WAIT_SECONDS)
    ask(client, ehr)
    assert ehr.told() == sorted([QUESTION, *SINGLY, *SINGLY])


def test_the_whole_record_is_one_request(ehr: BatchEhr, servers: Watched, client: FhirClient) -> None:
    knows_batches(servers, ehr)
    queries = {s.key: (s.resource_type, s.query("p-1")) for s in (COVERAGE, *CLINICAL)}
    assert list(ask(client, ehr, queries)) == list(queries)
    assert ehr.told() == [TOGETHER]
    assert list(ehr.batches()[0].urls) == [query for _, query in queries.values()]
