"""The tables of conformance account for every row, and the documents say what the tests say."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conformance.checklist import Checklist, Row
from tests.conformance.naming_tests import NamingTest, naming_tests
from tests.conformance.proofs import Proofs, document, faults, proofs
from tests.conformance.table import CDS_HOOKS, CHECKLISTS, CRD, DOCUMENTS, all_proofs, found_for

FOUR = tuple(f"CK0{number}" for number in range(1, 5))
COMPLETE = Checklist("x.md", "head\n", FOUR, re.compile(r"CK\d+"), tuple(Row(n, "must", "something") for n in FOUR))
HELD = [NamingTest("test_x.py", f"test_{number}_is_held", (number,)) for number in FOUR]
LEVELS = {
    CDS_HOOKS.document: {"must", "should", "follows", "kit", "own"},
    CRD.document: {"must", "must not", "should", "should not", "may", "own"},
}


@pytest.fixture(scope="module")
def held() -> Proofs:
    return all_proofs()


def faults_of(checklist: Checklist, found: list[NamingTest]) -> list[str]:
    return faults(checklist, proofs(checklist.rows, found), found)


def with_first(**changes: object) -> Checklist:
    first, *rest = COMPLETE.rows
    return replace(COMPLETE, rows=(replace(first, **changes), *rest))


@pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda c: c.document)
class TestEachTable:
    def test_CRDF82_every_row_has_a_test_or_a_reason_and_every_test_a_row(
        self, checklist: Checklist, held: Proofs
    ) -> None:
        assert faults(checklist, held, found_for(checklist)) == []

    def test_the_document_is_up_to_date(self, checklist: Checklist, held: Proofs) -> None:
        written = (DOCUMENTS / checklist.document).read_text("utf-8")
        assert written == document(checklist, held), "run python -m tests.conformance.table"

    def test_every_row_has_a_level_and_stands_in_its_place(self, checklist: Checklist) -> None:
        assert [row.id for row in checklist.rows] == list(checklist.every_row)
        assert {row.level for row in checklist.rows} == LEVELS[checklist.document]

    def test_reasons_that_a_hook_is_not_offered_end_when_it_is(self, checklist: Checklist, client: FlaskClient) -> None:
        offered = {service["hook"] for service in client.get("/cds-services").get_json()["services"]}
        for row in checklist.rows:
            hooks = set(re.findall(r"(?:order|encounter|appointment)-[a-z]+", f"{row.check} {row.note}"))
            if "ot offered yet" in row.reason + row.note:
                assert not hooks & offered, row.id


def test_a_table_that_is_complete_has_no_faults() -> None:
    assert faults_of(COMPLETE, HELD) == []


def test_a_row_without_test_and_reason_is_a_fault() -> None:
    assert faults_of(COMPLETE, HELD[1:]) == ["CK01 has neither a test nor a reason"]


def test_a_row_with_a_reason_and_a_test_is_a_fault() -> None:
    explained = with_first(reason="later")
    assert faults_of(explained, HELD) == ["CK01 has a reason, and tests as well"]
    assert faults_of(explained, HELD[1:]) == []


def test_a_row_that_is_not_in_the_checklist_is_a_fault() -> None:
    assert faults_of(replace(COMPLETE, rows=COMPLETE.rows[:-1]), HELD[:-1]) == ["CK04 is not in the checklist"]


def test_a_test_that_names_an_unknown_row_is_a_fault() -> None:
    stray = NamingTest("test_x.py", "test_CK66_and_CK1", ("CK66", "CK1"))
    assert [fault.partition(" ")[0] for fault in faults_of(COMPLETE, [*HELD, stray])] == ["CK1", "CK66"]


def test_a_row_is_held_by_the_tests_of_the_rows_it_leans_on() -> None:
    leaning = with_first(held_by=("CK02", "CK03"))
    assert faults_of(leaning, HELD[1:]) == []
    assert [test.rows for test in proofs(leaning.rows, HELD)["CK01"]] == [("CK01",), ("CK02",), ("CK03",)]


@pytest.mark.parametrize("nothing", ["CK02", "CK99"])
def test_a_row_that_leans_on_one_no_test_holds_is_a_fault(nothing: str) -> None:
    first, second, *rest = with_first(held_by=(nothing,)).rows
    unheld = replace(COMPLETE, rows=(first, replace(second, reason="later"), *rest))
    assert faults_of(unheld, [HELD[0], *HELD[2:]]) == [f"CK01 leans on {nothing}, which no test holds"]


def test_a_test_may_name_a_row_by_the_guides_own_requirement() -> None:
    assert CRD.named_in("test_resp_37_nothing_else_changes") == ("CRD75",)
    assert CRD.named_in("test_resp_26_resp_32_x") == ("CRD51", "CRD71", "CRD74")
    assert CRD.named_in("test_crd_ci_q3_and_CRDF83_x") == ("CRDF39", "CRDF83")
    assert CRD.named_in("test_resp_99_x") == ("resp-99",), "a requirement of no row stands for itself"
    assert CRD.named_in("test_the_2_resources_of_CK12") == ()


def test_tests_are_found_by_name_in_classes_and_folders_too(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "test_one.py").write_text(
        "class TestX:\n    def test_CK01_CK02_x(self): ...\n\n"
        "@pytest.mark.xfail(strict=True, reason='not yet')\nasync def test_CK03_y(): ...\n\n"
        "def helper_CK04(): ...\n\ndef test_nothing(): ...\n"
    )
    assert {(test.path, test.rows, test.fails) for test in naming_tests(CDS_HOOKS, tmp_path)} == {
        ("deeper/test_one.py", ("CK01", "CK02"), ""),
        ("deeper/test_one.py", ("CK03",), "not yet"),
    }


def test_the_document_shows_tests_reasons_requirements_and_what_is_known_to_fail() -> None:
    failing = NamingTest("test_x.py", "test_CK02_z", ("CK02",), "too slow")
    rows = (Row("CK01", "must", "a", requirements=("r-1", "r-2"), reason="later"), Row("CK02", "own", "b", note="c"))
    first, second = document(replace(COMPLETE, rows=rows), proofs(rows, [failing])).splitlines()[-2:]
    assert first == "| CK01<br>r-1, r-2 | must | a | No test: later |"
    assert second == "| CK02 | own | b (c) | [`test_CK02_z`](../tests/test_x.py) **(known to fail: too slow)** |"
