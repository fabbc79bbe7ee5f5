"""What a worker process runs: the service or its demonstration, with start-up out of garbage collection."""

import gc
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from cds_service import worker
from tests.conftest import AppClient

START_UP = 50_000
"""Less than the objects an interpreter holds once the service is imported."""


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.parametrize(
    ("make", "page"), [(worker.service, "/cds-services"), (worker.demonstration, "/demo/fhir/metadata")]
)
def test_what_start_up_made_is_out_of_garbage_collection(
    make: Callable[[], Flask], page: str, app_client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVERAGE_HOOKS_AUTH", "off")
    client = app_client(make())
    assert gc.get_freeze_count() > START_UP
    assert len(gc.get_objects()) < START_UP
    assert client.get(page).status_code == 200
