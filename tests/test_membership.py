"""The coverage of an order as the payer's own directory knows it (resp-44, resp-45; CRD, error matrix)."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from cds_service import check_of
from cds_service.member_directory import Membership, MemberTable, TrustCoverage, membership
from cds_service.membership import coverage_of
from cds_service.settings import Settings
from cds_service.store.errors import StoreUnavailable
from cds_service.store.members import Enrollment, StoredMembers
from fhir_mappings.coverage import Resolved, Standing
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.member_numbers import MemberNumbers
from tests.fhir_mappings.building import PATIENT, TODAY, order_of, record_of

OVER = date(2026, 1, 31)
MB = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MB"}]}
PLANS = [{"id": "PPO-1", "line_of_business": "commercial"}, {"id": "OHP-9", "line_of_business": "medicaid"}]
PAYER = {"id": "a", "label": "A", "identifiers": ["ours"], "plans": PLANS}
COVERAGE = {
    "resourceType": "Coverage", "id": "c1", "status": "active", "subscriberId": "S1", "payor": [{"display": "ours"}],
    "beneficiary": {"reference": f"Patient/{PATIENT}"}, "class": [{"value": "PPO-1"}],
}  # fmt: skip


class Listed(StoredMembers):
    """A table in memory: enrollments by number."""

    def __init__(self, **enrollments: Sequence[Enrollment]) -> None:
        self.listed = enrollments

    def enrollments(self, payer: str, numbers: Sequence[str]) -> tuple[Enrollment, ...]:
        assert payer == "a"
        return tuple(one for number in numbers for one in self.listed.get(number, ()))


class Down(StoredMembers):
    """A database that does not answer."""

    def __init__(self) -> None: ...

    def enrollments(self, payer: str, numbers: Sequence[str]) -> tuple[Enrollment, ...]:
        raise StoreUnavailable("the database cannot be used (OperationalError)")


def resolved(stored: StoredMembers | None, *resources: Any, **unread: str) -> Resolved:
    directory = MemberTable(stored) if stored else TrustCoverage()
    payers: Any = [PAYER]
    check = check_of(Settings(auth="off", payers=payers), directory)
    return coverage_of(order_of(), record_of(*resources, unread=unread), check, TODAY)


@pytest.mark.parametrize(
    ("enrollments", "plans", "expected"),
    [
        pytest.param((), ("PPO-1",), Membership(Standing.NO_MEMBER), id="nobody of this number"),
        pytest.param((Enrollment("PPO-1"),), ("PPO-1",), Membership(Standing.ACTIVE, "PPO-1"), id="in the plan told"),
        pytest.param(
            (Enrollment(""),), ("PPO-1",), Membership(Standing.ACTIVE), id="in a plan the table does not tell"
        ),
        pytest.param((Enrollment("PPO-1", None, OVER),), ("PPO-1",), Membership(Standing.INACTIVE), id="over"),
        pytest.param(
            (Enrollment("PPO-1", None, OVER), Enrollment("OHP-9")),
            ("PPO-1",),
            Membership(Standing.ACTIVE, "OHP-9"),
            id="in another plan by now",
        ),
        pytest.param(
            (Enrollment("PPO-1"), Enrollment("OHP-9")),
            ("OHP-9",),
            Membership(Standing.ACTIVE, "OHP-9"),
            id="of two plans the one told",
        ),
        pytest.param(
            (Enrollment("PPO-1"), Enrollment("OHP-9")),
            ("", "PPO-1", "OHP-9"),
            Membership(Standing.SEVERAL),
            id="of two plans none told",
        ),
        pytest.param(
            (Enrollment("PPO-1", None, OVER), Enrollment("PPO-1", date(2026, 2, 1))),
            ("PPO-1",),
            Membership(Standing.ACTIVE, "PPO-1"),
            id="renewed",
        ),
    ],
)
def test_a_member_stands_as_the_enrollments_of_the_day_say(
    enrollments: tuple[Enrollment, ...], plans: tuple[str, ...], expected: Membership
) -> None:
    assert membership(enrollments, plans, TODAY) == expected


def test_by_default_each_coverage_is_taken_at_its_word() -> None:
    assert resolved(None, COVERAGE).standing is Standing.ACTIVE
    assert resolved(None, COVERAGE | {"status": "cancelled"}).standing is Standing.INACTIVE
    assert TrustCoverage().look_up("a", MemberNumbers(), (), TODAY) is None


def test_the_directory_is_asked_by_the_most_telling_number_it_knows() -> None:
    own = COVERAGE | {"identifier": [{"type": MB, "value": "M1"}]}
    over, active = [Enrollment("PPO-1", None, OVER)], [Enrollment("PPO-1")]
    assert resolved(Listed(M1=over, S1=active), own).standing is Standing.INACTIVE
    assert resolved(Listed(S1=active), own).standing is Standing.ACTIVE


def test_a_number_that_only_the_patient_tells_is_looked_for_too() -> None:
    patient = {"resourceType": "Patient", "id": PATIENT, "identifier": [{"type": MB, "value": "M1"}]}
    assert resolved(Listed(M1=[Enrollment("PPO-1")]), COVERAGE, patient).standing is Standing.ACTIVE


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        pytest.param({}, Standing.NO_MEMBER, id="a number nobody has"),
        pytest.param({"subscriberId": None}, Standing.NO_NUMBER, id="no number"),
        pytest.param({"subscriberId": None, "period": {"end": "2026-01-31"}}, Standing.INACTIVE, id="none, and over"),
        pytest.param({"period": {"end": "2026-01-31"}}, Standing.NO_MEMBER, id="a number nobody has, and over"),
    ],
)
def test_who_is_not_known_is_no_member_and_who_tells_no_number_is_not_known(told: Any, standing: Standing) -> None:
    assert resolved(Listed(), COVERAGE | told).standing is standing


@pytest.mark.parametrize("told", [{}, {"subscriberId": None}])
def test_a_patient_that_was_not_read_may_have_the_number_that_is_known(told: Any) -> None:
    assert resolved(Listed(), COVERAGE | told, Patient="HTTP status 500").standing is Standing.UNREAD


@pytest.mark.parametrize("told", [{}, {"status": "cancelled"}], ids=["active by the record", "over by the record"])
def test_a_directory_that_is_down_denies_nothing_and_names_nobody(told: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert resolved(Down(), COVERAGE | told).standing is Standing.UNREAD
    assert "the member directory cannot be read" in caplog.text
    assert "S1" not in caplog.text


def test_the_plan_the_directory_lists_is_the_plan() -> None:
    moved = resolved(Listed(S1=[Enrollment("OHP-9")]), COVERAGE)
    assert (moved.plans, moved.line_of_business) == (("OHP-9",), LineOfBusiness.MEDICAID)
    assert "lists another plan" in moved.notes[-1]
    same = resolved(Listed(S1=[Enrollment("PPO-1")]), COVERAGE)
    assert (same.plans, same.line_of_business, same.notes) == (("PPO-1",), LineOfBusiness.COMMERCIAL, ())


def test_a_plan_only_the_directory_knows_tells_the_line_of_business() -> None:
    found = resolved(Listed(S1=[Enrollment("OHP-9")]), COVERAGE | {"class": None})
    assert (found.line_of_business, found.notes) == (LineOfBusiness.MEDICAID, ())


def test_a_member_without_a_plan_is_in_the_one_the_coverage_tells() -> None:
    assert resolved(Listed(S1=[Enrollment()]), COVERAGE).plans == ("PPO-1",)


def test_a_coverage_that_was_renewed_with_the_payer_is_active_and_the_card_says_why() -> None:
    found = resolved(Listed(S1=[Enrollment("PPO-1")]), COVERAGE | {"period": {"end": "2026-01-31"}})
    assert found.standing is Standing.ACTIVE
    assert "lists the member as active" in found.notes[-1]


def test_two_coverages_or_none_are_not_looked_up() -> None:
    assert resolved(Down(), COVERAGE, COVERAGE | {"id": "c2"}).standing is Standing.SEVERAL
    assert resolved(Down()).standing is Standing.NOT_CHECKED
