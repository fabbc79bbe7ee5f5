"""The service with a key to keep forms under, beside an EHR that answers without a token."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import responses
from cryptography.fernet import Fernet
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conformance.ehr import Ehr
from tests.conformance.wire import example
from tests.conftest import EHR, TODAY, AppClient

Start = Callable[..., FlaskClient]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, app_client: AppClient) -> Start:
    """Starts the service, each time on a database of its own."""
    monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")
    numbers = count()

    def started(**more: object) -> FlaskClient:
        url = f"sqlite:///{tmp_path}/record-{next(numbers)}.db"
        settings = Settings.model_validate(
            {"auth": "off", "today": TODAY, "fhir_servers": (EHR,), "database_url": url, **more}
        )
        return app_client(create_app(settings))

    return started


@pytest.fixture
def service(start: Start) -> FlaskClient:
    return start(record_keys=Fernet.generate_key().decode())


@pytest.fixture
def open_ehr() -> Iterator[Callable[[str], Ehr]]:
    """Opens the EHR of an example's patient."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        yield lambda name: Ehr(net, example(name)["prefetch"])
