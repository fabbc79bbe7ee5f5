"""Files and folders of a batch are whole or not there."""

from pathlib import Path

import pytest

from cds_service.batch.workspace import finished_file, finished_together


def test_a_folder_has_its_name_only_when_all_is_written(tmp_path: Path) -> None:
    with finished_together(tmp_path / "shards" / "1") as half:
        (half / "a").write_text("a", "utf-8")
        assert not (tmp_path / "shards" / "1").exists()
    assert (tmp_path / "shards" / "1" / "a").read_text("utf-8") == "a"


def test_of_two_that_do_the_same_work_the_quicker_is_kept(tmp_path: Path) -> None:
    with finished_together(tmp_path / "1") as slow:
        (slow / "a").write_text("slow", "utf-8")
        with finished_together(tmp_path / "1") as quick:
            (quick / "a").write_text("quick", "utf-8")
    assert (tmp_path / "1" / "a").read_text("utf-8") == "quick"
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


def test_a_folder_that_cannot_get_its_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError), finished_together(tmp_path / "1") as half:  # noqa: PT011 - its kind is the system's
        half.rmdir()


def test_what_failed_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), finished_together(tmp_path / "1") as half:
        (half / "a").write_text(str(1 / 0), "utf-8")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_finished_leaves_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before", "utf-8")
    with pytest.raises(ZeroDivisionError), finished_file(tmp_path / "a") as file:
        file.write(b"after %d" % (1 / 0))
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("a", "before")]
