"""The service for payers of a test's own, members and authorizations on file; the network of stubs."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store.authorizations import Authorization, replace_authorizations
from cds_service.store.database import migrate, open_database
from cds_service.store.members import Member, replace_members
from tests.conformance.conftest import ehr_holds, net  # noqa: F401 - fixtures
from tests.conftest import TODAY, AppClient, Json
from tests.crd.payers import PAYER, Start


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the test's own; the environment would win over what it gives."""
    monkeypatch.delenv("COVERAGE_HOOKS_DATABASE_URL")
    return f"sqlite:///{tmp_path}/calls.db"


@pytest.fixture
def start(url: str, app_client: AppClient) -> Start:
    """The service for these payers, with these members and authorizations on file."""

    def started(
        *payers: Json, members: tuple[Member, ...] = (), on_file: tuple[Authorization, ...] = (),
        table: bool = False, **more: Any,
    ) -> FlaskClient:  # fmt: skip
        engine = open_database(url)
        migrate(engine)
        replace_members(engine, members)
        replace_authorizations(engine, on_file)
        engine.dispose()
        settings: Any = {
            "auth": "off", "today": TODAY, "database_url": url, "payers": payers or (PAYER,),
            "members": "table" if table else "trust", **more,
        }  # fmt: skip
        return app_client(create_app(Settings(**settings)))

    return started
