"""The batch on a Dask cluster: one that is there, one that is not, and an installation without Dask."""

import sys
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from cds_service.batch.engines import Engine, EngineError, each_done
from tests.batch.building import assumed, batch, resources_of, write_export
from tests.batch.test_batch_failures import fail


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", *(resources_of(f"p{number}") for number in range(6)))


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a cluster of threads of this process."""
    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_gives_the_same_file_as_one_process(export: Path, tmp_path: Path, scheduler: str) -> None:
    assumed(export, tmp_path / "cluster", "--engine", "dask", "--scheduler", scheduler)
    assumed(export, tmp_path / "one")
    assert (tmp_path / "cluster" / "determinations.ndjson").read_bytes() == (
        tmp_path / "one" / "determinations.ndjson"
    ).read_bytes()


def test_an_error_on_a_cluster_says_where_it_was_and_its_message_is_nowhere(
    scheduler: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(EngineError) as raised:
        list(each_done(Engine("dask", scheduler=scheduler), fail, [1]))
    assert str(raised.value).startswith("ValueError, in tests.batch.test_batch_failures fail:")
    assert "patient 1" not in caplog.text


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://127.0.0.1:1"])
def test_a_scheduler_that_cannot_be_reached_is_said_to_be_so(export: Path, tmp_path: Path, address: str) -> None:
    words = ("--order-code", "47382", "--engine", "dask", "--scheduler", address)
    with dask.config.set({"distributed.comm.timeouts.connect": "0.1s"}):
        shown = batch(export, tmp_path / "out", *words)
    assert shown.exit_code == 1
    assert "the scheduler cannot be reached" in shown.output


def test_without_dask_it_is_said_how_to_install_it(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ("--order-code", "47382", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1")
    shown = batch(export, tmp_path / "out", *words)
    assert shown.exit_code == 1
    assert "pip install 'coverage-hooks[batch]'" in shown.output
