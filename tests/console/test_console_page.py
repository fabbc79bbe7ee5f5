"""The page of the demonstration."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from cds_service.demo import create_demo_app
from cds_service.settings import Settings


@pytest.fixture(scope="module")
def demo() -> FlaskClient:
    return create_demo_app(Settings(auth="off", today=date(2026, 11, 24))).test_client()


def test_the_console_offers_every_situation(demo: FlaskClient) -> None:
    page = demo.get("/").get_data(as_text=True)
    situations = demo.get("/console/situations").get_json()
    assert len(situations) >= 14
    assert all(f'value="{situation["id"]}"' in page for situation in situations)


def test_the_demo_ehr_is_there(demo: FlaskClient) -> None:
    assert demo.get("/demo/fhir/metadata").get_json()["fhirVersion"] == "4.0.1"


def test_without_the_demo_there_is_neither_console_nor_ehr(client: FlaskClient) -> None:
    assert client.get("/").status_code == 404
    assert client.get("/demo/fhir/metadata").status_code == 404
