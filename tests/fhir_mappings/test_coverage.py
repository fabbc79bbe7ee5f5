"""Which coverage an order falls under, who answers, and the line of business (terminology 1.2; A62)."""

from typing import Any

import pytest

from fhir_mappings.coverage import Resolved, Standing, resolve_coverage
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.payers import Payer, Plan
from tests.fhir_mappings.building import PATIENT, TODAY, concept, order_of, record_of

ANYONE = Payer("demo", "Demonstration payer")
COMMERCIAL, MEDICAID = LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICAID
MEDICARE, UNKNOWN = LineOfBusiness.MEDICARE, LineOfBusiness.UNKNOWN


def coverage(kind: str = "sopt 51", identity: str = "c1", **more: Any) -> dict[str, Any]:
    whole = {
        "resourceType": "Coverage",
        "id": identity,
        "status": "active",
        "beneficiary": {"reference": f"Patient/{PATIENT}"},
        "payor": [{"reference": "Organization/payer", "display": "Example Health Plan"}],
    }
    return whole | ({"type": concept(kind)} if kind else {}) | more


def resolved(*resources: dict[str, Any], payers: tuple[Payer, ...] = (ANYONE,), **order: Any) -> Resolved:
    return resolve_coverage(record_of(*resources), order_of(**order), payers, TODAY)


def test_one_active_coverage_is_the_one() -> None:
    found = resolved(coverage("sopt 51"))
    assert ([c.reference for c in found.coverages], found.payer) == (["Coverage/c1"], ANYONE)
    assert (found.line_of_business, found.notes) == (COMMERCIAL, ())


def test_no_coverage_is_unknown_and_says_how_it_is_judged() -> None:
    found = resolved()
    assert (found.coverages, found.payer, found.line_of_business) == ((), None, UNKNOWN)
    assert found.notes == ("the line of business is not known: judged as commercial",)
    assert found.standing is Standing.NOT_CHECKED


def test_a_coverage_of_unknown_type_says_how_it_is_judged() -> None:
    found = resolved(coverage(""))
    assert (found.line_of_business, len(found.notes)) == (UNKNOWN, 1)


@pytest.mark.parametrize(
    ("more", "active"),
    [
        pytest.param({"status": "cancelled"}, False, id="cancelled"),
        pytest.param({"status": "draft"}, False, id="draft"),
        pytest.param({"status": None}, True, id="without a status"),
        pytest.param({"period": {"start": "2026-11-24"}}, True, id="begins today"),
        pytest.param({"period": {"start": "2026-11-25"}}, False, id="begins tomorrow"),
        pytest.param({"period": {"end": "2026-11-24"}}, True, id="ends today"),
        pytest.param({"period": {"end": "2026-11-23"}}, False, id="ended yesterday"),
        pytest.param({"period": {"start": "2026", "end": "2026"}}, True, id="this year"),
        pytest.param({"period": {"end": "2025"}}, False, id="last year"),
        pytest.param({"period": {"end": "open"}}, True, id="an end nobody can read"),
        pytest.param({"beneficiary": {"reference": "Patient/other"}}, False, id="of another patient"),
    ],
)
def test_a_coverage_counts_while_it_is_active(more: dict[str, Any], active: bool) -> None:
    assert (resolved(coverage(**more)).standing is Standing.ACTIVE) is active


@pytest.mark.parametrize("reference", ["Coverage/c2", "http://example.org/fhir/Coverage/c2", "Coverage/c2/_history/1"])
def test_the_coverage_named_by_the_order_counts_alone(reference: str) -> None:
    found = resolved(coverage("sopt 51"), coverage("sopt 11", "c2"), insurance=[{"reference": reference}])
    assert [c.reference for c in found.coverages] == ["Coverage/c2"]
    assert found.line_of_business is MEDICARE


def test_an_insurance_that_is_not_on_record_leaves_the_active_ones() -> None:
    assert resolved(coverage("sopt 21"), insurance=[{"reference": "Coverage/gone"}]).line_of_business is MEDICAID


def test_of_several_coverages_the_first_to_pay_counts() -> None:
    found = resolved(coverage("sopt 51", order=2), coverage("sopt 11", "c2", order=1), coverage("sopt 21", "c3"))
    assert ([c.reference for c in found.coverages], found.line_of_business) == (["Coverage/c2"], MEDICARE)


@pytest.mark.parametrize(
    ("kinds", "business", "noted"),
    [
        (("sopt 11", "sopt 21"), MEDICARE, False),
        (("sopt 51", "sopt 512"), COMMERCIAL, False),
        (("sopt 51", "sopt 99"), COMMERCIAL, False),
        (("sopt 51", "sopt 21"), UNKNOWN, True),
        (("sopt 51", "sopt 11"), UNKNOWN, True),
        (("sopt 99", "sopt 9"), UNKNOWN, True),
    ],
    ids=["dual eligible: Medicare first", "two of one line", "one known", "commercial and Medicaid",
         "commercial and Medicare", "none known"],
)  # fmt: skip
def test_several_coverages_without_an_order_count_together(
    kinds: tuple[str, str], business: LineOfBusiness, noted: bool
) -> None:
    found = resolved(coverage(kinds[0]), coverage(kinds[1], "c2"))
    assert (found.line_of_business, bool(found.notes)) == (business, noted)


