"""Calls, observed: each hook call is counted, timed and logged in one line."""

import logging
import time

from flask import Flask, Response, g, request

from cds_service.operations.metrics import Metrics

log = logging.getLogger(__name__)


def observe_calls(app: Flask, metrics: Metrics, endpoint: str = "hooks.call") -> None:
    """Observe the calls of one endpoint, whose URL names the service as `service_id`."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        if request.endpoint == endpoint and request.method == "POST":
            seconds = time.perf_counter() - g.get("began", time.perf_counter())
            service = metrics.known_service((request.view_args or {}).get("service_id", ""))
            metrics.call_answered(service, response.status_code, seconds)
            told = {"service": service, "status": response.status_code, "duration_ms": round(seconds * 1000, 1)}
            log.info("call answered", extra=told)
        return response
