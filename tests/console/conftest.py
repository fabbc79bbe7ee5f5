"""The demonstration on the day its patients were written for."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.demo import create_demo_app
from cds_service.settings import Settings
from examples.record import FOLDER
from tests.conftest import TODAY


@pytest.fixture(scope="session")
def demo() -> FlaskClient:
    return create_demo_app(Settings(auth="off", today=TODAY)).test_client()


def example(name: str) -> Any:
    """The request of an example, as bytes of JSON."""
    return (FOLDER / name / "request.json").read_text("utf-8")
