"""The table of conformance accounts for every row, and the document says what the tests say."""

from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from tests.conformance.table import DOCUMENT, EVERY_ROW, NamingTest, Row, document, faults, naming_tests, rows

COMPLETE = [Row(number, "must", "something") for number in EVERY_ROW]
HELD = [NamingTest("test_x.py", f"test_{number}_is_held", (number,)) for number in EVERY_ROW]
LEVELS = {"must", "should", "follows", "kit", "own"}


def test_every_row_has_a_test_or_a_reason_and_every_test_a_row() -> None:
    assert faults(rows(), naming_tests()) == []


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(rows(), naming_tests()), "run python -m tests.conformance.table"


def test_every_row_has_a_level_and_stands_in_its_place() -> None:
    assert [row.id for row in rows()] == list(EVERY_ROW)
    assert {row.level for row in rows()} == LEVELS


def test_reasons_that_a_hook_is_not_offered_end_when_it_is(client: FlaskClient) -> None:
    offered = {service["hook"] for service in client.get("/cds-services").get_json()["services"]}
    given = {row.reason.partition(" ")[0] for row in rows() if "is not offered" in row.reason}
    assert given == {"order-dispatch"} - offered


def test_a_table_that_is_complete_has_no_faults() -> None:
    assert faults(COMPLETE, HELD) == []


def test_a_row_without_test_and_reason_is_a_fault() -> None:
    assert faults(COMPLETE, HELD[1:]) == ["CK01 has neither a test nor a reason"]


def test_a_row_with_a_reason_and_a_test_is_a_fault() -> None:
    explained = [replace(COMPLETE[0], reason="later"), *COMPLETE[1:]]
    assert faults(explained, HELD) == ["CK01 has a reason, and tests as well"]
    assert faults(explained, HELD[1:]) == []


def test_a_row_that_is_not_in_the_checklist_is_a_fault() -> None:
    assert faults(COMPLETE[:-1], HELD[:-1]) == ["CK65 is not in the checklist"]


def test_a_test_that_names_an_unknown_row_is_a_fault() -> None:
    stray = NamingTest("test_x.py", "test_CK66_and_CK1", ("CK66", "CK1"))
    assert [fault.partition(" ")[0] for fault in faults(COMPLETE, [*HELD, stray])] == ["CK1", "CK66"]


def test_tests_are_found_by_name_in_classes_and_folders_too(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "test_one.py").write_text(
        "class TestX:\n    def test_CK01_CK02_x(self): ...\n\n"
        "@pytest.mark.xfail(strict=True, reason='not yet')\nasync def test_CK03_y(): ...\n\n"
        "def helper_CK04(): ...\n\ndef test_nothing(): ...\n"
    )
    assert {(test.path, test.rows, test.fails) for test in naming_tests(tmp_path)} == {
        ("deeper/test_one.py", ("CK01", "CK02"), ""),
        ("deeper/test_one.py", ("CK03",), "not yet"),
    }


def test_the_document_shows_tests_reasons_and_what_is_known_to_fail() -> None:
    failing = NamingTest("test_x.py", "test_CK02_z", ("CK02",), "too slow")
    checklist = [Row("CK01", "must", "a", reason="later"), Row("CK02", "own", "b", note="c")]
    first, second = document(checklist, [failing]).splitlines()[-2:]
    assert first == "| CK01 | must | a | No test: later |"
    assert second == "| CK02 | own | b (c) | [`test_CK02_z`](../tests/test_x.py) **(known to fail: too slow)** |"
