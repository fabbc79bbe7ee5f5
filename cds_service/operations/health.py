"""What a platform asks of the service: is it alive, may it be sent calls, what has it counted."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from cds_service.operations.metrics import Metrics


def operations_blueprint(metrics: Metrics, is_ready: Callable[[], bool]) -> Blueprint:
    """`/health`, `/ready` and `/metrics`. `is_ready` says whether a call could be answered and recorded now."""
    operations = Blueprint("operations", __name__)

    @operations.get("/health")
    def health() -> Response:
        return jsonify(status="ok")

    @operations.get("/ready")
    def ready() -> tuple[Response, int]:
        return (jsonify(status="ready"), 200) if is_ready() else (jsonify(status="not ready"), 503)

    @operations.get("/metrics")
    def counted() -> Response:
        body, content_type = metrics.exposition()
        return Response(body, content_type=content_type)

    @operations.after_request
    def fresh(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    return operations
