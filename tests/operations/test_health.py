"""Liveness, readiness and metrics, as a platform asks for them."""

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from cds_service.operations.health import operations_blueprint
from cds_service.operations.metrics import Metrics


def served(is_ready: bool) -> Flask:
    app = Flask("health")
    app.register_blueprint(operations_blueprint(Metrics(["order-sign-crd"], ["151"], ["expired"]), lambda: is_ready))
    return app


@pytest.mark.parametrize("is_ready", [True, False])
def test_a_service_that_runs_is_alive_whether_ready_or_not(is_ready: bool) -> None:
    answer = served(is_ready).test_client().get("/health")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(("is_ready", "status", "word"), [(True, 200, "ready"), (False, 503, "not ready")])
def test_ready_says_whether_calls_may_be_sent(is_ready: bool, status: int, word: str) -> None:
    answer = served(is_ready).test_client().get("/ready")
    assert (answer.status_code, answer.get_json()) == (status, {"status": word})
    assert answer.headers["Cache-Control"] == "no-store"


def test_metrics_are_in_prometheus_own_format() -> None:
    answer = served(True).test_client().get("/metrics")
    assert answer.mimetype == "text/plain"
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"coverage_hooks_calls", "coverage_hooks_store_losses", "coverage_hooks_call_seconds"} <= names
