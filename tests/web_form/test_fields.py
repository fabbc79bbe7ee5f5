"""What is typed and picked, read as answers of the form, or said to be unusable."""

from typing import Any

import pytest

from cds_service.dtr.questions import BY_LINK_ID
from cds_service.web_form.fields import read_fields
from cds_service.web_form.respondent import read_respondent

BOOLEAN, CHOICE, INTEGER, LENGTH = (
    "resection-feasible", "child-pugh-class", "liver-tumor-count", "largest-liver-tumor-cm",
)  # fmt: skip


def said(**posted: Any) -> Any:
    """Fields as they are posted: a string stands for one value; underlines for hyphens, two for a point."""
    named = {name.replace("__", ".").replace("_", "-"): value for name, value in posted.items()}
    lists = {name: [value] if isinstance(value, str) else value for name, value in named.items()}
    return read_fields(lists, (BY_LINK_ID[q] for q in (BOOLEAN, CHOICE, INTEGER, LENGTH)))


@pytest.mark.parametrize(
    ("posted", "link_id", "held"),
    [
        ({"resection_feasible": "yes"}, BOOLEAN, {"valueBoolean": True}),
        ({"resection_feasible": "no"}, BOOLEAN, {"valueBoolean": False}),
        ({"liver_tumor_count": "3"}, INTEGER, {"valueInteger": 3}),
        ({"liver_tumor_count": " 3 "}, INTEGER, {"valueInteger": 3}),
    ],
)
def test_a_plain_answer_is_a_value(posted: dict[str, Any], link_id: str, held: dict[str, Any]) -> None:
    found = said(**posted)
    assert (found.answers, found.faults) == ({link_id: held}, {})


def test_a_choice_is_a_coding_with_its_system() -> None:
    coding = said(child_pugh_class="710065009").answers[CHOICE]["valueCoding"]
    assert (coding["system"], coding["code"]) == ("http://snomed.info/sct", "710065009")


@pytest.mark.parametrize(("unit", "expected"), [({}, "cm"), ({"unit": "cm"}, "cm"), ({"unit": "mm"}, "mm")])
def test_a_length_has_the_unit_that_is_picked(unit: dict[str, str], expected: str) -> None:
    units = {"largest_liver_tumor_cm__unit": unit["unit"]} if unit else {}
    quantity = said(largest_liver_tumor_cm="3.5", **units).answers[LENGTH]["valueQuantity"]
    assert (quantity["value"], quantity["code"], quantity["system"]) == (3.5, expected, "http://unitsofmeasure.org")


@pytest.mark.parametrize(
    "posted",
    [
        {"resection_feasible": "dont-know"},
        {"child_pugh_class": "dont-know"},
        {"liver_tumor_count__unknown": "on"},
        {"liver_tumor_count": "", "liver_tumor_count__unknown": "on"},
    ],
)
def test_what_a_person_does_not_know_is_left_open_and_never_a_no(posted: dict[str, Any]) -> None:
    found = said(**posted)
    assert (found.answers, found.faults, len(found.left_open)) == ({}, {}, 1)


@pytest.mark.parametrize("posted", [{}, {"resection_feasible": "as-recorded"}, {"liver_tumor_count": "  "}])
def test_what_is_not_answered_says_nothing(posted: dict[str, Any]) -> None:
    assert said(**posted) == type(said())()


@pytest.mark.parametrize(
    ("posted", "link_id", "expected"),
    [
        ({"resection_feasible": "maybe"}, BOOLEAN, "yes, no or don't know"),
        ({"resection_feasible": ["yes", "no"]}, BOOLEAN, "several came"),
        ({"child_pugh_class": "A"}, CHOICE, "one of the options"),
        ({"child_pugh_class": "<script>"}, CHOICE, "one of the options"),
        ({"liver_tumor_count": "three"}, INTEGER, "a whole number from 1 to 100"),
        ({"liver_tumor_count": "2.5"}, INTEGER, "a whole number from 1 to 100"),
        ({"liver_tumor_count": "-1"}, INTEGER, "a whole number from 1 to 100"),
        ({"liver_tumor_count": "0"}, INTEGER, "from 1 to 100"),
        ({"liver_tumor_count": "101"}, INTEGER, "from 1 to 100"),
        ({"liver_tumor_count": "9" * 10_000}, INTEGER, "a whole number"),
        ({"liver_tumor_count": "\u0663"}, INTEGER, "a whole number"),
        ({"liver_tumor_count": "3", "liver_tumor_count__unknown": "on"}, INTEGER, "leave one of them out"),
        ({"largest_liver_tumor_cm": "3,5"}, LENGTH, "with a point before decimals"),
        ({"largest_liver_tumor_cm": "1e3"}, LENGTH, "with a point before decimals"),
        ({"largest_liver_tumor_cm": "NaN"}, LENGTH, "a number is expected"),
        ({"largest_liver_tumor_cm": "3", "largest_liver_tumor_cm__unit": "in"}, LENGTH, "cm or mm"),
        ({"ecog_grade": "1"}, "ecog-grade", "this form does not ask it"),
    ],
)
def test_what_is_no_answer_is_named_by_its_field_with_what_is_expected(
    posted: dict[str, Any], link_id: str, expected: str
) -> None:
    found = said(**posted)
    assert list(found.faults) == [link_id]
    assert expected in found.faults[link_id]
    assert found.answers == {}


@pytest.mark.parametrize("value", ["0", "41", "9999"])
def test_a_length_no_tumor_has_is_refused_as_the_readers_refuse_it(value: str) -> None:
    assert list(said(largest_liver_tumor_cm=value).faults) == [LENGTH]


def test_one_fault_leaves_the_other_answers_usable() -> None:
    found = said(liver_tumor_count="x", resection_feasible="no")
    assert (list(found.answers), list(found.faults)) == ([BOOLEAN], [INTEGER])


@pytest.mark.parametrize(
    ("name", "role", "wrong"),
    [
        ("Ines Okafor", "nurse", []),
        ("", "nurse", ["author_name"]),
        ("   ", "nurse", ["author_name"]),
        ("\u202e\u200b", "nurse", ["author_name"]),
        ("x" * 121, "nurse", ["author_name"]),
        ("Ines Okafor", "", ["author_role"]),
        ("Ines Okafor", "patient", ["author_role"]),
    ],
)
def test_who_answers_is_told_by_name_and_a_role_of_the_clinical_staff(name: str, role: str, wrong: list[str]) -> None:
    assert list(read_respondent({"author_name": [name], "author_role": [role]})[1]) == wrong


def test_letters_that_turn_text_around_are_taken_out_of_a_name() -> None:
    assert read_respondent({"author_name": ["a\u202eb\x00  c"], "author_role": ["nurse"]})[0].name == "a b c"
