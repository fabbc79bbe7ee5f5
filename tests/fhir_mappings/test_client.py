"""Reads from the EHR's FHIR server: token, paging, what is never followed, and every way to fail."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
import requests
import responses

from fhir_mappings.client import FhirClient
from fhir_mappings.paging import MAX_PAGES
from fhir_mappings.reads import DEADLINE_PASSED, Access, Read
from tests.crd.slow_ehr import SlowEhr, running
from tests.fhir_mappings.building import condition

BASE = "https://ehr.example/fhir"
QUERY = "Condition?patient=pat-1"
URL = f"{BASE}/Condition"


@pytest.fixture
def ehr() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture(scope="module")
def client() -> FhirClient:
    return FhirClient(threads=4)


@pytest.fixture
def search(client: FhirClient) -> Callable[..., Read]:
    def run(query: str = QUERY, token: str = "", seconds: float = 30) -> Read:
        deadline = time.monotonic() + seconds
        return client.search_all(Access(BASE, token), {"conditions": ("Condition", query)}, deadline)["conditions"]

    return run


def page(*ids: str, next_url: str = "", total: int | None = None) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": condition("icd C22.0", id=one)} for one in ids],
    }
    if next_url:
        whole["link"] = [{"relation": "next", "url": next_url}]
    return whole if total is None else whole | {"total": total}


def ids_of(read: Read) -> list[str]:
    return [json.loads(bytes(r.text))["id"] for r in read.resources]


def test_a_search_brings_its_matches(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page("1", "2", total=2))
    read = search()
    assert (ids_of(read), read.failure, read.is_not_offered) == (["1", "2"], "", False)
    assert ehr.calls[0].request.url == f"{BASE}/{QUERY}"


def test_the_token_of_the_call_is_sent_and_json_is_asked_for(
    ehr: responses.RequestsMock, search: Callable[..., Read]
) -> None:
    ehr.get(URL, json=page())
    search(token="secret")
    assert ehr.calls[0].request.headers["Authorization"] == "Bearer secret"
    assert ehr.calls[0].request.headers["Accept"] == "application/fhir+json"


def test_without_a_token_no_authorization_is_sent(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page())
    search()
    assert "Authorization" not in ehr.calls[0].request.headers


def test_a_token_is_not_remembered_for_the_next_call(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page())
    search(token="secret")
    search()
    assert "Authorization" not in ehr.calls[1].request.headers


@pytest.mark.parametrize(
    "next_url", [f"{BASE}/Condition?page=2", "/fhir/Condition?page=2", "?page=2"],
    ids=["absolute", "from the root", "only a query"],
)  # fmt: skip
def test_pages_are_followed_with_the_token(
    ehr: responses.RequestsMock, search: Callable[..., Read], next_url: str
) -> None:
    ehr.get(
        URL, json=page("1", next_url=next_url), match=[responses.matchers.query_param_matcher({"patient": "pat-1"})]
    )
    ehr.get(URL, json=page("2"), match=[responses.matchers.query_param_matcher({"page": "2"})])
    read = search(token="secret")
    assert (ids_of(read), read.failure) == (["1", "2"], "")
    assert ehr.calls[1].request.headers["Authorization"] == "Bearer secret"


def test_the_total_is_of_the_whole_search_not_of_its_last_page(
    ehr: responses.RequestsMock, search: Callable[..., Read]
) -> None:
    ehr.get(URL, json=page("1", "2", next_url=f"{BASE}/page2", total=3))
    ehr.get(f"{BASE}/page2", json=page("3", total=3))
    read = search()
    assert (ids_of(read), read.failure) == (["1", "2", "3"], "")


def test_fewer_resources_on_all_pages_than_counted_are_a_failed_read(
    ehr: responses.RequestsMock, search: Callable[..., Read]
) -> None:
    ehr.get(URL, json=page("1", "2", next_url=f"{BASE}/page2", total=4))
    ehr.get(f"{BASE}/page2", json=page("3", total=4))
    read = search()
    assert (ids_of(read), read.failure) == (["1", "2", "3"], "fewer resources came than the search counted")


def test_fewer_resources_than_counted_are_a_failed_read(
    ehr: responses.RequestsMock, search: Callable[..., Read]
) -> None:
    ehr.get(URL, json=page("1", total=2))
    read = search()
    assert (ids_of(read), read.failure) == (["1"], "fewer resources came than the search counted")


@pytest.mark.parametrize(
    "next_url",
    [
        "https://evil.example/fhir/Condition?page=2",
        "http://ehr.example/fhir/Condition?page=2",
        "https://ehr.example:8443/fhir/Condition",
        "https://ehr.example@evil.example/",
        "//evil.example/x",
        "https://ehr.example.evil.example/fhir",
        "ftp://ehr.example/fhir",
        "https://ehr.example:port/fhir",
    ],
    ids=[
        "another host",
        "without TLS",
        "another port",
        "a name as user",
        "no scheme",
        "a longer host",
        "ftp",
        "no port",
    ],
)
def test_a_next_page_on_another_server_is_refused_and_nothing_is_sent_there(
    ehr: responses.RequestsMock, search: Callable[..., Read], next_url: str
) -> None:
    ehr.get(URL, json=page("1", next_url=next_url))
    read = search(token="secret")
    assert (ids_of(read), read.failure) == (["1"], "the next page is on another server")
    assert len(ehr.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(ehr: responses.RequestsMock, search: Callable[..., Read], status: int) -> None:
    ehr.get(URL, status=status, headers={"Location": "https://evil.example/"})
    ehr.get("https://evil.example/", json=page("1"))
    assert search(token="secret") == Read(failure=f"HTTP status {status}")
    assert len(ehr.calls) == 1


def test_pages_without_end_stop_at_the_limit(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    numbers = count(2)

    def another(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        return 200, {}, json.dumps(page("1", next_url=f"{BASE}/Condition?page={next(numbers)}"))

    ehr.add_callback(responses.GET, URL, callback=another)
    read = search()
    assert read.failure == f"the search has more than {MAX_PAGES} pages"
    assert len(ehr.calls) == MAX_PAGES


def test_pages_that_lead_back_are_not_read_again(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page("1", next_url=f"{BASE}/page2"))
    ehr.get(f"{BASE}/page2", json=page("2", next_url=f"{BASE}/{QUERY}"))
    read = search()
    assert (ids_of(read), read.failure) == (["1", "2"], "the pages lead in a circle")
    assert len(ehr.calls) == 2


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_a_type_this_server_does_not_offer(
    ehr: responses.RequestsMock, search: Callable[..., Read], status: int
) -> None:
    ehr.get(URL, status=status)
    assert search() == Read(failure=f"HTTP status {status}", is_not_offered=True)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_type_this_server_may_have_and_does_not_let_us_search(
    ehr: responses.RequestsMock, search: Callable[..., Read], status: int
) -> None:
    ehr.get(URL, status=status)
    assert search() == Read(failure=f"HTTP status {status}", is_refused=True)


@pytest.mark.parametrize("status", [201, 204, 206, 304, 408, 409, 422, 429, 500, 502, 503, 504])
def test_any_other_status_is_a_failed_read(
    ehr: responses.RequestsMock, search: Callable[..., Read], status: int
) -> None:
    ehr.get(URL, status=status, json=page("1") if status not in (204, 304) else None)
    assert search() == Read(failure=f"HTTP status {status}")


def test_a_later_page_that_is_not_found_is_a_failed_read_of_a_type_that_is_offered(
    ehr: responses.RequestsMock, search: Callable[..., Read]
) -> None:
    ehr.get(URL, json=page("1", next_url=f"{BASE}/page2"))
    ehr.get(f"{BASE}/page2", status=404)
    read = search()
    assert (ids_of(read), read.failure, read.is_not_offered) == (["1"], "HTTP status 404", False)


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError("x"),
        requests.exceptions.SSLError("x"),
        requests.exceptions.ChunkedEncodingError("x"),
        requests.exceptions.InvalidURL("x"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_a_network_error_is_a_failed_read_named_by_its_kind_alone(
    ehr: responses.RequestsMock, search: Callable[..., Read], error: Exception
) -> None:
    ehr.get(URL, body=error)
    assert search() == Read(failure=type(error).__name__)


@pytest.mark.parametrize("error", [requests.ConnectTimeout("x"), requests.ReadTimeout("x")])
def test_a_timeout_is_the_deadline(ehr: responses.RequestsMock, search: Callable[..., Read], error: Exception) -> None:
    ehr.get(URL, body=error)
    assert search() == Read(failure=DEADLINE_PASSED)


def test_after_the_deadline_nothing_is_asked(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page("1"))
    assert search(seconds=-1) == Read(failure="the deadline passed")
    assert len(ehr.calls) == 0


def test_a_search_that_is_not_done_in_time_is_a_failed_read_and_the_others_are_kept(
    ehr: responses.RequestsMock, client: FhirClient
) -> None:
    asserted, answered = threading.Event(), threading.Event()

    def slow(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        asserted.wait(30)
        answered.set()
        return 200, {}, json.dumps(page("1"))

    ehr.add_callback(responses.GET, URL, callback=slow)
    ehr.get(f"{BASE}/Procedure", json={"resourceType": "Bundle"})
    queries = {"conditions": ("Condition", QUERY), "procedures": ("Procedure", "Procedure?patient=pat-1")}
    found = client.search_all(Access(BASE), queries, time.monotonic() + 1)
    assert found["conditions"] == Read(failure="the deadline passed")
    assert found["procedures"] == Read()
    asserted.set()
    assert answered.wait(30)  # the slow answer must not outlive the mock


def test_an_answer_that_drips_holds_no_thread_beyond_the_deadline() -> None:
    """Threads are shared by all clients: one EHR that drips must not use them up."""
    held = {"Condition": [[condition("icd C22.0", id="1")]]}
    with running(SlowEhr(held, 0, drips=True)) as dripping, running(SlowEhr(held, 0)) as prompt:
        one = FhirClient(threads=1)
        reads = [
            one.search_all(Access(ehr.url), {"conditions": ("Condition", QUERY)}, time.monotonic() + seconds)
            for ehr, seconds in ((dripping, 0.5), (prompt, 5))
        ]
    assert [read["conditions"].failure for read in reads] == [DEADLINE_PASSED, ""]


@pytest.mark.parametrize("head", ["Content-Length: 50\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n9\r\n{"])
def test_an_answer_that_breaks_off_is_a_failed_read(head: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        pool.submit(break_off, server, f"HTTP/1.1 200 OK\r\n{head}".encode())
        access = Access(f"http://127.0.0.1:{server.getsockname()[1]}/fhir")
        read = FhirClient(threads=1).search_all(access, {"c": ("Condition", QUERY)}, time.monotonic() + 10)["c"]
    assert read.failure not in ("", DEADLINE_PASSED)


def break_off(server: socket.socket, answer: bytes) -> None:
    """Answer one request with this much, then hang up."""
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        pytest.param(b"<html>login</html>", "the answer is not a FHIR Bundle", id="a login page"),
        pytest.param(b"", "the answer is not a FHIR Bundle", id="nothing"),
        pytest.param(b'{"resourceType": "Patient"}', "the answer is not a FHIR Bundle", id="another resource"),
        pytest.param(b'{"resourceType": "Bundle", "entry": [', "the answer is not a FHIR Bundle", id="cut off"),
        pytest.param(b'{"resourceType": "OperationOutcome"}', "the server reported an error", id="an OperationOutcome"),
        pytest.param(
            b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "OperationOutcome", '
            b'"issue": [{"severity": "error"}]}}]}',
            "the server reported an error",
            id="an error among the entries",
        ),
    ],
)
def test_an_answer_that_is_no_search_result_is_a_failed_read(
    ehr: responses.RequestsMock, search: Callable[..., Read], body: bytes, failure: str
) -> None:
    ehr.get(URL, body=body)
    assert search() == Read(failure=failure)


def test_an_answer_that_is_too_large_is_cut_off(
    ehr: responses.RequestsMock, search: Callable[..., Read], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_mappings.client.MAX_BYTES", 100)
    ehr.get(URL, json=page("1"))
    assert search() == Read(failure="the answer is too large")


def test_the_size_limit_is_for_all_pages_together(
    ehr: responses.RequestsMock, search: Callable[..., Read], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = page("1", next_url=f"{BASE}/page2")
    monkeypatch.setattr("fhir_mappings.client.MAX_BYTES", int(len(json.dumps(one)) * 1.5))
    ehr.get(URL, json=one)
    ehr.get(f"{BASE}/page2", json=one)
    read = search()
    assert (ids_of(read), read.failure) == (["1"], "the answer is too large")


def test_the_size_limit_is_for_all_searches_of_a_call_together(
    ehr: responses.RequestsMock, client: FhirClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_mappings.client.MAX_BYTES", int(len(json.dumps(page("1"))) * 1.5))
    ehr.get(URL, json=page("1"))
    queries = dict.fromkeys(("one", "another"), ("Condition", QUERY))
    found = client.search_all(Access(BASE), queries, time.monotonic() + 30)
    assert sorted(read.failure for read in found.values()) == ["", "the answer is too large"]


def test_a_session_of_one_call_is_not_carried_into_the_next(
    ehr: responses.RequestsMock, search: Callable[..., Read]
) -> None:
    ehr.get(URL, json=page(), headers={"Set-Cookie": "session=of-the-first; Path=/"})
    search()
    search()
    assert "Cookie" not in ehr.calls[1].request.headers


def test_a_mistake_of_ours_costs_the_read_and_not_the_call(
    ehr: responses.RequestsMock, search: Callable[..., Read], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_mappings.paging.read_page", None)
    ehr.get(URL, json=page("1"))
    assert search() == Read(failure="it could not be read")


def test_the_place_of_a_resource_names_key_and_page(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page("1"))
    assert search().resources[0].place == "conditions page 1.entry[0].resource"


def test_a_query_may_be_the_url_of_a_next_page(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(f"{BASE}/page2", json=page("2"))
    assert ids_of(search(f"{BASE}/page2")) == ["2"]
    assert search("https://evil.example/page2") == Read(failure="the next page is on another server")


def test_a_next_link_that_is_no_url_is_a_failed_read(ehr: responses.RequestsMock, search: Callable[..., Read]) -> None:
    ehr.get(URL, json=page("1", next_url="https://[ehr.example/fhir"))
    assert search().failure
