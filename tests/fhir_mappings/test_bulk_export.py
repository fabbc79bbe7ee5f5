"""A Bulk Data export in a folder: which files are read, the type of each, and their lines by number."""

import gzip
import json
from pathlib import Path

import pytest

from fhir_mappings import bulk_export
from fhir_mappings.bulk_export import DAMAGED, find_export, find_unfinished, lines_of

CONDITION = json.dumps({"resourceType": "Condition", "id": "c1"}).encode() + b"\n"
ENCOUNTER = json.dumps({"resourceType": "Encounter", "id": "e1"}).encode() + b"\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Condition.ndjson", CONDITION, "Condition"),
        ("Condition.000.ndjson", CONDITION, "Condition"),
        ("1.Condition.ndjson", CONDITION, "Condition"),
        ("part-7.ndjson", CONDITION, "Condition"),
        ("Condition.ndjson", b"", "Condition"),
        ("Condition.ndjson", b"{broken\n" + CONDITION, "Condition"),
        ("Patient-group-Condition.ndjson", CONDITION, "Condition"),
        ("part-7.ndjson", b"", ""),
        ("part-7.ndjson", ENCOUNTER, "Encounter"),
    ],
)
def test_the_type_of_a_file_is_that_of_its_first_line_or_of_its_name(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert [file.resource_type for file in find_export(tmp_path)] == [kind]


@pytest.mark.parametrize("name", ["Encounter.ndjson", "0001.Encounter.ndjson"])
def test_a_file_of_a_type_nobody_asks_for_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(ENCOUNTER)
    assert find_export(tmp_path) == ()


def test_other_files_are_no_part_of_the_export_and_folders_are_searched(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(CONDITION)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "Condition.ndjson.gz").write_bytes(gzip.compress(CONDITION))
    assert [file.name for file in find_export(tmp_path)] == ["more/Condition.ndjson.gz"]


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "compressed"])
def test_lines_are_numbered_as_an_editor_numbers_them(tmp_path: Path, is_packed: bool) -> None:
    content = b'\xef\xbb\xbf{"a":1}\r\n\n   \n{"a":2}'
    path = tmp_path / ("Condition.ndjson.gz" if is_packed else "Condition.ndjson")
    path.write_bytes(gzip.compress(content) if is_packed else content)
    assert list(lines_of(path)) == [(1, b'{"a":1}'), (4, b'{"a":2}')]


def test_a_line_too_long_to_keep_is_cut_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_export, "MAX_LINE_BYTES", 10)
    path = tmp_path / "Condition.ndjson"
    path.write_bytes(b"x" * 35 + b"\n" + b"y" * 10 + b"\n" + b"short\n")
    assert list(lines_of(path)) == [(1, b"x" * 10), (2, b"y" * 10), (3, b"short")]


def test_half_a_download_and_what_is_packed_in_another_way_are_told_from_whole_files(tmp_path: Path) -> None:
    for name in ("Condition.ndjson", "A.ndjson.gz", "B.ndjson.part", "C.ndjson.zst", "Condition.ndjson.sha256"):
        (tmp_path / name).write_bytes(b"")
    assert find_unfinished(tmp_path) == ("B.ndjson.part", "C.ndjson.zst")


@pytest.mark.parametrize(
    "content",
    [gzip.compress(CONDITION * 9000)[:-20], CONDITION, b""],
    ids=["broken off", "no gzip", "broken off before it began"],
)
def test_a_compressed_file_that_is_damaged_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Condition.ndjson.gz"
    path.write_bytes(content)
    with pytest.raises(DAMAGED):
        list(lines_of(path))
    assert [file.resource_type for file in find_export(tmp_path)] == ["Condition"]
