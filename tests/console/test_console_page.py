"""The page of the demonstration, and what it may ask for."""

import json
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.console.demo_client import ALGORITHM, DemoClient
from cds_service.demo import create_demo_app
from cds_service.demo_ehr import load_situations
from cds_service.policies.policy_151.codes_2025_05_06 import CODES
from cds_service.settings import Settings
from tests.conftest import TODAY, hook_call, order
from tests.console.conftest import example

FOREIGN = {"Sec-Fetch-Site": "cross-site"}


def test_the_console_offers_every_situation_with_its_patient(demo: FlaskClient) -> None:
    page = demo.get("/").get_data(as_text=True)
    situations = demo.get("/console/situations").get_json()
    assert [one["id"] for one in situations] == [one.id for one in load_situations(TODAY)]
    assert all(f'data-situation="{one["id"]}"' in page for one in situations)
    assert "Marcus Lindqvist" in page
    assert "65 years, male" in page


def test_every_code_of_the_table_can_be_ordered(demo: FlaskClient) -> None:
    offered = demo.get("/console/codes").get_json()
    assert {one["code"] for one in offered if one["name"] != "SNOMED CT"} == set(CODES)
    assert {one["resourceType"] for one in offered} == {"ServiceRequest", "DeviceRequest"}


def test_every_code_that_is_offered_leads_where_it_says(demo: FlaskClient) -> None:
    for one in demo.get("/console/codes").get_json():
        draft: Any = order(one["code"], one["system"])
        if one["resourceType"] == "DeviceRequest":
            draft = {**draft, "resourceType": "DeviceRequest", "codeCodeableConcept": draft["code"]}
        empty = {"resourceType": "Bundle", "type": "searchset"}
        prefetch = {"conditions": empty, "observations": empty, "procedures": empty}
        cards = demo.post("/cds-services/order-sign-crd", json=hook_call(draft, prefetch=prefetch)).get_json()["cards"]
        assert bool(cards) is (one["leadsTo"] != "not addressed"), one


def test_another_sites_page_may_not_ask_what_the_console_asks(demo: FlaskClient) -> None:
    for path in ("/console/explanation", "/console/token/order-sign-crd"):
        assert demo.post(path, json={}, headers=FOREIGN).status_code == 403


def test_without_tokens_there_is_none_to_be_had(demo: FlaskClient) -> None:
    assert demo.post("/console/token/order-sign-crd").get_json() == {"token": ""}


def test_with_tokens_the_demonstration_signs_calls_of_its_own() -> None:
    guarded = create_demo_app(Settings(auth="jwt", today=TODAY)).test_client()
    call = json.loads(example("histotripsy"))
    assert guarded.post("/cds-services/order-sign-crd", json=call).status_code == 401
    token = guarded.post("/console/token/order-sign-crd").get_json()["token"]
    signed = {"Authorization": f"Bearer {token}"}
    assert guarded.post("/cds-services/order-sign-crd", json=call, headers=signed).status_code == 200
    assert guarded.post("/cds-services/order-sign-crd", json=call, headers=signed).status_code == 401, "used once"


def test_the_demonstrations_key_is_its_own_and_asymmetric() -> None:
    one, other = (DemoClient.new("http://127.0.0.1:8000", ()) for _ in range(2))
    published = json.loads(one.jwks_file.read_text("utf-8"))["keys"][0]
    assert "d" not in published
    assert other.key.public_key() != one.key.public_key()
    assert jwt.get_unverified_header(one.token("http://x"))["alg"] == ALGORITHM


def test_without_the_demo_there_is_neither_console_nor_ehr(client: FlaskClient) -> None:
    for path in ("/", "/console/codes", "/console/situations", "/demo/fhir/metadata"):
        assert client.get(path).status_code == 404
    assert client.post("/console/explanation").status_code == 404


def test_a_setting_brings_the_console_without_patients_or_what_if() -> None:
    plain = create_app(Settings(auth="off", console=True)).test_client()
    page = plain.get("/").get_data(as_text=True)
    assert "Your own request" in page
    assert "data-situation" not in page
    assert [plain.post(f"/console/{path}").status_code for path in ("explanation", "token/x")] == [405, 405]


@pytest.mark.parametrize("path", ["/", "/policies", "/policies/151"])
def test_pages_link_to_the_console_where_there_is_one(client: FlaskClient, demo: FlaskClient, path: str) -> None:
    assert ">Console</a>" in demo.get(path).get_data(as_text=True)
    assert ">Console</a>" not in client.get("/policies").get_data(as_text=True)


def test_only_the_demonstration_colors_the_tree(client: FlaskClient, demo: FlaskClient) -> None:
    assert 'id="color-by"' in demo.get("/policies/151").get_data(as_text=True)
    assert 'id="color-by"' not in client.get("/policies/151").get_data(as_text=True)
