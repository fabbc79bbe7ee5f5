"""The service beside an EHR that fails, with short deadlines, and what it counted and logged meanwhile."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from cds_service import create_app
from cds_service.settings import Settings
from tests.conftest import TODAY, Json, determinations, identifying_words
from tests.faults.ehr import FaultyEhr, running
from tests.policy_151.patients import Facts, chart_of, orders_of, request_body

SHORT_SECONDS: Final = 0.5
ENOUGH_SECONDS: Final = 2.5
"""Deadlines that are waited for; in the longer one all that does not fail is read, also on a busy machine."""
SIGN: Final = "/cds-services/order-sign-crd"
COVERED: Final[Facts] = {
    "ecog": 1, "liver_reserve_adequate": True, "child_pugh": "A", "line_of_business": "commercial", "tumor": "hcc",
    "confirmed": "imaging", "resection_feasible": False, "accessible": True, "count": 1, "sizes_mm": [50],
    "all_foci_amenable": True, "complete_ablation_goal": True,
}  # fmt: skip
LISTED: Final[Facts] = {**COVERED, "sizes_mm": [70], "transplant": "listed", "bridge": True}
"""Covered by the transplant path alone: whoever overlooks the form would deny for the size."""
TOO_LARGE: Final[Facts] = {**COVERED, "sizes_mm": [70]}

Start = Callable[..., FlaskClient]


@pytest.fixture
def ehr() -> Iterator[FaultyEhr]:
    with running(chart_of(COVERED).resources) as server:
        yield server


@pytest.fixture
def service(ehr: FaultyEhr) -> FlaskClient:
    return reading(ehr)


def reading(ehr: FaultyEhr, seconds: float = 30, **more: Any) -> FlaskClient:
    """The service, allowed to read this EHR; its deadline matters only where it is waited for."""
    settings = {"fhir_servers": (ehr.base,), "fhir_deadline_seconds": seconds, **more}
    return create_app(Settings(auth="off", today=TODAY, **settings)).test_client()


def call(ehr: FaultyEhr, facts: Facts = COVERED, **more: Any) -> Json:
    """An order of an ablation for the patient, all of whose record is to be read."""
    grant = {"access_token": "very-secret", "token_type": "Bearer"}
    body = request_body(orders_of(facts, chart_of(facts)), None)
    return {**body, "fhirServer": ehr.base, "fhirAuthorization": grant, **more}


def outcomes(answer: Any) -> list[str]:
    """The outcome of each order of a good answer."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    return [one["outcome"] for one in determinations(answer)]


def counted(service: FlaskClient, name: str, *labels: str) -> float:
    """The sum of a counter's samples that have these label values."""
    families = text_string_to_metric_families(service.get("/metrics").get_data(as_text=True))
    samples = [s for family in families for s in family.samples if s.name == f"coverage_hooks_{name}"]
    return sum(s.value for s in samples if set(labels) <= set(s.labels.values()))


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What the service logged, as it would stand in the log of a deployment; nothing of a patient is in it."""

    def read() -> str:
        text = capsys.readouterr().err
        assert all(json.loads(line) for line in text.splitlines())
        assert [word for word in (*identifying_words(), "liver-1", "Patient/") if word in text] == []
        return text

    return read
