"""FHIR resources this service builds. The only use of fhir.resources, in R4B: the same as R4 for these types."""

from typing import Any

from fhir.resources.R4B.operationoutcome import OperationOutcome


def operation_outcome(issue: str, message: str, place: str = "") -> dict[str, Any]:
    """An OperationOutcome with one error: its FHIR issue code, what is wrong, and where as a JSON path."""
    details: dict[str, Any] = {
        "severity": "error",
        "code": issue,
        "details": {"text": message},
        "diagnostics": f"{place}: {message}" if place else message,
    }
    if place:
        details["expression"] = [place]
    built: dict[str, Any] = OperationOutcome.model_validate({"issue": [details]}).model_dump(mode="json")
    return built
