"""Orders of one signing that depend on each other, over HTTP in both versions."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from examples.record import FOLDER
from tests.conftest import Json
from tests.crd.test_answering import SIGN, actions


def dependent(client: FlaskClient, example: str, version: str) -> dict[str, list[Any]]:
    """For each order of an example, by its billing codes, the orders its statement depends on."""
    body = json.loads((FOLDER / example / "request.json").read_text("utf-8"))
    answer = client.post(SIGN, json={**body, "extension": {"davinci-crd.requestedVersion": version}})
    return {action["resource"]["id"]: _dependencies(action) for action in actions(answer)}


def _dependencies(action: Json) -> list[str]:
    stated = action["resource"]["extension"][-1]["extension"]
    return [part["valueReference"]["reference"] for part in stated if part["url"] == "dependency"]


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_CRDF36_a_simulation_refers_to_its_ablation(client: FlaskClient, version: str) -> None:
    assert dependent(client, "contour-simulation", version) == {
        "contour-simulation-order-1": ["ServiceRequest/contour-simulation-order-2"],
        "contour-simulation-order-2": [],
    }


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_CRDF36_an_ablation_with_a_resection_refers_to_the_resection(client: FlaskClient, version: str) -> None:
    found = dependent(client, "crc-concurrent-resection", version)
    assert found["crc-concurrent-resection-order-1"] == ["ServiceRequest/crc-concurrent-resection-order-2"]
    assert found["crc-concurrent-resection-order-2"] == []


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_an_order_signed_alone_depends_on_none(client: FlaskClient, version: str) -> None:
    assert dependent(client, "hcc-covered", version) == {"hcc-covered-order-1": []}
