"""What many tests share: the service on a fixed day, and the smallest request that reaches a determination."""

import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.cards.coverage import DETERMINATION
from cds_service.demo_ehr.situations import patient_bundles
from cds_service.operations.logs import JsonFormatter
from cds_service.settings import Settings
from tests.answer_rules import faults

# Before any app is made: a record of answers of this run's own, and EHRs that exist in stubs only.
os.environ.setdefault("COVERAGE_HOOKS_DATABASE_URL", f"sqlite:///{tempfile.mkdtemp(prefix='coverage-hooks-')}/test.db")
os.environ.setdefault("COVERAGE_HOOKS_ALLOW_PRIVATE_ADDRESSES", "true")

TODAY = date(2026, 11, 24)
EHR = "https://ehr.example/fhir"
CPT = "http://www.ama-assn.org/go/cpt"

Json = dict[str, Any]
AppClient = Callable[[Flask], FlaskClient]

SECRETS = ("secret-token", "very-secret", "access_token", "eyJ", "W123456789")
"""What tests use as access tokens and member numbers, and how a signed token begins."""


def identifying_words() -> set[str]:
    """Names, identifiers and birth dates of every patient the tests sign orders for, and tokens."""
    found = set(SECRETS)
    for bundle in patient_bundles():
        for patient in (e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient"):
            found |= {patient.get("birthDate", ""), *(i.get("value", "") for i in patient.get("identifier", []))}
            found |= {part for name in patient.get("name", []) for part in (name["family"], *name.get("given", []))}
    return {word for word in found if len(word) > 2}


@pytest.fixture(scope="session", autouse=True)
def logs_hold_no_patient() -> Iterator[None]:
    """All that is logged while the whole suite runs, as it would be written, searched in the end."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Kept()
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    told = "\n".join(lines)
    assert [word for word in identifying_words() if word in told] == []


@pytest.fixture(scope="session", autouse=True)
def every_answer_keeps_the_rules() -> Iterator[None]:
    """Each answer of a hook that any test gets from the service is held against the rules of answers."""
    plain = FlaskClient.open

    def opened(self: FlaskClient, *args: Any, **more: Any) -> Any:
        answer = plain(self, *args, **more)
        called = re.fullmatch(r"/+cds-services/+([a-z-]+)/*", answer.request.path)
        if called and answer.request.method == "POST" and answer.status_code == 200:
            assert faults(called[1], _asked(more), json.loads(answer.get_data())) == []
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FlaskClient, "open", opened)
        yield


def _asked(sent: Json) -> Any:
    """The body of a request as a test gave it to the client."""
    return sent["json"] if "json" in sent else json.loads(sent["data"])


@pytest.fixture(scope="session", autouse=True)
def statements_keep_the_guides_invariants() -> Iterator[None]:
    """Every coverage statement made while the whole suite runs, held in the end against the guide's own FHIRPath."""
    from tests.crd.emitted import Emitted  # noqa: PLC0415 - it is built on what is here

    emitted = Emitted()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cds_service.crd.rendering.check", emitted.checked)
        yield
    assert emitted.broken() == {}


@pytest.fixture
def app_client() -> Iterator[AppClient]:
    """Takes the apps a test makes, gives a client of each, and closes their databases in the end."""
    apps: list[Flask] = []

    def client_of(app: Flask) -> FlaskClient:
        apps.append(app)
        return app.test_client()

    yield client_of
    for app in apps:
        app.extensions["record of answers"].engine.dispose()


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    """The service, allowed to read one EHR."""
    return create_app(Settings(auth="off", today=TODAY, fhir_servers=(EHR,))).test_client()


def order(code: str = "47382", system: str = CPT, **more: Any) -> Json:
    """A draft ServiceRequest for patient p1."""
    return {
        "resourceType": "ServiceRequest",
        "id": "sr-1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": system, "code": code}]},
        **more,
    }


def searchset(*resources: Json) -> Json:
    """A search answer with these matches."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"resource": resource} for resource in resources],
    }


def hook_call(*orders: Json, prefetch: Json | None = None, **more: Any) -> Json:
    """An order-sign request for patient p1."""
    body: Json = {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/dr-1",
            "patientId": "p1",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": o} for o in orders]},
        },
        **more,
    }
    return body if prefetch is None else {**body, "prefetch": prefetch}


EMPTY_RECORD: Json = {"conditions": searchset(), "observations": searchset(), "procedures": searchset()}


@pytest.fixture
def sign(client: FlaskClient) -> Callable[..., Any]:
    """Post a request and return the response."""

    def post(body: Json, **more: Any) -> Any:
        return client.post("/cds-services/order-sign-crd", json=body, **more)

    return post


def determinations(response: Any) -> list[Json]:
    """The determinations of the coverage cards that came back."""
    return [card["extension"][DETERMINATION] for card in coverage_cards(response)]


def cards_on(topic: str, response: Any) -> list[Json]:
    """The cards of one topic that came back."""
    assert response.status_code == 200, response.get_data(as_text=True)
    return [card for card in response.get_json()["cards"] if card["source"]["topic"]["code"] == topic]


def coverage_cards(response: Any) -> list[Json]:
    """The coverage cards that came back: one for each order a policy addresses."""
    found = cards_on("guideline", response)
    assert all(DETERMINATION in card["extension"] for card in found)
    return found
