"""The service with a key, so that it offers links and keeps forms; a database of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import Engine

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store.database import open_database
from cds_service.store.encryption import Sealer
from tests.conftest import EHR, TODAY, AppClient

KEY = Fernet.generate_key().decode()

Start = Callable[..., FlaskClient]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")
    return f"sqlite:///{tmp_path}/forms.db"


@pytest.fixture
def start(url: str, app_client: AppClient) -> Start:
    """Start the service on the test's database."""

    def started(**more: Any) -> FlaskClient:
        told = {"auth": "off", "today": TODAY, "fhir_servers": (EHR,), "record_keys": KEY, **more}
        return app_client(create_app(Settings(database_url=url, **told)))

    return started


@pytest.fixture
def service(start: Start) -> FlaskClient:
    return start()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url)
    yield opened
    opened.dispose()


@pytest.fixture
def sealer() -> Sealer:
    return Sealer((KEY,))
