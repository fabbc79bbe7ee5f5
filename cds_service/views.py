"""Routes of the hooks: JSON in, one call, JSON out."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec
from flask import Blueprint, Flask, Response, request

from cds_service.admission import Admission
from cds_service.answers import AnswerRecord
from cds_service.check import Check
from cds_service.coverage_check import Checked, check_orders
from cds_service.crd.answering import Asked, Statements, read_asked, system_actions
from cds_service.crd.options import GUIDELINE
from cds_service.discovery import SERVICES, discovery
from cds_service.discovery import Service as Offered
from cds_service.dtr.holding import forms_held, owner_of
from cds_service.encounter_check import check_encounter
from cds_service.error_pages import failure_of
from cds_service.errors import UnknownService
from cds_service.hook_cards import cards_of
from cds_service.hook_request import HookRequest, parse_request
from cds_service.hooks import ENCOUNTER_HOOKS
from cds_service.occasion import Occasion, Progress, now
from cds_service.operations.logs import REQUEST_ID
from cds_service.operations.metrics import Metrics
from cds_service.responding import json_body, json_response
from cds_service.security.tokens import Caller
from cds_service.settings import Settings
from cds_service.store.feedback_body import parse_feedback
from cds_service.web_form.desk import WebDesk
from cds_service.web_form.offering import offer_form

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Service:
    """All that answering needs, wired once by create_app."""

    settings: Settings
    check: Check
    admission: Admission
    record: AnswerRecord
    metrics: Metrics
    statements: Statements
    web: WebDesk


def hooks_blueprint(service: Service) -> Blueprint:
    """Discovery, hook calls and feedback."""
    hooks = Blueprint("hooks", __name__)
    offered = msgspec.json.encode(discovery(service.settings.clinical_prefetch))

    @hooks.get("/cds-services", strict_slashes=False)
    def discover() -> Response:
        return Response(offered, mimetype="application/json")

    @hooks.post("/cds-services/<service_id>", strict_slashes=False)
    def call(service_id: str) -> Response:
        return _answer(service, service_id)

    @hooks.post("/cds-services/<service_id>/feedback", strict_slashes=False)
    def feedback(service_id: str) -> Response:
        service.admission.caller()
        _offered(service_id)
        service.record.keep_feedback(service_id, parse_feedback(json_body()))
        return json_response({"status": "kept"})

    return hooks


def _answer(service: Service, service_id: str) -> Response:
    """Answer a call; one that fails is recorded too. Callers who are not admitted leave no record."""
    began, received_at = time.monotonic(), now()
    caller = service.admission.caller()
    occasion = Occasion(
        service_id, _offered(service_id).hook, caller.name, REQUEST_ID.get(), received_at, began, caller.tenant
    )
    progress = Progress()
    try:
        return _judged(service, caller, occasion, progress)
    except Exception as error:
        service.record.keep_failed(occasion, progress, failure_of(error))
        raise


def _judged(service: Service, caller: Caller, occasion: Occasion, progress: Progress) -> Response:
    progress.body = json_body()
    progress.asked = asked = parse_request(progress.body, occasion.hook)
    crd, today = read_asked(asked, service.settings), service.settings.on()
    service = replace(service, check=service.check.begun(occasion.began))
    checked = _checked(service, asked, crd, today, caller)
    progress.checked = checked
    actions = system_actions(asked, checked, crd, service.statements, today)
    form_url = _form_url(service, asked, checked, crd, caller)
    cards = cards_of(asked, checked, crd, service.check, service.settings, today, form_url)
    _count(service.metrics, checked)
    service.record.keep_call(occasion, asked, checked, cards, actions)
    shown = {"cards": [card.body for card in cards]}
    answer = json_response({**shown, "systemActions": actions} if actions else shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _checked(service: Service, asked: HookRequest, crd: Asked, today: date, caller: Caller) -> Checked:
    if asked.hook in ENCOUNTER_HOOKS:
        return check_encounter(asked, service.check, today, caller.fhir_servers)
    owner = owner_of(caller, asked.fhir_server, asked.patient_id)
    return check_orders(
        asked, service.check, today, caller.fhir_servers, crd.declaration.is_declared,
        lambda: forms_held(service.record.shelf, owner),
    )  # fmt: skip


def _form_url(service: Service, asked: HookRequest, checked: Checked, crd: Asked, caller: Caller) -> str:
    """The web form for what is missing: for clients that have no DTR and want the card it stands on."""
    if crd.declaration.is_declared or not crd.options.wants(GUIDELINE):
        return ""
    return offer_form(asked, checked, caller, service.web)


def _offered(service_id: str) -> Offered:
    offered = SERVICES.get(service_id)
    if offered is None:
        raise UnknownService("there is no service of this id; GET /cds-services lists them")
    return offered


def _count(metrics: Metrics, checked: Checked) -> None:
    for one in checked.judged:
        metrics.determined(one.determination.policy, one.determination.outcome.value)
    for read in checked.reads:
        metrics.fhir_read(read.resource_type, read.result)
    if any(read.result == "deadline" for read in checked.reads):
        metrics.deadline_hit()
    if checked.record is not None:
        metrics.resources_refused(sum(checked.record.strangers.values()))


_SLASHES: Final = re.compile(r"/{2,}")


def one_slash(application: "WSGIApplication") -> "WSGIApplication":
    """Read doubled slashes as one, without a redirect: a redirected preflight or POST fails in browsers (CK59)."""

    def called(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if "//" in environ.get("PATH_INFO", ""):
            environ["PATH_INFO"] = _SLASHES.sub("/", environ["PATH_INFO"])
        return application(environ, start_response)

    return called


_CORS: Final = [
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept, Prefer"),
    ("Access-Control-Max-Age", "600"),
]


def add_cors(app: Flask, origins: tuple[str, ...]) -> None:
    """Browser clients see every answer, errors included; a preflight carries no token and needs none."""

    @app.before_request
    def preflight() -> Response | None:
        return Response(status=204) if request.method == "OPTIONS" else None

    @app.after_request
    def allow(response: Response) -> Response:
        origin = _allowed(request.headers.get("Origin", ""), origins)
        if origin and "Access-Control-Allow-Origin" not in response.headers:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.extend(_CORS)
            if origin != "*":
                response.headers["Vary"] = "Origin"
        return response


def _allowed(origin: str, origins: tuple[str, ...]) -> str:
    if "*" in origins:
        return "*"
    return origin if origin in origins else ""
