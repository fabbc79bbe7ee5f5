"""Routes: JSON in, one call, JSON out."""

import logging
from typing import Any

import msgspec
from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from cds_service.cards import present
from cds_service.coverage_check import Check, check_orders
from cds_service.discovery import SERVICES, discovery
from cds_service.errors import RequestError, UnknownService, UnsupportedMedia
from cds_service.hook_request import parse_request
from cds_service.settings import Settings
from fhir_mappings.models import operation_outcome

log = logging.getLogger(__name__)

FHIR_JSON = "application/fhir+json"
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, Prefer",
    "Access-Control-Max-Age": "600",
}


def hooks_blueprint(settings: Settings, check: Check) -> Blueprint:
    """Discovery and hook calls."""
    hooks = Blueprint("hooks", __name__)
    services = msgspec.json.encode(discovery(settings.clinical_prefetch))
    label = check.payers[0].label

    @hooks.get("/cds-services", strict_slashes=False)
    def discover() -> Response:
        return Response(services, mimetype="application/json")

    @hooks.post("/cds-services/<service_id>", strict_slashes=False)
    def call(service_id: str) -> Response:
        service = SERVICES.get(service_id)
        if service is None:
            raise UnknownService("there is no service of this id; GET /cds-services lists them")
        if request.mimetype and not _is_json(request.mimetype):
            raise UnsupportedMedia("send the request as application/json")
        asked = parse_request(request.get_data(cache=False), service.hook)
        judged = check_orders(asked, check, settings.on())
        answer = json_response({"cards": present(judged, settings.public_url, label)})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @hooks.get("/health")
    def health() -> Response:
        return json_response({"status": "ok"})

    return hooks


def _is_json(mimetype: str) -> bool:
    return mimetype == "application/json" or mimetype.endswith("+json")


def json_response(body: dict[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    """A JSON answer; members keep their order."""
    return Response(msgspec.json.encode(body), status, mimetype=mimetype)


def add_error_handling(app: Flask) -> None:
    """Every error is an OperationOutcome, says where and what, and holds no patient data."""

    @app.errorhandler(RequestError)
    def refused(error: RequestError) -> Response:
        return json_response(error.outcome(), error.status, FHIR_JSON)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        answer = json_response(operation_outcome(_issue(status), error.name), status, FHIR_JSON)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                answer.headers[name] = value
        return answer

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        # The message of an error may quote the record: only its type and place are logged.
        log.error("unexpected %s at %s", type(error).__name__, _place(error))
        return json_response(operation_outcome("exception", "the service failed; nothing was decided"), 500, FHIR_JSON)


def _issue(status: int) -> str:
    return {404: "not-found", 405: "not-supported", 413: "too-long", 415: "not-supported"}.get(status, "processing")


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "an unknown place"


def add_cors(app: Flask) -> None:
    """Browser clients see every answer, errors included; a preflight carries no token and needs none."""

    @app.before_request
    def preflight() -> Response | None:
        return Response(status=204) if request.method == "OPTIONS" else None

    @app.after_request
    def allow(response: Response) -> Response:
        for name, value in _CORS.items():
            response.headers.setdefault(name, value)
        return response
