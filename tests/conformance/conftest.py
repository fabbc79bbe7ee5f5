"""A hospital whose calls are signed, and a network of stubs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import ClientSettings, Settings
from tests.conformance.ehr import Ehr
from tests.conformance.wire import example, example_names
from tests.conftest import EHR, TODAY, Json
from tests.security.building import ISSUER, JWKS_URL, PUBLIC_URL, PUBLISHED

Register = Callable[..., FlaskClient]
Holds = Callable[[Json], Ehr]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """The service with one registered client, whose keys lie in a file; what is given changes the registration."""

    def start(**more: Any) -> FlaskClient:
        keys = tmp_path / "keys.json"
        keys.write_bytes(PUBLISHED)
        table = {"name": "General Hospital", "issuer": ISSUER, "jku": (JWKS_URL,), "fhir_servers": (EHR,), **more}
        source = {} if "jwks_url" in more else {"jwks_file": keys}
        settings = Settings(
            auth="jwt", public_url=PUBLIC_URL, today=TODAY, jwks_refetch_seconds=3600, log_level="debug",
            clients=(ClientSettings(**table, **source),),
        )  # fmt: skip
        return create_app(settings).test_client()

    return start


@pytest.fixture
def hospital(register: Register) -> FlaskClient:
    """The service, open to tokens of General Hospital."""
    return register()


@pytest.fixture
def net() -> Iterator[responses.RequestsMock]:
    """A network that answers only what a test sets up, and counts."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def ehr_holds(net: responses.RequestsMock) -> Holds:
    """Make the EHR hold what this prefetch would bring."""
    return lambda prefetch: Ehr(net, prefetch)


@pytest.fixture(scope="session")
def examples(client: FlaskClient) -> list[tuple[Json, Any]]:
    """Every example of the demonstration, asked and answered: each outcome there is."""
    asked = [example(name) for name in example_names()]
    return [(body, client.post("/cds-services/order-sign-crd", json=body)) for body in asked]


@pytest.fixture(scope="session")
def cards(examples: list[tuple[Json, Any]]) -> list[Json]:
    """All cards of the examples."""
    found = [card for _, answer in examples for card in answer.get_json()["cards"]]
    assert len({card["summary"].partition(":")[0] for card in found}) >= 4
    return found
