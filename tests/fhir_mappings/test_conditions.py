"""Conditions as diagnoses: certainty, currency, site, and what makes one a proof."""

from typing import Any

import pytest

from fhir_mappings.conditions import (
    Certainty,
    Diagnosis,
    Liver,
    coded_findings,
    liver_of,
    proofs,
    read_diagnoses,
    suspicions,
)
from fhir_mappings.terminology import value_set
from tests.fhir_mappings.building import BREAST, LIVER, body_structure, concept, condition, record_of

BODY_SITE = "http://hl7.org/fhir/StructureDefinition/bodySite"
MORPHOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"


def diagnosis_of(*resources: dict[str, Any]) -> Diagnosis:
    return read_diagnoses(record_of(*resources))[0]


@pytest.mark.parametrize(
    ("written", "certainty"),
    [
        ("confirmed", Certainty.CONFIRMED),
        ("", Certainty.USABLE),
        ("unconfirmed", Certainty.UNSURE),
        ("provisional", Certainty.UNSURE),
        ("differential", Certainty.UNSURE),
        ("refuted", Certainty.REFUTED),
        ("probable", Certainty.UNSURE),
        ("Confirmed", Certainty.CONFIRMED),
    ],
)
def test_the_verification_status_of_a_diagnosis(written: str, certainty: Certainty) -> None:
    assert diagnosis_of(condition("icd C22.0", certainty=written)).certainty is certainty


@pytest.mark.parametrize("written", [{}, {"text": "sure"}, {"coding": []}, 7])
def test_a_verification_status_nobody_can_read_is_unsure(written: Any) -> None:
    assert diagnosis_of(condition("icd C22.0", verificationStatus=written)).certainty is Certainty.UNSURE


@pytest.mark.parametrize(
    ("clinical", "current"),
    [("active", True), ("recurrence", True), ("relapse", True), ("", True), ("remission", False), ("resolved", False),
     ("inactive", False), ("sleeping", None)],
)  # fmt: skip
def test_the_clinical_status_says_whether_a_diagnosis_is_current(clinical: str, current: bool | None) -> None:
    assert diagnosis_of(condition("icd C22.0", clinical=clinical)).current is current


def test_without_a_clinical_status_an_abatement_makes_a_diagnosis_past() -> None:
    assert diagnosis_of(condition("icd C22.0", clinical="", abatementDateTime="2025-01-01")).current is False


def test_a_clinical_status_that_contradicts_itself_is_neither() -> None:
    status = {"coding": [{"code": "active"}, {"code": "resolved"}]}
    assert diagnosis_of(condition("icd C22.0", clinicalStatus=status)).current is None


@pytest.mark.parametrize(
    ("certainty", "clinical", "proof", "suspicion"),
    [
        pytest.param("confirmed", "active", True, False, id="confirmed and active"),
        pytest.param("", "", True, False, id="without either status, as outside the US"),
        pytest.param("provisional", "active", False, True, id="provisional"),
        pytest.param("refuted", "active", False, False, id="refuted"),
        pytest.param("confirmed", "resolved", False, False, id="resolved"),
        pytest.param("provisional", "resolved", False, False, id="a suspicion of long ago"),
        pytest.param("confirmed", "sleeping", False, True, id="a status nobody can read"),
    ],
)
def test_proof_and_suspicion(certainty: str, clinical: str, proof: bool, suspicion: bool) -> None:
    found = diagnosis_of(condition("icd C22.0", certainty=certainty, clinical=clinical))
    assert (found.is_proof, found.is_suspicion) == (proof, suspicion)
    hcc = value_set("hepatocellular-carcinoma")
    assert bool(proofs([found], hcc)) is proof
    assert bool(suspicions([found], hcc)) is suspicion


@pytest.mark.parametrize(
    ("elements", "site"),
    [
        pytest.param({"bodySite": [concept(LIVER)]}, Liver.YES, id="the liver"),
        pytest.param({"bodySite": concept(LIVER)}, Liver.YES, id="the liver, not in a list"),
        pytest.param({"bodySite": [concept(BREAST)]}, Liver.NO, id="the breast"),
        pytest.param({"bodySite": [concept(BREAST), concept(LIVER)]}, Liver.YES, id="both"),
        pytest.param({"bodySite": [{"text": "right lobe of liver"}]}, Liver.UNCLEAR, id="the liver in words"),
        pytest.param({"bodySite": [{"text": "hepatic segment VII"}]}, Liver.UNCLEAR, id="hepatic in words"),
        pytest.param(
            {"bodySite": [concept("snomed 48521005", text="Liver part")]}, Liver.UNCLEAR, id="a code not ours"
        ),
        pytest.param({"bodySite": [{"text": "left femur"}]}, Liver.NO, id="another site in words"),
        pytest.param({"bodySite": []}, Liver.UNSTATED, id="an empty list"),
        pytest.param({}, Liver.UNSTATED, id="nothing"),
        pytest.param(
            {"extension": [{"url": BODY_SITE, "valueReference": {"reference": "BodyStructure/t1"}}]},
            Liver.YES,
            id="by extension to a BodyStructure",
        ),
        pytest.param(
            {"bodySite": [{"extension": [{"url": BODY_SITE, "valueReference": {"reference": "BodyStructure/t1"}}]}]},
            Liver.YES,
            id="an extension of the first of a list of sites",
        ),
        pytest.param(
            {"bodySite": {"extension": [{"url": BODY_SITE, "valueReference": {"reference": "BodyStructure/t1"}}]}},
            Liver.YES,
            id="an extension of the site",
        ),
    ],
)
def test_the_site_of_a_diagnosis(elements: dict[str, Any], site: Liver) -> None:
    assert diagnosis_of(condition("snomed 363346000", **elements), body_structure("t1")).site is site


def test_no_site_at_all_is_not_stated() -> None:
    assert liver_of([]) is Liver.UNSTATED
    assert liver_of([None, {}, {"coding": [{}]}]) is Liver.UNSTATED


def test_the_morphology_of_mcode_is_read_and_makes_a_diagnosis_without_a_code() -> None:
    extension = {"url": MORPHOLOGY, "valueCodeableConcept": concept("snomed 25370001")}
    found = diagnosis_of(condition("icd C22.9", extension=[extension]))
    assert found.morphology == (("snomed", "25370001"),)
    bare = {k: v for k, v in condition("icd C22.9", extension=[extension]).items() if k != "code"}
    assert len(read_diagnoses(record_of(bare))) == 1


def test_a_condition_without_any_code_is_no_diagnosis() -> None:
    assert read_diagnoses(record_of(condition("icd C22.0") | {"code": {"text": "liver cancer"}})) == ()


def test_the_proof_of_a_diagnosis_names_the_condition_and_its_date() -> None:
    proof = diagnosis_of(condition("icd C22.0", id="hcc", on="2026-03")).evidence("hepatocellular carcinoma")
    assert (proof.reference, proof.text, proof.date) == ("Condition/hcc", "hepatocellular carcinoma", "2026-03")


def test_a_past_condition_is_no_coded_finding() -> None:
    wanted = frozenset({("snomed", "422512005")})
    current, past = condition("snomed 422512005", id="a"), condition("snomed 422512005", id="b", clinical="resolved")
    assert [r.reference for r in coded_findings(record_of(current, past), wanted)] == ["Condition/a"]
