"""What surgeon and interventionist documented: resection, access, foci, goal (a.i, a.ii, a.iv, b.i, b.ii)."""

from typing import Any

import pytest

from fhir_mappings.finding import Finding, Reason
from fhir_mappings.orders import Order, read_order
from fhir_mappings.treatment_intent import (
    all_foci_amenable,
    complete_ablation_goal,
    location_accessible,
    resection_concurrent,
    resection_feasible,
)
from tests.fhir_mappings.building import (
    BREAST,
    LIVER,
    chart_of,
    concept,
    condition,
    local_observation,
    observation,
    order_of,
    procedure,
    service_request,
    stated,
)

YES, NO = frozenset({True}), frozenset({False})
INTENT = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"


def draft(*codes: str, **more: Any) -> Order:
    order = read_order(service_request(*codes, status="draft", id="other", **more), "ServiceRequest/other")
    assert order is not None
    return order


def intent(*codes: str) -> dict[str, Any]:
    return {"extension": [{"url": INTENT, "valueCodeableConcept": concept(*codes)}]}


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize(
    ("reader", "code"),
    [
        pytest.param(resection_feasible, "resection-feasible", id="resection feasible"),
        pytest.param(resection_concurrent, "resection-concurrent", id="resection concurrent"),
        pytest.param(location_accessible, "location-accessible", id="location accessible"),
        pytest.param(all_foci_amenable, "all-foci-amenable", id="all foci amenable"),
        pytest.param(complete_ablation_goal, "complete-ablation-goal", id="complete ablation the goal"),
    ],
)
def test_a_statement_decides(reader: Any, code: str, said: bool, carrier: Any) -> None:
    found: Finding = reader(chart_of(carrier(code, said)))
    assert (found.possible, found.reason) == (frozenset({said}), Reason.ATTESTED)


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        (resection_feasible, "resection-feasible"), (resection_concurrent, "resection-concurrent"),
        (location_accessible, "location-accessible"), (all_foci_amenable, "all-foci-amenable"),
        (complete_ablation_goal, "complete-ablation-goal"),
    ],
)  # fmt: skip
def test_silence_contradiction_and_age_leave_it_unknown(reader: Any, code: str) -> None:
    assert reader(chart_of()).possible is None
    assert reader(chart_of(stated(code, True), stated(code, False))).reason is Reason.CONFLICT
    assert reader(chart_of(stated(code, True, on="2025-11-23"))).reason is Reason.STALE
    assert "QuestionnaireResponse" in reader(chart_of(unread=["QuestionnaireResponse"])).unread


def test_the_ordered_approach_is_no_documentation_of_access() -> None:
    chart = chart_of(order=order_of(code=concept("cpt 47382"), bodySite=[concept(LIVER)]))
    assert location_accessible(chart).possible is None
    assert all_foci_amenable(chart).possible is None


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(condition("snomed 711361003"), id="a Condition"),
        pytest.param(condition("snomed 711361003", site=LIVER), id="a Condition in the liver"),
        pytest.param(observation("snomed 711361003"), id="an Observation"),
        pytest.param(observation("snomed 711361003", valueBoolean=True), id="an Observation that says yes"),
        pytest.param(
            observation("assertion ASSERTION", valueCodeableConcept=concept("snomed 711361003")), id="an assertion"
        ),
    ],
)
def test_a_tumor_coded_as_unresectable_cannot_be_resected(resource: dict[str, Any]) -> None:
    found = resection_feasible(chart_of(resource))
    assert (found.possible, found.reason) == (NO, Reason.RECORDED)


@pytest.mark.parametrize(
    "resource",
    [
        condition("snomed 711361003", site=BREAST),
        condition("snomed 711361003", certainty="refuted"),
        condition("snomed 711361003", certainty="provisional"),
        condition("snomed 711361003", clinical="resolved"),
        observation("snomed 711361003", valueBoolean=False),
        observation("snomed 711361003", dataAbsentReason=concept("snomed 1")),
        observation("snomed 711361003", status="preliminary"),
        observation("snomed 711361003", bodySite=concept(BREAST)),
        procedure("snomed 107963000", status="not-done"),
        condition("icd Z53.09"),
    ],
    ids=["of the breast", "refuted", "provisional", "resolved", "observed as not so", "absent", "preliminary",
         "observed of the breast", "a resection not done", "Z53.09"],
)  # fmt: skip
def test_what_does_not_say_that_the_liver_tumor_is_unresectable(resource: dict[str, Any]) -> None:
    assert resection_feasible(chart_of(resource)).possible is None


