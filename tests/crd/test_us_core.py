"""conf-2: data shaped by US Core 3.1.1, 6.1.0 and 7.0.0 is answered, and with the same determination."""

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from flask.testing import FlaskClient

from tests.conftest import Json, determinations
from tests.crd.calls import V2_2, all_statements, parts, post
from tests.crd.us_core import SHAPES, plain_request, request, resources_of
from tests.policy_151.patients import Facts

FIT: Facts = {
    "ecog": 1, "liver_reserve_adequate": True, "child_pugh": "A", "line_of_business": "commercial", "tumor": "hcc",
    "confirmed": "status and biopsy", "resection_feasible": False, "accessible": True, "count": 1, "largest_cm": 4.5,
    "all_foci_amenable": True, "complete_ablation_goal": True,
}  # fmt: skip
LABORATORY: Facts = {"bilirubin": "1.4 mg/dL", "albumin": "3.9 g/dL", "inr": "1.1"}


def patient(*without: str, **changed: Any) -> Facts:
    return {**{name: value for name, value in FIT.items() if name not in without}, **changed}


PATIENTS: dict[str, tuple[Facts, str]] = {
    "meets every criterion": (FIT, "covered"),
    "a liver too weak": (patient(child_pugh="C"), "not-covered"),
    "no Child-Pugh class on record": (patient("child_pugh"), "missing-documentation"),
    "Child-Pugh B at most by the laboratory": (patient("child_pugh", **LABORATORY), "covered"),
    "a laboratory that leaves Child-Pugh open": (
        patient("child_pugh", **LABORATORY | {"bilirubin": "4.2 mg/dL", "albumin": "2.4 g/dL"}),
        "missing-documentation",
    ),
    "a tumor too large": (patient(largest_cm=6.2), "not-covered"),
    "a tumor nobody confirmed": (patient("confirmed"), "missing-documentation"),
    "an ablation before": (patient(prior_ablation=True), "covered"),
    "performance status too old": (patient(ecog={"value": 1, "days_old": 400}), "missing-documentation"),
    "metastases of melanoma": (
        patient(tumor="liver metastasis", primary={"value": "melanoma of skin", "linked": True}), "not-covered",
    ),
    "a Medicaid member": (patient(line_of_business="medicaid"), "refer"),
    "histotripsy": (patient(orders=["0686T"]), "not-covered"),
}  # fmt: skip
EACH: Any = pytest.mark.parametrize("name", PATIENTS)
IN_EACH: Any = pytest.mark.parametrize("version", SHAPES)


def verdict(found: Json) -> Json:
    """What a determination says, apart from the dates and notes of its evidence."""
    told = {name: value for name, value in found.items() if name not in ("evidence", "notes")}
    return {**told, "evidence": {number: sorted(e["reference"] for e in proofs) for number, proofs in
            found["evidence"].items()}}  # fmt: skip


@EACH
@IN_EACH
def test_conf_2_the_three_shapes_get_the_determination_of_the_plain_record(
    client: FlaskClient, name: str, version: str
) -> None:
    facts, outcome = PATIENTS[name]
    (plain,) = determinations(post(client, plain_request(facts)))
    (shaped,) = determinations(post(client, request(facts, version)))
    assert shaped["outcome"] == outcome
    assert verdict(shaped) == verdict(plain)


@EACH
def test_conf_2_the_three_shapes_get_the_same_statement(client: FlaskClient, name: str) -> None:
    facts, _ = PATIENTS[name]
    said = [all_statements(post(client, {**request(facts, v), "extension": V2_2})) for v in SHAPES]
    assert [len(found) for found in said] == [1, 1, 1]
    told = [{k: v for k, v in parts(found[0]).items() if k != "coverage-assertion-id"} for found in said]
    assert told[0] == told[1] == told[2]


def test_conf_8_conf_7_what_is_mandatory_or_to_be_supported_is_enough_to_be_covered(client: FlaskClient) -> None:
    """The shape of 3.1.1 has nothing else: Conditions without dates, no ImagingStudy, no BodyStructure."""
    asked = request(FIT, "3.1.1")
    assert {one["resourceType"] for one in resources_of(asked)} == {
        "Patient", "Condition", "Observation", "Procedure", "Coverage", "ServiceRequest",
    }  # fmt: skip
    (found,) = determinations(post(client, asked))
    assert found["outcome"] == "covered"


@EACH
@IN_EACH
def test_the_shapes_are_valid_fhir(name: str, version: str) -> None:
    for one in resources_of(request(PATIENTS[name][0], version)):
        get_fhir_model_class(one["resourceType"]).model_validate(one)
