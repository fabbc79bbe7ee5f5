"""An app of its own for each test: routes that answer, fail and refuse, and the logging put back afterwards."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from cds_service.operations.logs import configure_logging


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    root, own = logging.getLogger(), [logging.getLogger(name) for name in ("cds_service", "fhir_mappings")]
    handlers, level, levels = root.handlers[:], root.level, [logger.level for logger in own]
    yield
    root.handlers, root.level = handlers, level
    for logger, before in zip(own, levels, strict=True):
        logger.setLevel(before)


@pytest.fixture
def json_logs(logging_put_back: None) -> None:
    configure_logging("info")


@pytest.fixture
def app() -> Flask:
    app = Flask("tests.operations")

    @app.get("/page")
    def page() -> str:
        return "<!doctype html>"

    @app.get("/data")
    def data() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/fails")
    def fails() -> str:
        raise ValueError("Jane Doe")

    @app.errorhandler(ValueError)
    def failed(_: ValueError) -> Response:
        return Response("{}", 500, mimetype="application/fhir+json")

    return app


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()
