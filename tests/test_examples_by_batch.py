"""Every example without its prefetch: read in one batch or by searches, the answer is the same."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from cds_service import create_app
from cds_service.demo_ehr import Situation, demo_ehr_blueprint, load_situations, load_store
from cds_service.settings import Settings
from examples.record import FOLDER, TODAY, answer_to
from tests.conftest import Json
from tests.faults.batch_ehr import Watched

SITUATIONS = load_situations(TODAY)


@dataclass
class Served:
    """The demonstration EHR on loopback, and what it was asked."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def ehr() -> Iterator[Served]:
    app, served = Flask("EHR"), Served()
    app.register_blueprint(demo_ehr_blueprint(load_store(TODAY)))
    app.before_request(lambda: served.asked.append(f"{request.method} {request.path}"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    served.url = f"http://127.0.0.1:{server.port}/demo/fhir"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


def reading(ehr: Served, **more: Any) -> FlaskClient:
    return create_app(Settings(auth="off", today=TODAY, fhir_servers=(ehr.url,), **more)).test_client()


@pytest.fixture(scope="module")
def by_searches(ehr: Served) -> FlaskClient:
    return reading(ehr, fhir_batch=False)


@pytest.fixture(scope="module")
def by_batch(ehr: Served) -> FlaskClient:
    """The service, once it has been told what the EHR can do."""
    servers = Watched()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cds_service.KnownServers", lambda **_: servers)
        service = reading(ehr)
    answer_to(asking(ehr, SITUATIONS[0]), service)
    assert servers.heard.acquire(timeout=20)
    return service


def asking(ehr: Served, situation: Situation) -> Json:
    body = json.loads((FOLDER / situation.id / "request.json").read_text("utf-8"))
    del body["prefetch"]
    return {**body, "fhirServer": ehr.url}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_an_answer_is_the_same_by_batch_as_by_searches(
    situation: Situation, ehr: Served, by_searches: FlaskClient, by_batch: FlaskClient
) -> None:
    ehr.asked.clear()
    one_by_one = answer_to(asking(ehr, situation), by_searches)
    searches = list(ehr.asked)
    assert [line for line in searches if not line.startswith("GET") or "metadata" in line] == []
    ehr.asked.clear()
    assert answer_to(asking(ehr, situation), by_batch) == one_by_one
    assert ehr.asked == (["POST /demo/fhir"] if len(searches) > 1 else searches)