@pytest.mark.parametrize(
    "code",
    ["snomed 107963000", "snomed 71273005", "snomed 72106008", "snomed 307616002", "snomed 174430004", "cpt 47122",
     "pcs 0FT00ZZ", "pcs 0FB03ZZ"],
)  # fmt: skip
def test_a_liver_resection_among_the_drafts_is_concurrent_and_feasible(code: str) -> None:
    chart = chart_of(others=(draft(code),))  # vector 16
    assert (resection_concurrent(chart).possible, resection_concurrent(chart).reason) == (YES, Reason.RECORDED)
    assert resection_feasible(chart).possible == YES


@pytest.mark.parametrize(
    "code", ["snomed 80146002", "cpt 47120", "cpt 47382", "pcs 0FB03ZX", "snomed 86259008"],
    ids=["appendectomy", "an unverified code", "another ablation", "a biopsy, PCS", "a biopsy"],
)  # fmt: skip
def test_another_draft_is_no_liver_resection(code: str) -> None:
    assert resection_concurrent(chart_of(others=(draft(code),))).possible is None


@pytest.mark.parametrize(
    ("more", "beside"),
    [
        pytest.param({"on": "2026-12-01"}, True, id="7 days later"),
        pytest.param({"on": "2026-12-02"}, False, id="8 days later"),
        pytest.param({"on": "2026-11-17"}, True, id="7 days before"),
        pytest.param({"on": "2026-11-16"}, False, id="8 days before"),
        pytest.param({"on": ""}, False, id="undated"),
        pytest.param({"on": "2026-11-24", "status": "completed"}, False, id="completed"),
        pytest.param({"on": "2026-11-24", "status": "revoked"}, False, id="revoked"),
        pytest.param({"on": "2026-11-24", "doNotPerform": True}, False, id="not to be done"),
        pytest.param({"on": "2027-05-01", "basedOn": [{"reference": "CarePlan/c"}]}, True, id="based on the same plan"),
        pytest.param(
            {"on": "2027-05-01", "basedOn": [{"reference": "ServiceRequest/draft"}]}, True, id="based on this order"
        ),
        pytest.param({"on": "2027-05-01", "basedOn": [{"reference": "CarePlan/d"}]}, False, id="based on another plan"),
        pytest.param({"on": "2027-05-01", "requisition": {"value": "r1"}}, True, id="the same requisition"),
        pytest.param({"on": "2027-05-01", "requisition": {"value": "r2"}}, False, id="another requisition"),
    ],
)
def test_an_active_resection_order_is_concurrent_when_it_is_close_or_of_one_group(
    more: dict[str, Any], beside: bool
) -> None:
    order = order_of(basedOn=[{"reference": "CarePlan/c"}], requisition={"value": "r1"})
    chart = chart_of(service_request("snomed 107963000", **more), order=order)
    assert (resection_concurrent(chart).possible == YES) is beside


def test_a_resection_denied_and_ordered_is_a_conflict() -> None:
    others = (draft("snomed 107963000"),)
    denied = resection_concurrent(chart_of(stated("resection-concurrent", False), others=others))
    assert denied.reason is Reason.CONFLICT
    infeasible = resection_feasible(chart_of(stated("resection-feasible", False), others=others))
    assert infeasible.reason is Reason.CONFLICT
    assert resection_feasible(chart_of(condition("snomed 711361003"), others=others)).reason is Reason.CONFLICT


def test_stated_as_feasible_and_coded_as_unresectable_is_a_conflict() -> None:
    found = resection_feasible(chart_of(stated("resection-feasible", True), condition("snomed 711361003")))
    assert (found.possible, found.reason, len(found.evidence)) == (None, Reason.CONFLICT, 2)


def test_a_past_resection_is_neither_concurrent_nor_feasible() -> None:
    chart = chart_of(procedure("snomed 107963000"))
    assert resection_concurrent(chart).possible is None
    assert resection_feasible(chart).possible is None


@pytest.mark.parametrize(
    ("elements", "known"),
    [
        pytest.param(intent("snomed 373808002"), YES, id="curative"),
        pytest.param(intent("snomed 363676003"), NO, id="palliative"),
        pytest.param(intent("snomed 373808002", "snomed 363676003"), None, id="both"),
        pytest.param(intent("snomed 399707004"), None, id="supportive"),
        pytest.param({}, None, id="not stated"),
    ],
)
def test_the_intent_on_the_order(elements: dict[str, Any], known: frozenset[bool] | None) -> None:
    assert complete_ablation_goal(chart_of(order=order_of(**elements))).possible == known


@pytest.mark.parametrize(
    ("said", "code", "known"),
    [
        (True, "373808002", YES), (True, "363676003", None), (False, "373808002", None), (False, "363676003", NO),
    ],
)  # fmt: skip
def test_a_stated_goal_beside_the_intent_on_the_order(said: bool, code: str, known: frozenset[bool] | None) -> None:
    found = complete_ablation_goal(
        chart_of(stated("complete-ablation-goal", said), order=order_of(**intent(f"snomed {code}")))
    )
    assert found.possible == known
    assert (found.reason is Reason.CONFLICT) is (known is None)
