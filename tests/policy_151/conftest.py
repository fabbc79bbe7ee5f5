"""The service as an EHR calls it, and the table's answers, computed once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.policy_151.patients import TODAY, Facts, Json, request_of
from tests.policy_151.table import Case, cases

Determinations = dict[str, Json]
Ask = Callable[[Json], Determinations]


@pytest.fixture(scope="session")
def service() -> FlaskClient:
    return create_app(Settings(auth="off", today=date(TODAY.year, TODAY.month, TODAY.day))).test_client()


def determinations(service: FlaskClient, body: Json) -> Determinations:
    """The determinations of an order-sign call, by the order they judge."""
    answer = service.post("/cds-services/order-sign-crd", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = [card["extension"]["coverage-hooks.determination"] for card in answer.get_json()["cards"]
             if "coverage-hooks.determination" in card.get("extension", {})]  # fmt: skip
    return {one["order"]: one for one in found}


@pytest.fixture(scope="session")
def ask(service: FlaskClient) -> Ask:
    return lambda body: determinations(service, body)


@pytest.fixture(scope="session")
def judge(ask: Ask) -> Callable[[Facts], Determinations]:
    """Judge a patient of whom some facts hold."""
    return lambda facts: ask(request_of(facts))


@pytest.fixture(scope="session")
def judged(judge: Callable[[Facts], Determinations]) -> list[tuple[Case, Determinations]]:
    """Every row of the table with what the service says of it."""
    return [(case, judge(case.facts)) for case in cases()]


def only(found: Determinations) -> dict[str, Any]:
    """The determination of a call with one order in scope."""
    assert len(found) == 1, f"expected one determination, got {sorted(found)}"
    return next(iter(found.values()))
