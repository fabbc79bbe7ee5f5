"""The demo EHR as a client sees it, on the day its examples were written for."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.demo_ehr import Store, demo_ehr_blueprint, load_store
from cds_service.demo_ehr.date_shift import WRITTEN_FOR


def client_of(store: Store) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(demo_ehr_blueprint(store))
    return app.test_client()


@pytest.fixture
def ehr() -> FlaskClient:
    """Filled with the example patients."""
    return client_of(load_store(WRITTEN_FOR))


@pytest.fixture
def empty_ehr() -> FlaskClient:
    return client_of(Store())


@pytest.fixture
def transaction() -> Any:
    """A transaction Bundle that puts the given resources."""

    def build(*resources: dict[str, Any]) -> dict[str, Any]:
        entries = [
            {"request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}, "resource": r} for r in resources
        ]
        return {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    return build
