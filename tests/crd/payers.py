"""A payer with plans of its own, a Coverage of its, and how what is stated over HTTP is read."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Json, order
from tests.crd.calls import V2_0, V2_2, actions
from tests.crd.test_answering import call

PLAIN: Json = {}
CLIENTS = pytest.mark.parametrize("extension", [V2_0, V2_2, PLAIN], ids=["2.0", "2.2", "plain"])
MEMBER = "W123456789"
SELF = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "self"}]}
COVERAGE: Json = {
    "resourceType": "Coverage", "id": "c1", "status": "active", "beneficiary": {"reference": "Patient/p1"},
    "payor": [{"display": "Northlake"}], "class": [{"value": "PPO-1"}], "subscriberId": MEMBER,
    "relationship": SELF,
}  # fmt: skip
PAYER: Json = {
    "id": "northlake", "label": "Northlake Health Plan", "identifiers": ["Northlake"],
    "plans": [{"id": "PPO-1", "line_of_business": "commercial"}, {"id": "HMO-2", "line_of_business": "commercial"}],
    "url": "https://northlake.example", "logo": "https://northlake.example/logo.png", "statement_valid_days": 90,
    "contact": {"name": "Utilization review", "phone": "+1-555-0142"},
    "authorizations": [
        {"code": "47382", "pa": "auth-needed"}, {"code": "47382", "pa": "no-auth", "plan": "HMO-2"},
        {"code": "99213", "pa": "no-auth"}, {"code": "47383", "pa": "performpa"},
    ],
}  # fmt: skip

Start = Callable[..., FlaskClient]


def stated(answer: Any) -> dict[str, list[Any]]:
    """What the one updated order states, by the names of the parts."""
    (action,) = actions(answer)
    extension = action["resource"]["extension"][-1]["extension"]
    said: dict[str, list[Any]] = {}
    for part in extension:
        said.setdefault(part["url"], []).extend(v for name, v in part.items() if name.startswith("value"))
    return said


def codes(said: dict[str, list[Any]]) -> list[str]:
    return [coding["code"] for reason in said["reason"] for coding in reason.get("coding", [])]


def signed(*, code: str = "47382", coverage: Json | None = None, extension: Json = V2_2, **more: Any) -> Json:
    return call(order(code, **more), coverages=(COVERAGE | (coverage or {}),), extension=extension)
