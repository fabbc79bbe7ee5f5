"""FHIR resources this service builds. The only use of fhir.resources, in R4B: the same as R4 for these types."""

from collections.abc import Mapping
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task
from pydantic import ValidationError


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


def told(*issues: tuple[str, str, str]) -> dict[str, Any]:
    """An OperationOutcome beside an answer: severity, FHIR issue code and words of each issue."""
    listed = [{"severity": severity, "code": code, "details": {"text": text}} for severity, code, text in issues]
    outcome: dict[str, Any] = OperationOutcome.model_validate({"issue": listed}).model_dump(mode="json")
    return outcome


def built(content: dict[str, Any]) -> dict[str, Any]:
    """A resource we made, checked. Raises ValidationError: that is a mistake of ours."""
    model = get_fhir_model_class(content["resourceType"]).model_validate(content)
    checked: dict[str, Any] = model.model_dump(mode="json")
    return checked


def problems(content: dict[str, Any]) -> tuple[str, ...]:
    """Where a resource we were sent breaks its model, as JSON paths: never what it says there."""
    try:
        get_fhir_model_class(content["resourceType"]).model_validate(content)
    except ValidationError as error:
        return tuple(dict.fromkeys(_path(problem["loc"]) for problem in error.errors(include_input=False)))
    except (KeyError, RecursionError):
        return ("$.resourceType",)
    return ()


def _path(place: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)


def service_request(elements: Mapping[str, Any]) -> dict[str, Any] | None:
    """A ServiceRequest of these elements; None where one taken over from a client is no valid FHIR or says nothing."""
    return _built(ServiceRequest, elements)


def task(elements: Mapping[str, Any]) -> dict[str, Any] | None:
    """A Task of these elements; None where one taken over from a client is no valid FHIR or says nothing."""
    return _built(Task, elements)


def _built(model: type[ServiceRequest | Task], elements: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        built: dict[str, Any] = model.model_validate(dict(elements)).model_dump(mode="json")
    except ValueError:
        return None
    return built if _says_something(built) else None


def _says_something(value: Any) -> bool:
    """Whether no part of a resource is null, blank or empty: the models let some of it pass, FHIR does not."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return bool(value) and all(_says_something(part) for part in parts)
    return value is not None and (not isinstance(value, str) or bool(value.strip()))
