"""No more calls at a time than can be answered in time: one too many is told so at once, and to come again."""

import threading
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, g, request

from cds_service.responding import FHIR_JSON, json_response
from fhir_mappings.models import operation_outcome

RETRY_AFTER_SECONDS: Final = 1


def limit_calls(app: Flask, most: int, endpoint: str = "hooks.call") -> None:
    """Let at most so many calls of an endpoint be answered at a time by this process; the others get a 503."""
    places = threading.BoundedSemaphore(most)

    @app.before_request
    def take_place() -> Response | None:
        if request.endpoint != endpoint or request.method != "POST":
            return None
        g.has_place = places.acquire(blocking=False)
        return None if g.has_place else _full()

    @app.teardown_request
    def leave_place(_: BaseException | None) -> None:
        if g.pop("has_place", False):
            places.release()


def _full() -> Response:
    body = operation_outcome("throttled", f"too many calls at a time; send it again in {RETRY_AFTER_SECONDS} s")
    answer = json_response(body, HTTPStatus.SERVICE_UNAVAILABLE, FHIR_JSON)
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
