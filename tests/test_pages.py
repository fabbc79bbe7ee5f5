"""The policy pages and the console."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from cds_service.demo import create_demo_app
from cds_service.policies import POLICIES
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import walk
from cds_service.settings import Settings


@pytest.fixture(scope="module")
def demo() -> FlaskClient:
    return create_demo_app(Settings(auth="off", today=date(2026, 11, 24))).test_client()


def published() -> set[str]:
    return {node.id for tree in REVISION.criteria for node in walk(tree) if node.published} | set(REVISION.numbers)


def test_every_published_criterion_has_its_anchor(client: FlaskClient) -> None:
    page = client.get("/policies/151", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert set(re.findall(r'<li id="([^"]+)"', page)) == published()
    assert "I.D.1.x" not in page


def test_policies_are_listed_for_people_and_programs(client: FlaskClient) -> None:
    assert "Liver Tumor Treatment" in client.get("/policies").get_data(as_text=True)
    listed = client.get("/policies", headers={"Accept": "application/json"}).get_json()
    assert [entry["policy"] for entry in listed["policies"]] == list(POLICIES)


def test_a_policy_is_json_for_programs(client: FlaskClient) -> None:
    whole = client.get("/policies/151", headers={"Accept": "application/json"}).get_json()
    assert [line["id"] for line in whole["criteria"]] == list(REVISION.numbers)


def test_an_unknown_policy_is_404(client: FlaskClient) -> None:
    assert client.get("/policies/999").status_code == 404


def test_the_console_offers_every_situation(demo: FlaskClient) -> None:
    page = demo.get("/").get_data(as_text=True)
    situations = demo.get("/console/situations").get_json()
    assert len(situations) >= 14
    assert all(f'value="{situation["id"]}"' in page for situation in situations)


@pytest.mark.parametrize("name", ["console.js", "markdown.js", "console.css"])
def test_the_console_has_its_files(demo: FlaskClient, name: str) -> None:
    with demo.get(f"/console/{name}") as answer:
        assert answer.status_code == 200


def test_CRDF80_the_demo_ehr_is_there(demo: FlaskClient) -> None:
    assert demo.get("/demo/fhir/metadata").get_json()["fhirVersion"] == "4.0.1"


def test_without_the_demo_there_is_neither_console_nor_ehr(client: FlaskClient) -> None:
    assert client.get("/").status_code == 404
    assert client.get("/demo/fhir/metadata").status_code == 404
