"""What the demo EHR refuses, each with its HTTP status, as FHIR OperationOutcomes.

    FhirError
      NotFoundError            404  no such resource, type or address
      BadRequestError          400  the request cannot be understood
      NotAllowedError          405  the address exists, the method does not
      NotAFormError            415  a POST search whose body is no form

Messages name places and remedies; never an id, a search value or anything else about a patient.
"""

from collections.abc import Iterable
from typing import Any, ClassVar


class FhirError(Exception):
    """A request the demo EHR does not carry out."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "exception"

    def __init__(self, diagnostics: str, expression: str | None = None) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics
        self.expression = expression

    def outcome(self) -> dict[str, Any]:
        """The error as the client receives it."""
        issue: dict[str, Any] = {
            "severity": "error",
            "code": self.code,
            "diagnostics": self.diagnostics,
        }
        if self.expression is not None:
            issue["expression"] = [self.expression]
        return operation_outcome([issue])


class NotFoundError(FhirError):
    """There is nothing at this address."""

    status = 404
    code = "not-found"


class BadRequestError(FhirError):
    """The request cannot be understood as it stands."""

    status = 400
    code = "invalid"


class NotAllowedError(FhirError):
    """The demo EHR has no such interaction."""

    status = 405
    code = "not-supported"


class NotAFormError(FhirError):
    """A search was posted in something other than a form, and would have matched everything."""

    status = 415
    code = "not-supported"


def operation_outcome(issues: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """FHIR's one way of saying what went wrong."""
    return {"resourceType": "OperationOutcome", "issue": list(issues)}
