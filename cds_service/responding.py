"""JSON answers."""

from typing import Any, Final

import msgspec
from flask import Response

FHIR_JSON: Final = "application/fhir+json"


def json_response(body: dict[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    """A JSON answer; members keep their order."""
    return Response(msgspec.json.encode(body), status, mimetype=mimetype)
