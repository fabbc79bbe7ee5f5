"""More calls than can be answered: those beyond the limit are told so at once, the others are answered as ever."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.coverage_check import check_orders
from cds_service.operations.load import limit_calls
from cds_service.settings import Settings
from tests.conformance.wire import assert_explained, example, outcomes
from tests.conftest import EHR, EMPTY_RECORD, TODAY, hook_call, order
from tests.faults.conftest import counted

SIGN = "/cds-services/order-sign-crd"
MOST = 3


class Rooms:
    """Calls that stay until they are let go."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.open = threading.Event()

    def stay(self, *_: Any) -> None:
        self.inside.release()
        assert self.open.wait(20)


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    made = Rooms()
    yield made
    made.open.set()


@pytest.fixture
def service(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The service with a small limit, whose first calls stay until they are let go."""
    app = create_app(Settings(auth="off", today=TODAY, fhir_servers=(EHR,), max_calls_in_flight=MOST))
    numbers = count()

    def slow(*given: Any) -> Any:
        if next(numbers) < MOST:
            rooms.stay()
        return check_orders(*given)

    monkeypatch.setattr("cds_service.views.check_orders", slow)
    return app.test_client()


def call(service: FlaskClient) -> Any:
    return service.application.test_client().post(SIGN, json=hook_call(order("0686T"), prefetch=EMPTY_RECORD))


def test_a_call_beyond_the_limit_is_told_to_come_again(service: FlaskClient, rooms: Rooms) -> None:
    with ThreadPoolExecutor(MOST) as clinicians:
        answers = [clinicians.submit(call, service) for _ in range(MOST)]
        assert all(rooms.inside.acquire(timeout=20) for _ in answers)
        refused = call(service)
        assert "too many calls" in assert_explained(refused, 503)
        assert refused.headers["Retry-After"] == "1"
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert service.get("/health").status_code == 200
        assert service.get("/cds-services").status_code == 200
        rooms.open.set()
        assert [outcomes(answer.result(20)) for answer in answers] == [["not-covered"]] * MOST
    assert outcomes(call(service)) == ["not-covered"]
    assert counted(service, "calls_total", "503") == 1


@pytest.mark.parametrize("body", [{}, example("hcc-covered")], ids=["a refused call", "an answered call"])
def test_a_place_is_free_again_however_the_call_ends(body: Any) -> None:
    service = create_app(Settings(auth="off", today=TODAY, max_calls_in_flight=1)).test_client()
    assert len({service.post(SIGN, json=body).status_code for _ in range(3)}) == 1


def test_a_place_is_free_again_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    service = create_app(Settings(auth="off", today=TODAY, max_calls_in_flight=1)).test_client()
    with monkeypatch.context() as broken:
        broken.setattr("cds_service.views.check_orders", None)
        assert [call(service).status_code for _ in range(2)] == [500, 500]
    assert outcomes(call(service)) == ["not-covered"]


def test_only_calls_take_places() -> None:
    app = Flask("load")
    limit_calls(app, 1, endpoint="call")
    nested: list[int] = []

    def other() -> Response:
        return Response(status=204)

    def meanwhile() -> Response:
        with ThreadPoolExecutor(1) as others:
            nested.extend(others.map(lambda ask: ask(app.test_client()).status_code, ASKED))
        return Response(status=200)

    app.add_url_rule("/other", "other", other, methods=["GET", "POST"])
    app.add_url_rule("/call", "call", meanwhile, methods=["POST"])
    assert app.test_client().post("/call").status_code == 200
    assert nested == [204, 204, 503]


ASKED: list[Callable[[FlaskClient], Any]] = [
    lambda client: client.get("/other"),
    lambda client: client.post("/other"),
    lambda client: client.post("/call"),
]
