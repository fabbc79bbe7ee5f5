"""How every answer of the demo EHR leaves: as FHIR JSON, readable by browser clients.

Any Accept header is answered with application/fhir+json, so older FHIR clients can read it too.
"""

from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from cds_service.demo_ehr.errors import FhirError, operation_outcome

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Prefer",
    "Access-Control-Max-Age": "600",
}


def fhir_response(resource: dict[str, Any], status: int = 200) -> Response:
    """A resource as an HTTP answer, members in the order they were written."""
    body = current_app.json.dumps(resource, sort_keys=False)
    return Response(body, status, content_type="application/fhir+json; charset=utf-8")


def frame(blueprint: Blueprint) -> None:
    """What holds for every request: preflights, CORS, and errors as OperationOutcomes."""
    blueprint.before_request(_preflight)
    blueprint.after_request(_with_cors)
    blueprint.register_error_handler(FhirError, _refused)
    blueprint.register_error_handler(HTTPException, _http_error)


def _preflight() -> Response | None:
    return Response(status=204) if request.method == "OPTIONS" else None


def _with_cors(response: Response) -> Response:
    response.headers.update(_CORS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(error: FhirError) -> Response:
    return fhir_response(error.outcome(), error.status)


def _http_error(error: HTTPException) -> Response:
    issue = {"severity": "error", "code": "processing", "diagnostics": error.name}
    return fhir_response(operation_outcome([issue]), error.code or 500)
