"""Request ids: one for each request, in its answer and on every log line written for it."""

import re
import uuid
from typing import Final

from flask import Flask, Response, g, request

from cds_service.operations.logs import REQUEST_ID

HEADER: Final = "X-Request-ID"
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


def add_request_ids(app: Flask) -> None:
    """Give every request an id. Call it first: what ends a request early must not come before it."""

    @app.before_request
    def begin() -> None:
        g.request_id_token = REQUEST_ID.set(request_id(request.headers.get(HEADER, "")))

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers[HEADER] = REQUEST_ID.get() or request_id("")
        return response

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        token = g.pop("request_id_token", None)
        if token is not None:
            REQUEST_ID.reset(token)


def request_id(offered: str) -> str:
    """The caller's id if it is a plain token, else one of ours: a caller's text never gets into the logs."""
    return offered if _ACCEPTED.fullmatch(offered) else str(uuid.uuid4())
