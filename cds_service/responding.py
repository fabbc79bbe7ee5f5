"""JSON in and out."""

from typing import Any, Final

import msgspec
from flask import Response, request

from cds_service.errors import UnsupportedMedia
from cds_service.operations.bodies import whole_body

FHIR_JSON: Final = "application/fhir+json"


def json_response(body: dict[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    """A JSON answer; members keep their order."""
    return Response(msgspec.json.encode(body), status, mimetype=mimetype)


def json_body() -> bytes:
    """The body of the request, if it is JSON by its type. How deep it nests the parser limits."""
    if request.mimetype and not (request.mimetype == "application/json" or request.mimetype.endswith("+json")):
        raise UnsupportedMedia("send the request as application/json")
    return whole_body()
