"""Between the service and the EHR: names, connections, and what one search might leave behind for the next."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.faults.conftest import SHORT_SECONDS, SIGN, call, counted, outcomes, reading
from tests.faults.ehr import FAULTS, FaultyEhr, running

NAMED = "https://ehr.hospital.example/fhir"


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Let names be looked up by a function; it hangs no longer than the test."""
    real, over = socket.getaddrinfo, threading.Event()

    def by(look_up: Any) -> None:
        def resolve(host: str, *more: Any, **named: Any) -> Any:
            return look_up(over) if host.endswith(".example") else real(host, *more, **named)

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

    yield by
    over.set()


def unknown(_: threading.Event) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def hanging(over: threading.Event) -> Any:
    over.wait(20)
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def inside(_: threading.Event) -> Any:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]


@pytest.mark.parametrize(
    ("look_up", "seconds", "result", "why"),
    [
        pytest.param(unknown, 30, "failed", "the name cannot be resolved", id="unknown"),
        pytest.param(hanging, SHORT_SECONDS, "deadline", "the deadline passed", id="no answer"),
        pytest.param(inside, 30, "failed", "the name leads to an address that may not be reached", id="private"),
    ],
)
def test_a_name_that_leads_nowhere_leaves_the_order_undetermined(
    look_up: Any, seconds: float, result: str, why: str, name_server: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch, ehr: FaultyEhr, logged: Callable[[], str],
) -> None:  # fmt: skip
    monkeypatch.setenv("COVERAGE_HOOKS_ALLOW_PRIVATE_ADDRESSES", "false")
    name_server(look_up)
    service = reading(ehr, seconds, fhir_servers=(NAMED,))
    answer = service.post(SIGN, json=call(ehr, fhirServer=NAMED))
    assert outcomes(answer) == ["undetermined"]
    assert f"Condition was not read: {why}" in answer.get_data(as_text=True)
    assert counted(service, "fhir_reads_total", result) > 0
    assert "hospital" not in logged()


def test_a_server_that_is_not_there_leaves_the_order_undetermined(ehr: FaultyEhr) -> None:
    with running([]) as gone:
        pass
    service = reading(gone)
    assert outcomes(service.post(SIGN, json=call(gone))) == ["undetermined"]
    assert counted(service, "fhir_reads_total", "failed") > 0


def test_a_server_without_the_tls_it_is_asked_for_leaves_the_order_undetermined(ehr: FaultyEhr) -> None:
    secured = ehr.base.replace("http:", "https:")
    service = reading(ehr, fhir_servers=(secured,))
    assert outcomes(service.post(SIGN, json=call(ehr, fhirServer=secured))) == ["undetermined"]
    assert ehr.asked == []


@pytest.mark.parametrize("name", ["longer-than-told", "cut-off", "reset-in-body", "status-503-html"])
def test_nothing_of_a_fault_is_left_for_the_next_call(name: str, ehr: FaultyEhr) -> None:
    """All patients' calls share connections: one that may hold the rest of an answer is not used again."""
    service = reading(ehr)
    ehr.faults["*"] = FAULTS[name]
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["undetermined"]
    ehr.faults.clear()
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["covered"]


def test_no_session_of_one_call_is_carried_into_the_next(ehr: FaultyEhr, service: FlaskClient) -> None:
    ehr.faults["*"] = lambda search, kind: search.answer(b"", 500, Set_Cookie="session=of-the-first; Path=/")
    service.post(SIGN, json=call(ehr))
    ehr.faults.clear()
    service.post(SIGN, json=call(ehr))
    assert set(ehr.cookies) == {""}


def test_headers_nobody_can_read_cost_no_answer_and_tell_nothing(
    ehr: FaultyEhr, service: FlaskClient, logged: Callable[[], str]
) -> None:
    """urllib3 logs the URL of a search whose headers are malformed, and the URL has the patient's id."""
    ehr.faults["*"] = lambda search, kind: search.answer(b"{}", X_First="a\r\n : b")
    assert outcomes(service.post(SIGN, json=call(ehr))) == ["undetermined"]
    assert "liver-1" not in logged()