@pytest.mark.parametrize(
    "payor",
    [
        {"identifier": {"value": "12345"}},
        {"display": "12345"},
        {"reference": "12345"},
        {"reference": "Organization/12345"},
        {"reference": "http://example.org/fhir/Organization/12345"},
    ],
    ids=["identifier", "display", "reference", "its id", "absolute reference"],
)
def test_a_coverage_is_a_payers_by_identifier_name_or_reference(payor: dict[str, Any]) -> None:
    mine = Payer("p", "P", identifiers=("12345",))
    assert resolved(coverage(payor=[payor]), payers=(mine,)).payer == mine
    assert resolved(coverage(payor=[{"display": "x"}, payor]), payers=(mine,)).payer == mine


def test_a_coverage_of_a_payer_we_do_not_answer_for_is_not_ours() -> None:
    mine = Payer("p", "P", identifiers=("12345",))
    found = resolved(coverage(), payers=(mine,))
    assert (found.payer, found.coverages, found.line_of_business) == (None, (), UNKNOWN)
    assert resolved(coverage(payor=None), payers=(mine,)).payer is None


def test_a_coverage_that_two_payers_share_is_one_coverage_of_the_first() -> None:
    first = Payer("a", "A", identifiers=("one",))
    second = Payer("b", "B", identifiers=("two",))
    found = resolved(coverage(payor=[{"display": "two"}, {"display": "one"}]), payers=(first, second))
    assert (len(found.coverages), found.payer) == (1, first)


def test_each_coverage_finds_its_own_payer() -> None:
    first = Payer("a", "A", identifiers=("one",))
    second = Payer("b", "B", identifiers=("two",))
    found = resolved(coverage(payor=[{"display": "two"}]), payers=(first, second))
    assert found.payer == second


def test_a_coverage_two_payers_accept_is_the_first_payers_alone() -> None:
    both = (Payer("a", "A", identifiers=("x",)), Payer("b", "B", identifiers=("x",)))
    found = resolved(coverage(payor=[{"display": "x"}]), payers=both)
    assert (found.payer, len(found.coverages), found.standing) == (both[0], 1, Standing.ACTIVE)


OURS = {"payor": [{"display": "ours"}]}
PAYER = Payer("p", "P", identifiers=("ours",), plans=(Plan("HMO-1", COMMERCIAL), Plan("OHP-9", MEDICAID)))
ENDED = {"period": {"end": "2026-01-31"}}


def held(*resources: dict[str, Any], **order: Any) -> tuple[list[str], Standing]:
    found = resolved(*resources, payers=(PAYER,), **order)
    return [c.reference for c in found.coverages], found.standing


def test_the_first_to_pay_is_looked_for_among_our_own() -> None:
    """B9: by payer first; that another payer pays before ours does not hide ours."""
    other, second = coverage(order=1), coverage(identity="c2", order=2, **OURS)
    assert held(other, second) == (["Coverage/c2"], Standing.ACTIVE)


def test_several_active_coverages_of_ours_are_not_resolved() -> None:
    assert held(coverage(**OURS), coverage(identity="c2", **OURS))[1] is Standing.SEVERAL


@pytest.mark.parametrize(
    "more",
    [ENDED, {"period": {"start": "2026-12-01"}}, {"status": "cancelled"}, {"status": "draft"}],
    ids=["ended", "not begun", "canceled", "a draft"],
)
def test_resp_45_a_coverage_of_ours_that_says_it_is_not_active_can_be_spoken_of(more: dict[str, Any]) -> None:
    assert held(coverage(**OURS, **more)) == (["Coverage/c1"], Standing.INACTIVE)


@pytest.mark.parametrize("status", ["on-hold", "2026-13-45"])
def test_a_status_nobody_knows_is_unread_and_never_inactive(status: str) -> None:
    assert held(coverage(**OURS, status=status))[1] is Standing.UNREAD


def test_coverages_that_were_not_all_read_are_not_known_to_be_inactive() -> None:
    record = record_of(coverage(**OURS, **ENDED), unread={"Coverage": "the deadline passed"})
    assert resolve_coverage(record, order_of(), (PAYER,), TODAY).standing is Standing.UNREAD


@pytest.mark.parametrize(
    ("resources", "insurance", "expected"),
    [
        ((coverage(**OURS, **ENDED), coverage(identity="c2", **OURS)), "c1", (["Coverage/c2"], Standing.ACTIVE)),
        ((coverage(**OURS, **ENDED), coverage(identity="c2")), "", (["Coverage/c1"], Standing.INACTIVE)),
        ((coverage(**OURS, **ENDED), coverage(identity="c2")), "c1", (["Coverage/c1"], Standing.INACTIVE)),
        ((coverage(**OURS, **ENDED), coverage(identity="c2")), "c2", ([], Standing.NOT_CHECKED)),
        ((coverage(**ENDED),), "", ([], Standing.NOT_CHECKED)),
        (
            (coverage(**OURS, **ENDED), coverage(identity="c2", **OURS, status="cancelled")),
            "",
            (["Coverage/c1", "Coverage/c2"], Standing.INACTIVE),
        ),
        (
            (coverage(**OURS, **ENDED), coverage(identity="c2", **OURS, status="cancelled")),
            "c2",
            (["Coverage/c2"], Standing.INACTIVE),
        ),
    ],
    ids=[
        "ours is active too", "another payer's is active", "the order names ours that ended",
        "the order names another payer's active one", "another payer's that ended", "two of ours, both over",
        "two of ours, one named",
    ],
)  # fmt: skip
def test_a_coverage_that_is_over_is_spoken_of_only_where_no_other_can_be_meant(
    resources: tuple[dict[str, Any], ...], insurance: str, expected: tuple[list[str], Standing]
) -> None:
    named = [{"reference": f"Coverage/{insurance}"}] if insurance else []
    assert held(*resources, insurance=named) == expected
