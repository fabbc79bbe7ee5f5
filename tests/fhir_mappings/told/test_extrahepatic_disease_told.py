"""Disease outside the liver, as it is told (I.D.1.b.iv, I.D.1.d.iii; A25, A53 to A56)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import (
    concept,
    condition,
    imaging_study,
    local_observation,
    observation,
    procedure,
    report,
    stated,
)
from tests.fhir_mappings.told.telling import Asked, patient

STABLE = observation("loinc 97509-4", valueCodeableConcept=concept("snomed 359746009"))
WORSE = observation("loinc 97509-4", valueCodeableConcept=concept("snomed 271299001"))


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.CONFINED_TO_LIVER, "confined by form, with an unusable observation",
                stated("mets-confined-to-liver", True),
                local_observation("mets-confined-to-liver", True, status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.CONFINED_TO_LIVER, "confined, and no disease elsewhere", stated("mets-confined-to-liver", True),
                stated("extrahepatic-disease", "none"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "QuestionnaireResponse 1 of 2026-11-20: extrahepatic disease: none",
        ]),
        patient(facts.CONFINED_TO_LIVER, "stable bone alone", stated("extrahepatic-disease", "stable-bone-only"),
                local_observation("extrahepatic-disease", "none", status="preliminary"), hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: stable-bone-only",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.CONFINED_TO_LIVER, "confined, but disease is present", stated("mets-confined-to-liver", True),
                stated("extrahepatic-disease", "present"),
                local_observation("extrahepatic-disease", "none", status="preliminary"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "QuestionnaireResponse 1 of 2026-11-20: extrahepatic disease: present",
            "note: Observation 2 was not used: it is not final",
            "note: statements on confinement to the liver differ",
        ]),
        patient(facts.CONFINED_TO_LIVER, "forms that differ", stated("mets-confined-to-liver", True),
                stated("mets-confined-to-liver", False), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "QuestionnaireResponse 1 of 2026-11-20: metastases confined to the liver: no",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on mets-confined-to-liver",
            "note: statements on confinement to the liver differ",
        ]),
        patient(facts.CONFINED_TO_LIVER, "not confined, and the lung on record",
                stated("mets-confined-to-liver", False), condition("icd C78.00"),
                local_observation("mets-confined-to-liver", True, status="preliminary"), hears=[
            "no (recorded)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: no",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "note: Observation 2 was not used: it is not final",
        ]),
        patient(facts.CONFINED_TO_LIVER, "confined, but bone and lung on record",
                stated("mets-confined-to-liver", True), condition("icd C79.51"), condition("icd C78.00"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "Condition 2 of 2026-10-01: disease outside the liver",
            ("note: QuestionnaireResponse 0, Condition 1, Condition 2: a statement on disease outside the liver "
             "and current diagnoses contradict each other"),
        ]),
        patient(facts.CONFINED_TO_LIVER, "a metastasis nobody can place", stated("mets-confined-to-liver", True),
                condition("icd C79.9"), hears=[
            "not known (not-specific)",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "note: Condition 1: whether this is disease outside the liver cannot be told",
        ]),
        patient(facts.CONFINED_TO_LIVER, "malignant ascites and a suspected lung", condition("icd R18.0"),
                condition("icd C78.00", certainty="provisional"), hears=[
            "not known (not-specific)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "note: Condition 0, Condition 1: whether this is disease outside the liver cannot be told",
        ]),
        patient(facts.CONFINED_TO_LIVER, "a suspected lung beside a statement",
                stated("mets-confined-to-liver", True), condition("icd C78.00", certainty="provisional"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
        ]),
        patient(facts.CONFINED_TO_LIVER, "confined, conditions unread", stated("mets-confined-to-liver", True),
                local_observation("mets-confined-to-liver", True, status="preliminary"), unread=("Condition",),
                hears=[
            "not known (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "note: Observation 1 was not used: it is not final",
            "unread: Condition",
        ]),
        patient(facts.CONFINED_TO_LIVER, "not confined, conditions unread", stated("mets-confined-to-liver", False),
                unread=("Condition",), hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: no",
        ]),
        patient(facts.CONFINED_TO_LIVER, "present alone", stated("extrahepatic-disease", "present"), hears=[
            "not known (no-data)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: present",
        ]),
        patient(facts.CONFINED_TO_LIVER, "an old statement", stated("mets-confined-to-liver", True, on="2025-11-23"),
                hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none by form, with an unusable observation",
                stated("extrahepatic-disease", "none"),
                local_observation("extrahepatic-disease", "none", status="preliminary"), hears=[
            "none (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none by form, confined by an observation",
                stated("extrahepatic-disease", "none"), local_observation("mets-confined-to-liver", True), hears=[
            "none (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "Observation 1 of 2026-11-20: metastases confined to the liver: yes",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "confined alone", stated("mets-confined-to-liver", True), hears=[
            "none (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "present, but confined", stated("extrahepatic-disease", "present"),
                stated("mets-confined-to-liver", True),
                local_observation("extrahepatic-disease", "none", status="preliminary"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: present",
            "QuestionnaireResponse 1 of 2026-11-20: metastases confined to the liver: yes",
            "note: Observation 2 was not used: it is not final",
            "note: statements on disease outside the liver differ",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none, but not confined", stated("extrahepatic-disease", "none"),
                stated("mets-confined-to-liver", False), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "QuestionnaireResponse 1 of 2026-11-20: metastases confined to the liver: no",
            "note: statements on disease outside the liver differ",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none, not confined, and bone that is stable",
                stated("extrahepatic-disease", "none"), stated("mets-confined-to-liver", False),
                condition("icd C79.51"), STABLE, hears=[
            "none (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "QuestionnaireResponse 1 of 2026-11-20: metastases confined to the liver: no",
            "Condition 2 of 2026-10-01: disease outside the liver",
            "Observation 3 of 2026-11-20: stable or improved",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "forms that differ", stated("extrahepatic-disease", "none"),
                stated("extrahepatic-disease", "present"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "QuestionnaireResponse 1 of 2026-11-20: extrahepatic disease: present",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on extrahepatic-disease",
            "note: statements on disease outside the liver differ",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "present, and the lung on record",
                stated("extrahepatic-disease", "present"), condition("icd C78.00"),
                local_observation("extrahepatic-disease", "none", status="preliminary"), hears=[
            "present (recorded)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: present",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "note: Observation 2 was not used: it is not final",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none, but the lung on record", stated("extrahepatic-disease", "none"),
                condition("icd C78.00"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "Condition 1 of 2026-10-01: disease outside the liver",
            ("note: QuestionnaireResponse 0, Condition 1: a statement on disease outside the liver and current "
             "diagnoses contradict each other"),
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "confined, but the lung on record",
                stated("mets-confined-to-liver", True), condition("icd C78.00"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: metastases confined to the liver: yes",
            "Condition 1 of 2026-10-01: disease outside the liver",
            ("note: QuestionnaireResponse 0, Condition 1: a statement on disease outside the liver and current "
             "diagnoses contradict each other"),
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "a metastasis nobody can place", condition("icd C79.9"),
                condition("icd C79.51", certainty="provisional"), hears=[
            "not known (not-specific)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "note: Condition 0, Condition 1: whether this is disease outside the liver cannot be told",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "present by form", stated("extrahepatic-disease", "present"), hears=[
            "present (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: present",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "present by form, bone stable on record",
                stated("extrahepatic-disease", "present"), condition("icd C79.51"), STABLE, hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: present",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "Observation 2 of 2026-11-20: stable or improved",
            "note: disease outside the liver is stated as present; on record is a stable bone metastasis only",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "stable bone by form and record",
                stated("extrahepatic-disease", "stable-bone-only"), condition("icd C79.51"), STABLE, hears=[
            "stable bone metastasis only (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: stable-bone-only",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "Observation 2 of 2026-11-20: stable or improved",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "stable bone by form, bone without a status",
                stated("extrahepatic-disease", "stable-bone-only"), condition("icd C79.51"), hears=[
            "stable bone metastasis only (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: stable-bone-only",
            "Condition 1 of 2026-10-01: disease outside the liver",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "stable bone by form, but it is worse",
                stated("extrahepatic-disease", "stable-bone-only"), condition("icd C79.51"), WORSE, hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: stable-bone-only",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "Observation 2 of 2026-11-20: worsened",
            ("note: QuestionnaireResponse 0, Condition 1, Observation 2: a statement on disease outside the liver "
             "and current diagnoses contradict each other"),
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none by form, bone without a status",
                stated("extrahepatic-disease", "none"), condition("icd C79.51"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "Condition 1 of 2026-10-01: disease outside the liver",
            ("note: QuestionnaireResponse 0, Condition 1: a statement on disease outside the liver and current "
             "diagnoses contradict each other"),
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "none by form, conditions unread", stated("extrahepatic-disease", "none"),
                local_observation("extrahepatic-disease", "none", status="preliminary"), unread=("Condition",),
                hears=[
            "not known (no-data)",
            "QuestionnaireResponse 0 of 2026-11-20: extrahepatic disease: none",
            "note: Observation 1 was not used: it is not final",
            "unread: Condition",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "bone that is stable", condition("icd C79.51"), STABLE, hears=[
            "stable bone metastasis only (recorded)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "Observation 1 of 2026-11-20: stable or improved",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "bone that is worse", condition("icd C79.51"), WORSE, hears=[
            "present (recorded)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "Observation 1 of 2026-11-20: worsened",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "two metastases of bone, one stable", condition("icd C79.51"),
                condition("icd C79.51"), observation("loinc 97509-4", focus=[{"reference": "Condition/condition-0"}],
                valueCodeableConcept=concept("snomed 359746009")), hears=[
            "not known (no-data)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "Condition 1 of 2026-10-01: disease outside the liver",
            "Observation 2 of 2026-11-20: stable or improved",
            "note: a bone metastasis is on record without proof that it is stable",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "bone without a status", condition("icd C79.51"), hears=[
            "not known (no-data)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "note: a bone metastasis is on record without proof that it is stable",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "bone, and observations unread", condition("icd C79.51"),
                unread=("Observation",), hears=[
            "not known (no-data)",
            "Condition 0 of 2026-10-01: disease outside the liver",
            "note: a bone metastasis is on record without proof that it is stable",
            "unread: Observation",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "silence, and reports unread", condition("icd C78.7"),
                unread=("DiagnosticReport",), hears=[
            "not known (no-data)",
            "unread: DiagnosticReport",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "not confined alone", stated("mets-confined-to-liver", False),
                report(category="RAD"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "silence without staging", condition("icd C78.7"), hears=[
            "not known (no-data)",
            "note: no staging by imaging inside the window is on record",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "silence with staging by a report, a study, a scan and a status",
                report(category="RAD"), imaging_study(), procedure("snomed 77477000", on="2026-11-02"), STABLE,
                hears=[
            "none (inferred)",
            "DiagnosticReport 0 of 2026-11-01: imaging",
            "ImagingStudy 1 of 2026-11-01: imaging",
            "Procedure 2 of 2026-11-02: imaging",
            "Observation 3 of 2026-11-20: stable or improved",
            "note: no disease outside the liver: inferred, as a record with staging holds no sign of any",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "staging, and an active breast primary", report(category="RAD"),
                condition("icd C50.911"), hears=[
            "not known (not-specific)",
            "Condition 1 of 2026-10-01: active primary",
            "note: an active primary in the breast is on record: say whether there is disease outside the liver",
        ]),
        patient(facts.EXTRAHEPATIC_DISEASE, "staging, and a past breast cancer", report(category="RAD"),
                condition("icd Z85.3"), hears=[
            "none (inferred)",
            "DiagnosticReport 0 of 2026-11-01: imaging",
            "note: no disease outside the liver: inferred, as a record with staging holds no sign of any",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_disease_outside_the_liver(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
