"""What an export lacks is unknown, never empty: types without a file, lines that are lost, files that break off."""

import gzip
import json
from pathlib import Path

import pytest

from tests.batch.building import CORE, assumed, outcomes, resources_of, said, summary, write_export


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", resources_of("p1"), resources_of("p2"))


def add(export: Path, kind: str, text: bytes) -> None:
    with (export / f"{kind}.ndjson").open("ab") as file:
        file.write(text)


def test_a_whole_export_is_judged(export: Path, tmp_path: Path) -> None:
    assumed(export, tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "covered", "Patient/p2": "covered"}
    assert summary(tmp_path / "out")["badLines"] == 0
    kinds = [one["resourceType"] for one in (*resources_of("p1"), *resources_of("p2"))]
    assert summary(tmp_path / "out")["lines"] == {kind: kinds.count(kind) for kind in kinds}


@pytest.mark.parametrize("kind", ["Condition", "Observation"])
def test_a_core_type_without_a_file_is_unread_for_everyone(export: Path, tmp_path: Path, kind: str) -> None:
    (export / f"{kind}.ndjson").unlink()
    shown = assumed(export, tmp_path / "out")
    assert set(outcomes(tmp_path / "out").values()) == {"undetermined"}
    assert f"{kind} counts as unread for every patient: it is not in the export" in shown.output
    assert f"{kind} was not read: it is not in the export" in said(tmp_path / "out")[0]["notes"]


def test_an_empty_file_of_a_type_says_that_there_is_none(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", [{"resourceType": "Patient", "id": "p1"}], types=CORE)
    assumed(export, tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "missing-documentation"}


def test_a_patient_without_anything_in_an_export_that_lacks_a_type_is_not_asked_for_documents(tmp_path: Path) -> None:
    export = write_export(
        tmp_path / "export", [{"resourceType": "Patient", "id": "p1"}], types=("Patient", "Condition")
    )
    assumed(export, tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "undetermined"}


def test_a_supplementary_type_without_a_file_is_not_offered_as_by_an_ehr(export: Path, tmp_path: Path) -> None:
    assumed(export, tmp_path / "out")
    assert "notRead" not in summary(tmp_path / "out")


ANOTHER = json.dumps(
    {"resourceType": "Condition", "id": "x", "subject": {"reference": "Patient/p2"}, "code": {}}
).encode()


def test_a_lost_line_that_names_its_patient_is_unread_for_this_one_only(export: Path, tmp_path: Path) -> None:
    lines = (export / "Condition.ndjson").read_bytes()
    count = lines.count(b"\n")
    add(export, "Condition", ANOTHER.replace(b'"x"', b"NaN"))
    shown = assumed(export, tmp_path / "out")
    place = f"Condition.ndjson:{count + 1}"
    assert outcomes(tmp_path / "out") == {"Patient/p1": "covered", "Patient/p2": "undetermined"}
    (told,) = (line for line in said(tmp_path / "out") if line["patient"] == "Patient/p2")
    assert f"Condition was not read: {place} is lost" in told["notes"]
    assert f"  {place}: it is not JSON in UTF-8" in shown.output


@pytest.mark.parametrize("bytes_missing", [1, 3, len(ANOTHER) - 20])
def test_a_file_cut_off_within_a_line_leaves_its_type_open_for_everyone(
    export: Path, tmp_path: Path, bytes_missing: int
) -> None:
    add(export, "Condition", ANOTHER[:-bytes_missing])
    assumed(export, tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "undetermined", "Patient/p2": "undetermined"}


def test_a_patient_named_by_what_is_left_of_a_line_stays_unread_where_losses_are_accepted(
    export: Path, tmp_path: Path
) -> None:
    add(export, "Condition", ANOTHER[:-3])
    assumed(export, tmp_path / "out", "--accept-losses")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "covered", "Patient/p2": "undetermined"}


LOST = b'{"resourceType":"Condition","id":"x","cli\n'


def test_a_lost_line_of_nobody_we_know_may_be_anyones(export: Path, tmp_path: Path) -> None:
    add(export, "Condition", LOST)
    shown = assumed(export, tmp_path / "out")
    assert set(outcomes(tmp_path / "out").values()) == {"undetermined"}
    assert "Condition counts as unread for every patient: lines of the export are lost" in shown.output


def test_whoever_accepts_the_losses_has_the_rest_judged_and_is_told_of_them(export: Path, tmp_path: Path) -> None:
    add(export, "Condition", LOST)
    shown = assumed(export, tmp_path / "out", "--accept-losses")
    assert set(outcomes(tmp_path / "out").values()) == {"covered"}
    assert "1 of" in shown.output
    assert summary(tmp_path / "out")["lossesAccepted"] is True


def test_a_loss_in_a_type_nobody_asks_for_changes_nothing(export: Path, tmp_path: Path) -> None:
    (export / "part.ndjson").write_bytes(b'{"resourceType":"Encounter"}\n{"resourceType":"Encounter","id":\n')
    assumed(export, tmp_path / "out")
    assert set(outcomes(tmp_path / "out").values()) == {"covered"}
    assert summary(tmp_path / "out")["badLines"] == 1


@pytest.mark.parametrize(
    ("name", "unread"),
    [("errors.ndjson", 11), ("OperationOutcome.ndjson", 11), ("Procedure.errors.ndjson", 1)],
)
def test_an_error_the_export_reports_leaves_open_what_it_may_be_about(
    export: Path, tmp_path: Path, name: str, unread: int
) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "out of disk"}]}
    (export / name).write_text(json.dumps(outcome), "utf-8")
    assumed(export, tmp_path / "out")
    assert len(summary(tmp_path / "out")["notRead"]) == unread
    assert summary(tmp_path / "out")["badLinesAt"] == [f"{name}:1: it is an error the export itself reports"]


def test_a_file_that_breaks_off_leaves_its_type_open(export: Path, tmp_path: Path) -> None:
    path = export / "Observation.ndjson"
    (export / "Observation.ndjson.gz").write_bytes(gzip.compress(path.read_bytes())[:-9])
    path.unlink()
    assumed(export, tmp_path / "out")
    (place,) = summary(tmp_path / "out")["badLinesAt"]
    assert place.startswith("Observation.ndjson.gz:")
    assert set(outcomes(tmp_path / "out").values()) == {"undetermined"}


def test_bad_lines_are_counted_and_all_of_them_named(export: Path, tmp_path: Path) -> None:
    first = 1 + (export / "Condition.ndjson").read_bytes().count(b"\n")
    add(export, "Condition", b"{secret\n" * 150)
    shown = assumed(export, tmp_path / "out")
    named = (tmp_path / "out" / "bad-lines.txt").read_text("utf-8").splitlines()
    assert [line.partition(": ")[0] for line in named] == [f"Condition.ndjson:{first + n}" for n in range(150)]
    assert summary(tmp_path / "out")["badLines"] == 150
    assert "secret" not in shown.output + "".join(named)
