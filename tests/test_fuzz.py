"""Requests nobody meant to send: valid ones with pieces replaced, removed, wrapped. No 5xx, no HTML, no denial."""

import contextlib
import copy
import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service import create_app
from cds_service.settings import Settings
from examples.record import FOLDER
from tests.conftest import coverage_cards, determinations, searchset

REQUESTS = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*/request.json"))]
COVERED = json.loads((FOLDER / "hcc-covered" / "request.json").read_text("utf-8"))
SUGGESTING = [
    json.loads((FOLDER / name / "request.json").read_text("utf-8"))
    for name in ("hcc-no-child-pugh", "crc-unproven-confinement", "histotripsy-alternative")
]
ODD: list[Any] = [
    None, "", 0, -1, 1e308, True, False, [], {}, [[]], {"a": None}, "x" * 300, "2026-13-45", "Patient/", "#",
    "urn:uuid:", [None], {"coding": [{}]}, {"coding": "x"}, {"reference": 5}, 10**400, "\u200b", "\u0663", "C22.0",
]  # fmt: skip


@pytest.fixture(scope="module")
def service() -> FlaskClient:
    return create_app(Settings(auth="off", today=date(2026, 11, 24))).test_client()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        below = [found for key, inner in value.items() for found in places(inner, (*path, key))]
    elif isinstance(value, list):
        below = [found for index, inner in enumerate(value) for found in places(inner, (*path, index))]
    return [path, *below] if path else below


def break_one(body: Any, path: tuple[Any, ...], how: str, odd: Any) -> None:
    holder = body
    for step in path[:-1]:
        holder = holder[step]
    if how == "remove":
        del holder[path[-1]]
    else:
        holder[path[-1]] = copy.deepcopy(odd) if how == "replace" else [holder[path[-1]]]


@st.composite
def broken(draw: st.DrawFn, requests: list[Any]) -> Any:
    body = copy.deepcopy(draw(st.sampled_from(requests)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(body)))
        break_one(body, path, draw(st.sampled_from(["replace", "remove", "wrap"])), draw(st.sampled_from(ODD)))
    return body


BOUNDED = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@BOUNDED
@given(body=broken(REQUESTS))
def test_a_malformed_request_is_answered_or_refused_in_json(service: FlaskClient, body: Any) -> None:
    answer = service.post("/cds-services/order-sign-crd", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in (200, 400, 412)
    assert answer.is_json
    assert isinstance(answer.get_json().get("cards", []), list)


COVERAGE = {
    "resourceType": "Coverage", "id": "c1", "status": "active", "order": 1, "period": {"start": "2026-01-01"},
    "beneficiary": {"reference": "Patient/p1"}, "payor": [{"display": "a plan", "reference": "Organization/1"}],
}  # fmt: skip
ENCOUNTER = {
    "hook": "encounter-start", "hookInstance": "h-1",
    "context": {"userId": "Practitioner/1", "patientId": "p1", "encounterId": "e-1"},
    "prefetch": {"coverage": searchset(COVERAGE, {**COVERAGE, "id": "c2"})},
    "extension": {"davinci-crd.configuration": {"insurance": True, "max-cards": 3}},
}  # fmt: skip


@BOUNDED
@given(body=broken([ENCOUNTER]))
def test_a_malformed_encounter_is_answered_or_refused_in_json(service: FlaskClient, body: Any) -> None:
    answer = service.post("/cds-services/encounter-start-crd", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in (200, 400, 412)
    assert answer.is_json


@BOUNDED
@given(data=st.data())
def test_an_odd_order_costs_a_suggestion_at_most(service: FlaskClient, data: st.DataObject) -> None:
    """Pieces of orders that suggestions are made from are replaced; the coverage card is there all the same."""
    body = copy.deepcopy(data.draw(st.sampled_from(SUGGESTING)))
    draft = body["context"]["draftOrders"]["entry"][0]["resource"]
    paths = [path for path in places(draft) if path[0] not in ("resourceType", "status", "code", "subject", "id")]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths))
        with contextlib.suppress(KeyError, IndexError, TypeError):  # the place went with an earlier one
            break_one(draft, path, data.draw(st.sampled_from(["replace", "wrap"])), data.draw(st.sampled_from(ODD)))
    answer = service.post("/cds-services/order-sign-crd", data=json.dumps(body), content_type="application/json")
    assert len(coverage_cards(answer)) == 1


@BOUNDED
@given(text=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_bytes_that_are_no_request_are_refused(service: FlaskClient, text: bytes) -> None:
    answer = service.post("/cds-services/order-sign-crd", data=text, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["resourceType"] == "OperationOutcome"


@BOUNDED
@given(data=st.data())
def test_a_record_with_pieces_missing_never_denies_what_it_would_cover(
    service: FlaskClient, data: st.DataObject
) -> None:
    """Contract section 5: never not-covered from missing data. Elements are removed, nothing is said anew."""
    body = copy.deepcopy(COVERED)
    prefetch = body["prefetch"]
    for _ in range(data.draw(st.integers(1, 4))):
        paths = [path for path in places(prefetch) if len(path) > 3]
        break_one(prefetch, data.draw(st.sampled_from(paths)), "remove", None)
    answer = service.post("/cds-services/order-sign-crd", data=json.dumps(body), content_type="application/json")
    assert "not-covered" not in [found["outcome"] for found in determinations(answer)]
