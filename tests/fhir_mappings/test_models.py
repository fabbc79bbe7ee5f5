"""The FHIR resources the service builds itself."""

from fhir_mappings.models import operation_outcome


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
