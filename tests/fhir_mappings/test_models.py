"""The FHIR resources the service builds itself."""

from typing import Any

import pytest

from fhir_mappings.models import operation_outcome, service_request, task

ORDER: dict[str, Any] = {
    "status": "draft", "intent": "order", "subject": {"reference": "Patient/p1"}, "authoredOn": "2026-11-24",
}  # fmt: skip


def test_an_operation_outcome_says_what_is_wrong_and_where() -> None:
    assert operation_outcome("required", "expected a reference to Patient", "$.context.patientId") == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "details": {"text": "expected a reference to Patient"},
                "diagnostics": "$.context.patientId: expected a reference to Patient",
                "expression": ["$.context.patientId"],
            }
        ],
    }


def test_without_a_place_it_names_none() -> None:
    (issue,) = operation_outcome("not-found", "no such service")["issue"]
    assert issue["diagnostics"] == "no such service"
    assert "expression" not in issue


def test_an_order_is_built_of_its_elements() -> None:
    assert service_request(ORDER) == {"resourceType": "ServiceRequest", **ORDER}
    built = task({"status": "ready", "intent": "order"})
    assert built == {"resourceType": "Task", "status": "ready", "intent": "order"}


@pytest.mark.parametrize("odd", [
    {"reasonCode": "x"}, {"insurance": [{}]}, {"priority": " "}, {"authoredOn": "yesterday"},
    {"encounter": {"reference": 5}}, {"bodySite": [{"text": ""}]}, {"unknown": 1},
])  # fmt: skip
def test_what_is_no_fhir_or_says_nothing_is_not_handed_on(odd: dict[str, Any]) -> None:
    assert service_request({**ORDER, **odd}) is None
