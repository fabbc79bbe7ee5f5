"""When something fails: a record nobody foresaw, a full disk, a process that is killed. And no patient is told of."""

import errno
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from cds_service.batch import evaluation
from cds_service.batch.engines import Engine, EngineError, each_done
from cds_service.judging import judge
from tests.batch.building import assumed, batch, outcomes, resources_of, said, summary, write_export

NAME = "Okonkwo-Lindqvist"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    named = {"name": [{"family": NAME}]}
    return write_export(tmp_path / "export", resources_of("p1"), [one | named for one in resources_of("p2")])


def fail_on(patient_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge_or_fail(order: Any, others: Any, record: Any, coverage: Any, terms: Any) -> Any:
        if record.patient_id == patient_id:
            raise ValueError(f"{NAME} cannot be judged")
        return judge(order, others, record, coverage, terms)

    monkeypatch.setattr(evaluation, "judge", judge_or_fail)


def test_a_record_nobody_foresaw_costs_its_patient_the_answer_and_nobody_else(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fail_on("p2", monkeypatch)
    with caplog.at_level(logging.ERROR):
        assumed(export, tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "covered", "Patient/p2": "undetermined"}
    (line,) = (line for line in said(tmp_path / "out") if line["patient"] == "Patient/p2")
    assert line["notes"] == ["the service failed on this record"]
    assert summary(tmp_path / "out")["failures"] == 1
    (told,) = caplog.messages
    assert told.startswith("judging failed: ValueError in tests.batch.test_batch_failures judge_or_fail:")


def test_a_full_disk_stops_the_batch_which_goes_on_when_there_is_room(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), f"/exports/{NAME}")

    monkeypatch.setattr(evaluation, "_write", full)
    shown = batch(export, tmp_path / "out", "--order-code", "47382")
    assert shown.exit_code == 1
    assert "stopped: No space left on device, in " in shown.output
    assert "give the same command again" in shown.output
    assert NAME not in shown.output
    monkeypatch.undo()
    assumed(export, tmp_path / "out")


def test_no_patient_is_in_what_is_shown_logged_or_summed_up(
    export: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (export / "Condition.ndjson").open("a", encoding="utf-8") as file:
        file.write(f'{{"resourceType":"Condition","subject":{{"reference":"Patient/p2"}},"text":"{NAME}"\n')
    shown = assumed(export, tmp_path / "out", "--json")
    told = [shown.output, caplog.text, (tmp_path / "out" / "summary.json").read_text("utf-8")]
    told.append((tmp_path / "out" / "bad-lines.txt").read_text("utf-8"))
    for text in told:
        assert NAME not in text
        assert "p2" not in text
    assert "Condition.ndjson:" in told[-1]


def fail(number: int) -> None:
    raise ValueError(f"patient {number}")


def die(_: int) -> None:
    os._exit(1)


def test_an_error_in_a_process_says_where_it_was_and_not_its_message() -> None:
    with pytest.raises(EngineError) as raised:
        list(each_done(Engine(workers=2), fail, [1, 2]))
    assert str(raised.value).startswith("ValueError, in tests.batch.test_batch_failures fail:")


def test_a_process_that_is_killed_stops_the_batch_with_a_reason() -> None:
    with pytest.raises(EngineError, match="the engine failed with BrokenProcessPool"):
        list(each_done(Engine(workers=2), die, [1, 2]))
