"""Every test of the store runs on SQLite, and on PostgreSQL where it is installed."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from cds_service.store.database import migrate, open_database
from cds_service.store.encryption import Sealer
from tests.store.throwaway_postgresql import cluster, programs

_numbers = count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    binaries = programs()
    if binaries is None:
        if os.environ.get("CI_POSTGRESQL") == "required":
            pytest.fail("CI_POSTGRESQL=required, and /usr/lib/postgresql has no server: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed")
    with cluster(binaries) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of its own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/record/calls.db"
    server = request.getfixturevalue("postgresql_server")
    name = f"record_{next(_numbers)}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}{name}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database with the newest schema."""
    engine = open_database(url)
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def sealer() -> Sealer:
    return Sealer((Fernet.generate_key().decode(),))
