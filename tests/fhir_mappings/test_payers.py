"""The payers answered for: their plans, and the line of business of a Coverage (terminology 1.2; A62)."""

from typing import Any

import pytest

from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.payers import COVERAGE_CLASS, Payer, Plan, line_of_business, plans_of
from fhir_mappings.record import Resource
from tests.fhir_mappings.building import concept

COMMERCIAL, MEDICAID = LineOfBusiness.COMMERCIAL, LineOfBusiness.MEDICAID
MEDICARE, UNKNOWN = LineOfBusiness.MEDICARE, LineOfBusiness.UNKNOWN
PLANS = (Plan("HMO-1", COMMERCIAL), Plan("OHP-9", MEDICAID))
ANYONE = Payer("demo", "Demonstration payer")
PAYER = Payer("p", "P", plans=PLANS)


def coverage(kind: str = "sopt 51", **more: Any) -> dict[str, Any]:
    return ({"type": concept(kind)} if kind else {}) | more


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


def of_class(value: Any, code: str = "plan", system: str = COVERAGE_CLASS) -> dict[str, Any]:
    return {"type": {"coding": [{"system": system, "code": code}]}, "value": value}


@pytest.mark.parametrize(
    ("classes", "plans"),
    [
        pytest.param([of_class("HMO-1")], ("HMO-1",), id="a plan of theirs"),
        pytest.param([{"value": "OHP-9"}], ("OHP-9",), id="of theirs, the class untyped"),
        pytest.param([of_class("HMO-1"), of_class("OHP-9")], ("HMO-1", "OHP-9"), id="two of theirs"),
        pytest.param([of_class("PPO-7")], ("",), id="another plan: none of theirs"),
        pytest.param([of_class("7", code="group")], ("", "HMO-1", "OHP-9"), id="a group only: any of them"),
        pytest.param([of_class("7", system="http://x")], ("", "HMO-1", "OHP-9"), id="plan in another system"),
        pytest.param([of_class(7)], ("", "HMO-1", "OHP-9"), id="a plan nobody can read"),
        pytest.param(None, ("", "HMO-1", "OHP-9"), id="no class"),
    ],
)
def test_a_plan_the_coverage_does_not_tell_is_not_ruled_out(classes: Any, plans: tuple[str, ...]) -> None:
    assert plans_of(Resource("Coverage/c1", {"class": classes}), PAYER) == plans


@pytest.mark.parametrize(("plan", "business"), [("OHP-9", MEDICAID), ("HMO-1", COMMERCIAL), ("gone", UNKNOWN)])
def test_a_plan_has_its_line_of_business(plan: str, business: LineOfBusiness) -> None:
    assert PAYER.line_of(plan) is business
