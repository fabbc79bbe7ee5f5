"""The console: an EHR in a page. With the demonstration it has patients, answers what-if questions, signs calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from flask import Blueprint, Response, abort, render_template, request

from cds_service.check import Check
from cds_service.console.demo_client import DemoClient
from cds_service.console.explanation import explained
from cds_service.console.order_entry import orderable
from cds_service.console.patients import Listed, list_patients
from cds_service.coverage_check import check_orders
from cds_service.demo_ehr import Situation, Store
from cds_service.discovery import OFFERED
from cds_service.errors import UnreadableRequest
from cds_service.hook_request import HookRequest, parse_request
from cds_service.operations.bodies import whole_body
from cds_service.pages.graph import SIGNS, graph
from cds_service.responding import json_response
from fhir_mappings.gathering import NOTHING_HELD, Held
from fhir_mappings.json_text import UNREADABLE

OWN_ORIGIN: Final = ("", "same-origin", "none")
"""What browsers send as Sec-Fetch-Site with a page's own requests; other programs send nothing."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration adds: patients with orders, how orders are judged, and a client where tokens are asked.

    `forms_held` finds the forms that were saved here for the patient of a call.
    """

    situations: Sequence[Situation]
    store: Store
    check: Check
    today: date
    public_url: str
    fhir_servers: tuple[str, ...]
    client: DemoClient | None = None
    forms_held: Callable[[HookRequest], Held] = lambda _: NOTHING_HELD


class Question(msgspec.Struct):
    """A hook request, as it would be sent, with facts assumed to be otherwise: by order, by fact."""

    request: msgspec.Raw
    assumed: dict[str, dict[str, str]] = {}


_question: Final = msgspec.json.Decoder(Question)


def console_blueprint(demonstration: Demonstration | None = None) -> Blueprint:
    """The page at `/` and what it asks for."""
    console = Blueprint("console", __name__, template_folder="templates", static_folder="static",
                        static_url_path="/console")  # fmt: skip
    codes = msgspec.json.encode(orderable())

    @console.before_request
    def only_our_own_page() -> None:
        """What the console may ask another site's page may not, whatever the service's own CORS allows."""
        if request.headers.get("Sec-Fetch-Site", "") not in OWN_ORIGIN and request.method == "POST":
            abort(403)

    @console.get("/")
    def page() -> str:
        return render_template("console.html", patients=_patients(demonstration), demonstration=demonstration)

    @console.get("/console/codes")
    def offered_codes() -> Response:
        return Response(codes, mimetype="application/json")

    if demonstration is not None:
        _add_demonstration(console, demonstration)
    return console


def _patients(demonstration: Demonstration | None) -> tuple[Listed, ...]:
    if demonstration is None:
        return ()
    return list_patients(demonstration.situations, demonstration.store, demonstration.today)


def _add_demonstration(console: Blueprint, demonstration: Demonstration) -> None:
    offered = msgspec.json.encode([_told(situation) for situation in demonstration.situations])

    @console.app_context_processor
    def colors() -> dict[str, Any]:
        return {"situations": demonstration.situations}

    @console.get("/console/situations")
    def situations() -> Response:
        return Response(offered, mimetype="application/json")

    @console.post("/console/explanation")
    def explanation() -> str:
        return _explanation(whole_body(), demonstration)

    @console.post("/console/token/<service_id>")
    def token(service_id: str) -> Response:
        """Sign a call of one service; the token is blank where calls need none."""
        audience = f"{demonstration.public_url}/cds-services/{service_id}"
        return json_response({"token": demonstration.client.token(audience) if demonstration.client else ""})


def _told(situation: Situation) -> dict[str, Any]:
    return {
        "id": situation.id,
        "title": situation.title,
        "patient": situation.patient_id,
        "orders": situation.draft_orders,
        "expected": situation.expected,
    }


def _explanation(body: bytes, demonstration: Demonstration) -> str:
    try:
        question = _question.decode(body)
    except UNREADABLE:
        raise UnreadableRequest("a request, and facts assumed by order and name, are expected", "$") from None
    asked = parse_request(bytes(question.request), *(service.hook for service in OFFERED))
    checked = check_orders(
        asked, demonstration.check, demonstration.today, demonstration.fhir_servers,
        forms_held=lambda: demonstration.forms_held(asked),
    )  # fmt: skip
    shown = [
        explained(one, question.assumed.get(one.order.reference, {}), demonstration.today) for one in checked.judged
    ]
    drawn = {one.policy: graph(one.lines) for one in shown}
    return render_template("explanation.html", explanations=shown, drawn=drawn, signs=SIGNS)
