"""A batch that is killed goes on where it was: what is finished is not done again, what is half does not count."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cds_service.batch import evaluation, partition
from cds_service.batch.workspace import HALF, WORK, held
from tests.batch.building import assumed, batch, resources_of, said, write_export
from tests.policy_151.patients import TODAY

ROOT = Path(__file__).parents[2]
PATIENTS = 24
RESULTS = ("determinations.ndjson", "bad-lines.txt", "summary.json")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    patients = [resources_of(f"p{number}", ecog=1 if number % 2 else None) for number in range(PATIENTS)]
    return write_export(tmp_path / "export", *patients)


def killed_after(orders: int, export: Path, output: Path) -> None:
    command = [
        sys.executable, "-m", "tests.batch.killed", str(orders), "batch", str(export), "--output", str(output),
        "--order-code", "47382", "--as-of", TODAY.isoformat(), "--workers", "1",
    ]  # fmt: skip
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == -signal.SIGKILL


@pytest.fixture
def stopped(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The output folder of a batch that could not write."""
    with monkeypatch.context() as full:
        full.setattr(evaluation, "_write", _no_room)
        assert batch(export, tmp_path / "out", "--order-code", "47382").exit_code == 1
    return tmp_path / "out"


def _no_room(*_: Any) -> None:
    raise OSError


def shards(output: Path) -> list[str]:
    return sorted(folder.name for folder in (output / WORK / "shards").iterdir())


def test_a_killed_batch_goes_on_and_ends_as_one_that_was_not(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(PATIENTS // 2, export, tmp_path / "killed")
    left = shards(tmp_path / "killed")
    finished = [name for name in left if not name.startswith(HALF)]
    assert len(left) == len(finished) + 1, "the shard it was killed in is there by halves"
    assert finished
    assert not (tmp_path / "killed" / "determinations.ndjson").exists()

    begun: list[int] = []
    read = evaluation.records_of
    monkeypatch.setattr(
        evaluation, "records_of", lambda job, shard, reach: begun.append(shard) or read(job, shard, reach)
    )
    monkeypatch.setattr(partition, "lines_of", lambda path: pytest.fail("the export was split already"))
    assumed(export, tmp_path / "killed")
    assert set(begun).isdisjoint(map(int, finished))

    monkeypatch.undo()
    assumed(export, tmp_path / "whole")
    for name in RESULTS:
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_batch_killed_again_and_again_still_ends(export: Path, tmp_path: Path) -> None:
    for orders in (3, 9):
        killed_after(orders, export, tmp_path / "out")
    assumed(export, tmp_path / "out")
    assert len(said(tmp_path / "out")) == PATIENTS


def test_what_an_earlier_run_split_by_halves_does_not_count(export: Path, stopped: Path) -> None:
    parts = stopped / WORK / "parts"
    (parts / "00000").rename(parts / f"{HALF}x")
    (parts / f"{HALF}x" / "00000.ndjson").write_bytes(b'["p0","Condition",0')
    assumed(export, stopped)
    assert len(said(stopped)) == PATIENTS


def test_processes_end_with_the_one_they_work_for() -> None:
    command = [sys.executable, "-m", "tests.batch.orphans"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        process.communicate(timeout=120)  # the output ends when nobody holds it any more
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--order-code", "47383"], "order_code was 47382"),
        (["--order-code", "47382", "--as-of", "2026-11-25"], "today was 2026-11-24"),
        (["--order-code", "47382", "--accept-losses"], "accepts_losses was False"),
    ],
)
def test_another_question_does_not_go_on_with_the_work_of_an_earlier_one(
    export: Path, stopped: Path, words: list[str], told: str
) -> None:
    shown = batch(export, stopped, *words)
    assert shown.exit_code == 1
    assert told in shown.output
    assert "--restart" in shown.output
    assert batch(export, stopped, *words, "--restart").exit_code == 0


def test_an_export_that_changed_is_not_gone_on_with(export: Path, stopped: Path) -> None:
    with (export / "Condition.ndjson").open("ab") as file:
        file.write(b"\n")
    shown = batch(export, stopped, "--order-code", "47382")
    assert shown.exit_code == 1
    assert "(files)" in shown.output


def test_work_of_a_version_nobody_can_read_is_said_to_be_so(export: Path, stopped: Path) -> None:
    (stopped / WORK / "job.json").write_text("{}", "utf-8")
    shown = batch(export, stopped, "--order-code", "47382")
    assert "(software)" in shown.output


def test_a_finished_batch_is_not_written_over_unasked(export: Path, tmp_path: Path) -> None:
    assumed(export, tmp_path / "out")
    shown = batch(export, tmp_path / "out", "--order-code", "47383")
    assert shown.exit_code == 1
    assert "holds a finished batch" in shown.output
    assert {line["order"] for line in said(tmp_path / "out")} == {"ServiceRequest/assumed-47382"}


def test_two_batches_do_not_work_in_one_folder(export: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with held(tmp_path / "out"):
        shown = batch(export, tmp_path / "out", "--order-code", "47382", "--restart")
    assert shown.exit_code == 1
    assert "another batch is at work" in shown.output


def test_what_else_lies_in_the_folder_is_left_alone(export: Path, tmp_path: Path) -> None:
    for name in ("half-a-report", "work", "other.ndjson"):
        (tmp_path / "out" / name).mkdir(parents=True)
    assumed(export, tmp_path / "out", "--restart")
    assert {"half-a-report", "work", "other.ndjson"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_when_all_is_done_only_the_results_are_left_and_only_for_their_owner(export: Path, tmp_path: Path) -> None:
    assumed(export, tmp_path / "new" / "out")
    left = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "new" / "out").iterdir()}
    assert {name for name in left if not name.startswith(".")} == set(RESULTS)
    assert {left[name] for name in RESULTS} == {0}
    assert (tmp_path / "new" / "out").stat().st_mode & 0o077 == 0
