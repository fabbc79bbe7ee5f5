"""Every error is an OperationOutcome that says where and what, holds no patient data, and is never HTML."""

import logging

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from cds_service.admission import refusal
from cds_service.errors import Failure, RequestError
from cds_service.operations.logs import place_of
from cds_service.responding import FHIR_JSON, json_response
from cds_service.security.tokens import NotAdmitted
from cds_service.store.errors import StoreUnavailable
from fhir_mappings.models import operation_outcome

log = logging.getLogger(__name__)

_ISSUES = {404: "not-found", 405: "not-supported", 413: "too-long", 415: "not-supported"}


def add_error_handling(app: Flask) -> None:
    """Answer errors of every kind."""
    app.register_error_handler(NotAdmitted, refusal)
    app.register_error_handler(RequestError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreUnavailable, _not_stored)
    app.register_error_handler(Exception, _failed)


def failure_of(error: Exception) -> Failure:
    """How an error is answered. An error we did not foresee is the service's own."""
    if isinstance(error, RequestError):
        return Failure(error.status, error.issue)
    if isinstance(error, HTTPException):
        status = error.code or 500
        return Failure(status, _ISSUES.get(status, "processing"))
    return Failure(503, "transient") if isinstance(error, StoreUnavailable) else Failure(500, "exception")


def _refused(error: RequestError) -> Response:
    return json_response(error.outcome(), error.status, FHIR_JSON)


def _http_error(error: HTTPException) -> Response:
    status, issue = failure_of(error)
    answer = json_response(operation_outcome(issue, error.name), status, FHIR_JSON)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def _not_stored(error: StoreUnavailable) -> Response:
    log.error("feedback could not be kept: %s", error)
    status, issue = failure_of(error)
    return json_response(operation_outcome(issue, "it could not be stored now; send it again"), status, FHIR_JSON)


def _failed(error: Exception) -> Response:
    # The message of an error may quote the record: only its type and place are logged.
    log.error("unexpected %s at %s", type(error).__name__, place_of(error.__traceback__))
    status, issue = failure_of(error)
    return json_response(operation_outcome(issue, "the service failed; nothing was decided"), status, FHIR_JSON)
