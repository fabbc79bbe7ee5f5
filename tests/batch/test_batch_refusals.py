"""What a batch cannot be asked is refused before anything is read, with what can be asked."""

from pathlib import Path

import pytest

from tests.batch.building import batch, resources_of, write_export


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", resources_of("p1"))


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (["--policy", "999"], 1, "there is no policy 999; there is 151"),
        (["--order-code", "99213"], 1, "policy 151 does not address 99213; it addresses 47370, "),
        (["--compare", "2024-01-01"], 1, "there is no revision 2024-01-01 of policy 151; there is 2025-05-06"),
        (["--engine", "dask"], 1, "--engine dask and --scheduler ADDRESS go together"),
        (["--scheduler", "tcp://127.0.0.1:1"], 1, "--engine dask and --scheduler ADDRESS go together"),
        ([], 2, "there is no ServiceRequest to judge; give --order-code"),
        (["--as-of", "yesterday"], 2, "--as-of"),
    ],
)
def test_it_is_said_what_can_be_asked(
    export: Path, tmp_path: Path, words: list[str], exit_code: int, told: str
) -> None:
    shown = batch(export, tmp_path / "out", *words)
    assert shown.exit_code == exit_code
    assert told in shown.output
    assert not (tmp_path / "out").exists()


def test_a_folder_without_an_export_is_unreadable_input(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shown = batch(tmp_path / "empty", tmp_path / "out", "--order-code", "47382")
    assert shown.exit_code == 2
    assert "there is no .ndjson or .ndjson.gz file" in shown.output


def test_a_batch_does_not_pass_over_a_table_of_members_it_does_not_ask(export: Path, tmp_path: Path) -> None:
    shown = batch(export, tmp_path / "out", "--order-code", "47382", COVERAGE_HOOKS_MEMBERS="table")
    assert shown.exit_code == 1
    assert 'set members = "trust"' in shown.output


def test_half_a_download_beside_whole_files_is_unreadable_input(export: Path, tmp_path: Path) -> None:
    (export / "Condition.2.ndjson.part").write_bytes(b'{"resourceType":"Condition"')
    shown = batch(export, tmp_path / "out", "--order-code", "47382")
    assert shown.exit_code == 2
    assert "Condition.2.ndjson.part: unpack it or fetch it to its end, or take it away" in shown.output


def test_answers_are_not_written_into_the_export_they_would_be_read_with(export: Path) -> None:
    shown = batch(export, export / "out", "--order-code", "47382")
    assert shown.exit_code == 1
    assert "choose another" in shown.output


def test_a_code_that_is_asked_in_small_letters_is_the_same(export: Path, tmp_path: Path) -> None:
    assert batch(export, tmp_path / "out", "--order-code", "c2616").exit_code == 0
