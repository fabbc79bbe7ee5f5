"""Which numbers tell who a member is: by Coverage and Patient, never by name."""

from typing import Any

import pytest

from fhir_mappings.member_numbers import MemberNumbers, member_numbers, normal_number
from fhir_mappings.record import Resource

MB = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MB"}]}
MR = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
SELF = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "self"}]}
CHILD = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "child"}]}
P1, P2 = {"reference": "Patient/p1"}, {"reference": "Patient/p2"}
THEIRS = "https://payer.example/members"


def numbers(coverage: dict[str, Any], patient: dict[str, Any] | None = None, *systems: str) -> MemberNumbers:
    patients = [Resource("Patient/p1", patient)] if patient else []
    return member_numbers(Resource("Coverage/c1", coverage), patients, systems)


def identifier(value: Any, kind: Any = None, system: str = "https://elsewhere.example") -> dict[str, Any]:
    return {"identifier": [{"type": kind, "system": system, "value": value}]}


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        ({}, MemberNumbers()),
        ({"subscriberId": "S1"}, MemberNumbers(subscriber=("S1",))),
        ({"subscriberId": "S1", "relationship": SELF}, MemberNumbers(("S1",), (), ("S1",))),
        ({"subscriberId": "S1", "relationship": CHILD}, MemberNumbers(subscriber=("S1",))),
        ({"subscriberId": "S1", "relationship": {"coding": [{"code": "self"}]}}, MemberNumbers(subscriber=("S1",))),
        (
            {"subscriberId": "S1", "subscriber": P1, "beneficiary": P1},
            MemberNumbers(("S1",), (), ("S1",)),
        ),
        (
            {"subscriberId": "S1", "subscriber": P2, "beneficiary": P1},
            MemberNumbers(subscriber=("S1",)),
        ),
        (identifier("S101", MB) | {"subscriberId": "S1"}, MemberNumbers(("S101",), (), ("S1",))),
        (identifier("123", MR), MemberNumbers()),
        (identifier("123"), MemberNumbers()),
        (identifier(123, MB), MemberNumbers()),
        (identifier("  ", MB), MemberNumbers()),
        ({"subscriberId": ["S1"]}, MemberNumbers()),
    ],
    ids=[
        "nothing", "a subscriber, whoever that is", "the patient is the subscriber", "a child of the subscriber",
        "self in no code system", "subscriber and patient are one", "the subscriber is another", "a member number",
        "a hospital's number", "an identifier of no type", "a number that is no text", "a blank", "a list",
    ],
)  # fmt: skip
def test_a_coverage_tells_the_patients_own_number_or_a_subscribers(
    coverage: dict[str, Any], expected: MemberNumbers
) -> None:
    assert numbers(coverage) == expected


@pytest.mark.parametrize(
    ("patient", "systems", "expected"),
    [
        (identifier("M1", MB), (), ("M1",)),
        (identifier("M1", MR), (), ()),
        (identifier("M1", MB), (THEIRS,), ()),
        (identifier("M1", MR, THEIRS), (THEIRS,), ("M1",)),
        (identifier("M1", None, THEIRS), (THEIRS,), ("M1",)),
    ],
    ids=["a member number", "a hospital's", "a member number of another payer", "of theirs", "of theirs, untyped"],
)
def test_a_patients_number_is_the_payers_by_its_system_or_for_want_of_one_by_its_type(
    patient: dict[str, Any], systems: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert numbers({}, patient, *systems).on_patient == expected


def test_an_identifier_of_theirs_on_the_coverage_counts_without_a_type() -> None:
    assert numbers(identifier("M1", None, THEIRS), None, THEIRS).on_coverage == ("M1",)


def test_the_most_telling_numbers_are_looked_for_first() -> None:
    found = numbers(identifier("M1", MB) | {"subscriberId": "S1"}, identifier("M2", MB))
    assert found.best_first() == (("M1",), ("M2",), ("S1",))
    assert found.own == ("M1",)
    assert numbers({"subscriberId": "S1"}, identifier("M2", MB)).own == ("M2",)
    assert numbers({"subscriberId": "S1"}).own == ()


@pytest.mark.parametrize(
    ("written", "normal"),
    [("w123 4567 89", "W123456789"), (" W1\t", "W1"), ("W-1", "W-1"), ("0012", "0012"), ("", "")],
)
def test_blanks_and_case_mean_nothing_in_a_number_and_all_else_does(written: str, normal: str) -> None:
    assert normal_number(written) == normal
