"""The console of the demonstration: choose a patient and an order, sign it, see the cards and the criteria."""

from collections.abc import Sequence

import msgspec
from flask import Blueprint, Response, render_template

from cds_service.demo_ehr import Situation


def console_blueprint(situations: Sequence[Situation]) -> Blueprint:
    """The page at `/`, and the situations it offers."""
    console = Blueprint(
        "console", __name__, template_folder="templates", static_folder="static", static_url_path="/console"
    )
    listed = [
        {"id": s.id, "title": s.title, "patient": s.patient_id, "orders": s.draft_orders, "expected": s.expected}
        for s in situations
    ]
    encoded = msgspec.json.encode(listed)

    @console.get("/")
    def page() -> str:
        return render_template("console.html", situations=situations)

    @console.get("/console/situations")
    def offered() -> Response:
        return Response(encoded, mimetype="application/json")

    return console
