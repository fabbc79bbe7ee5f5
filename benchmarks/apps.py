"""What the service is compared with, on the same server: less and less of it."""

from typing import Any, Final

import msgspec
import orjson
from flask import Flask, Response, request

FIXED: Final = '"summary":"fixed"'
"""What its answers say."""

CARD: Final = msgspec.json.encode(
    {"cards": [{"summary": "fixed", "indicator": "info", "source": {"label": "twin"}, "detail": "x" * 2000}]}
)


def create_twin() -> Flask:
    """The parse-only twin: orjson decodes the whole body, and a fixed card is answered."""
    return _app(orjson.loads)


def create_bare() -> Flask:
    """Bare Flask: the body is read, and a fixed card is answered."""
    return _app(len)


def _app(look: Any) -> Flask:
    app = Flask(__name__)

    @app.post("/cds-services/order-sign-crd")
    def call() -> Response:
        look(request.get_data(cache=False))
        return Response(CARD, mimetype="application/json")

    return app
