"""Symptoms of a neuroendocrine tumor that treatment does not control (c.iii; A26, A26b; vector 17)."""

from typing import Any

import pytest

from fhir_mappings.finding import Finding, Reason
from fhir_mappings.net_symptoms import net_symptoms_refractory
from tests.fhir_mappings.building import (
    about_patient,
    chart_of,
    concept,
    condition,
    local_observation,
    observation,
    stated,
)

YES = frozenset({True})
CODE = "net-symptoms-refractory"
NO_RESPONSE, NOT_TOLERATED = "snomed 266721009", "snomed 407563006"


def analog(
    kind: str = "MedicationRequest",
    status: str = "stopped",
    why: str = NO_RESPONSE,
    drug: Any = "rxnorm 7617",
    **more: Any,
) -> dict[str, Any]:
    reason = concept(why) if why else None
    whole = {
        "resourceType": kind,
        "status": status,
        "statusReason": [reason] if kind == "MedicationStatement" else reason,
        "medicationCodeableConcept": concept(drug) if isinstance(drug, str) else drug,
        **about_patient(),
    }
    return {k: v for k, v in whole.items() if v is not None} | more


def refractory(*resources: dict[str, Any]) -> Finding:
    return net_symptoms_refractory(chart_of(*resources))


SYNDROME = condition("icd E34.00")


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize("said", [True, False])
def test_a_statement_decides(carrier: Any, said: bool) -> None:
    found = refractory(carrier(CODE, said), SYNDROME, analog())
    assert (found.possible, found.reason) == (frozenset({said}), Reason.ATTESTED)  # A26: attested asymptomatic is no


@pytest.mark.parametrize("symptom", ["icd E34.00", "icd E34.01", "icd E34.09", "icd E34.0", "snomed 35868009",
                                     "snomed 36222008", "snomed 237833006"])  # fmt: skip
@pytest.mark.parametrize("kind", ["MedicationRequest", "MedicationStatement"])
def test_a_carcinoid_syndrome_and_an_analog_stopped_for_want_of_response_are_refractory(
    symptom: str, kind: str
) -> None:
    found = refractory(condition(symptom), analog(kind))
    assert (found.possible, found.reason) == (YES, Reason.RECORDED)
    assert len(found.evidence) == 2


@pytest.mark.parametrize(
    "drug",
    ["rxnorm 7617", "rxnorm 312068", "rxnorm 207200", "rxnorm 898589", "rxnorm 749811", "hcpcs J2353", "hcpcs J2354",
     "hcpcs J1930"],
)  # fmt: skip
def test_each_somatostatin_analog_counts(drug: str) -> None:
    assert refractory(SYNDROME, analog(drug=drug)).possible == YES


@pytest.mark.parametrize(
    "drug",
    [
        pytest.param(
            {"medicationReference": {"reference": "#m"}, "contained": [{"id": "m", "code": concept("rxnorm 7617")}]},
            id="contained",
        ),
        pytest.param({"medicationReference": {"reference": "Medication/m"}}, id="as a Medication of the record"),
    ],
)
def test_the_drug_may_be_referred_to(drug: dict[str, Any]) -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": concept("rxnorm 7617")}
    without = {k: v for k, v in analog().items() if k != "medicationCodeableConcept"}
    assert refractory(SYNDROME, without | drug, medication).possible == YES
    assert refractory(SYNDROME, without | {"medicationReference": {"reference": "#gone"}}).possible is None


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([], id="nothing"),
        pytest.param([SYNDROME], id="the syndrome alone"),
        pytest.param([analog()], id="the failed analog alone"),
        pytest.param([SYNDROME, analog(status="active", why="")], id="on octreotide (vector 17)"),
        pytest.param([SYNDROME, analog(status="active")], id="active with a reason"),
        pytest.param([SYNDROME, analog(why=NOT_TOLERATED)], id="not tolerated is not refractory (A26b)"),
        pytest.param([SYNDROME, analog(why="")], id="stopped, nobody says why"),
        pytest.param([SYNDROME, analog(drug="rxnorm 6809")], id="another drug"),
        pytest.param([SYNDROME, analog(drug="hcpcs J1932")], id="an unverified code"),
        pytest.param([SYNDROME, analog(status="entered-in-error")], id="entered in error"),
        pytest.param([condition("icd E34.00", clinical="resolved"), analog()], id="a syndrome of the past"),
        pytest.param([condition("icd E34.00", certainty="refuted"), analog()], id="a refuted syndrome"),
        pytest.param([condition("icd E34.00", certainty="provisional"), analog()], id="a suspected syndrome"),
        pytest.param([condition("icd R19.7"), analog()], id="diarrhea is supportive only"),
        pytest.param([observation("snomed 35868009"), analog()], id="a syndrome as an Observation"),
    ],
)
def test_anything_less_is_unknown(resources: list[dict[str, Any]]) -> None:
    found = refractory(*resources)
    assert (found.possible, found.reason) == (None, Reason.NO_DATA)


def test_statements_that_differ_are_not_settled_by_the_record() -> None:
    found = refractory(stated(CODE, True), stated(CODE, False), SYNDROME, analog())
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


@pytest.mark.parametrize(
    "unread", ["Condition", "MedicationRequest", "MedicationStatement", "Observation", "QuestionnaireResponse"]
)
def test_a_type_that_may_hold_the_proof_and_was_not_read_is_named(unread: str) -> None:
    assert net_symptoms_refractory(chart_of(unread=[unread])).unread == frozenset({unread})
