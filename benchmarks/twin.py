"""The parse-only twin: the same server and body; it decodes the JSON and answers a fixed card."""

import msgspec
from flask import Flask, Response, request

_CARD = msgspec.json.encode(
    {"cards": [{"summary": "fixed", "indicator": "info", "source": {"label": "twin"}, "detail": "x" * 2000}]}
)


def create_twin() -> Flask:
    app = Flask(__name__)

    @app.post("/cds-services/order-sign-crd")
    def call() -> Response:
        msgspec.json.decode(request.get_data(cache=False))
        return Response(_CARD, mimetype="application/json")

    return app
