"""Which coverage an order falls under, who answers, and the line of business (terminology 1.2; A62)."""

from typing import Any

import pytest

from fhir_mappings.coverage import LineOfBusiness, Payer, Plan, Resolved, line_of_business, resolve_coverage
from fhir_mappings.record import Resource
from tests.fhir_mappings.building import PATIENT, TODAY, concept, order_of, record_of

ANYONE = Payer("demo", "Demonstration payer")
COMMERCIAL, MEDICAID = LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICAID
MEDICARE, UNKNOWN = LineOfBusiness.MEDICARE, LineOfBusiness.UNKNOWN
PLANS = (Plan("HMO-1", COMMERCIAL), Plan("OHP-9", MEDICAID))


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


def line(body: dict[str, Any], payer: Payer = ANYONE) -> LineOfBusiness:
    return line_of_business(Resource("Coverage/c1", body), payer)


@pytest.mark.parametrize(
    ("code", "business"),
    [
        ("1", MEDICARE), ("11", MEDICARE), ("111", MEDICARE), ("12", MEDICARE), ("14", MEDICARE),
        ("2", MEDICAID), ("21", MEDICAID), ("211", MEDICAID),
        ("5", COMMERCIAL), ("51", COMMERCIAL), ("512", COMMERCIAL),
        ("3", UNKNOWN), ("8", UNKNOWN), ("9", UNKNOWN), ("99", UNKNOWN),
    ],
)  # fmt: skip
def test_the_payer_typology_says_the_line_of_business(code: str, business: LineOfBusiness) -> None:
    assert line(coverage(f"sopt {code}")) is business


def test_the_typology_is_read_under_its_oid_too() -> None:
    kind = {"coding": [{"system": "urn:oid:2.16.840.1.113883.3.221.5", "code": "21"}]}
    assert line(coverage("") | {"type": kind}) is MEDICAID


@pytest.mark.parametrize(
    "kind",
    [None, {"text": "Medicare"}, concept("assertion EHCPOL"), {"coding": [{"code": "1"}]}, concept("sopt 1", "sopt 2")],
    ids=["none", "words", "v3-ActCode is too coarse", "a code without a system", "two typologies"],
)
def test_any_other_type_says_nothing(kind: Any) -> None:
    assert line(coverage("") | {"type": kind}) is UNKNOWN


@pytest.mark.parametrize(
    ("classes", "business"),
    [
        pytest.param([{"type": concept("assertion plan"), "value": "OHP-9"}], MEDICAID, id="a plan of the payer"),
        pytest.param([{"value": "group-7"}, {"value": "HMO-1"}], COMMERCIAL, id="the second class"),
        pytest.param({"value": "OHP-9"}, MEDICAID, id="an object instead of a list"),
        pytest.param([{"value": "other"}], MEDICARE, id="a plan nobody knows: by typology"),
        pytest.param([{"value": 9}], MEDICARE, id="a number is no plan id"),
        pytest.param(None, MEDICARE, id="no class"),
    ],
)
def test_the_payers_own_plan_ids_win_over_the_typology(classes: Any, business: LineOfBusiness) -> None:
    payer = Payer("p", "P", plans=PLANS)
    assert line(coverage("sopt 1") | {"class": classes}, payer) is business


def test_one_active_coverage_is_the_one() -> None:
    found = resolved(coverage("sopt 51"))
    assert ([c.reference for c in found.coverages], found.payer) == (["Coverage/c1"], ANYONE)
    assert (found.line_of_business, found.notes) == (COMMERCIAL, ())


def test_no_coverage_is_unknown_and_says_how_it_is_judged() -> None:
    found = resolved()
    assert (found.coverages, found.payer, found.line_of_business) == ((), None, UNKNOWN)
    assert found.notes == ("the line of business is not known: judged as commercial",)


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
    assert bool(resolved(coverage(**more)).coverages) is active


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
