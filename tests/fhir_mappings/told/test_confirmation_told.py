"""Biopsy or imaging behind a diagnosis, as it is told (I.D.1.a-d; A17, A57)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import (
    KIDNEY,
    concept,
    condition,
    imaging_study,
    local_observation,
    observation,
    procedure,
    quantity,
    report,
    stated,
)
from tests.fhir_mappings.told.telling import Asked, patient


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.HCC_CONFIRMED, "a test named as its evidence",
                condition("icd C22.0", evidence=[{"code": [concept("snomed 714797009")]}]), hears=[
            "yes (recorded)",
            "Condition 0 of 2026-10-01: biopsy or imaging named as its evidence",
        ]),
        patient(facts.HCC_CONFIRMED, "a report named as its evidence",
                condition("icd C22.0", evidence=[{"detail": [{"reference": "DiagnosticReport/r"}]}]), report(id="r"),
                hears=[
            "yes (recorded)",
            "Condition 0 of 2026-10-01: a report or study named as its evidence",
        ]),
        patient(facts.HCC_CONFIRMED, "a report that concludes it", condition("icd C22.0"),
                report(conclusionCode=[concept("icd C22.0")]), hears=[
            "yes (recorded)",
            "DiagnosticReport 1 of 2026-11-01: report that concludes it",
        ]),
        patient(facts.HCC_CONFIRMED, "a report that concludes a benign tumor", condition("icd C22.0"),
                report(conclusionCode=[concept("icd D13.4")], category="PAT"), hears=[
            "no (recorded)",
            "DiagnosticReport 1 of 2026-11-01: report that concludes it",
        ]),
        patient(facts.HCC_CONFIRMED, "marked as confirmed, and a benign conclusion",
                condition("icd C22.0", certainty="confirmed"),
                report(conclusionCode=[concept("icd D13.4")], category="PAT"), hears=[
            "not known (conflict)",
            "DiagnosticReport 1 of 2026-11-01: report that concludes it",
            "note: the diagnosis is confirmed on record, and also stated or reported as not confirmed",
        ]),
        patient(facts.HCC_CONFIRMED, "marked as confirmed beside a report, a measurement, a study and a biopsy",
                condition("icd C22.0", certainty="confirmed"), report(category="RAD"),
                observation("loinc 21889-1", method=concept("snomed 77477000"), valueQuantity=quantity(4, "cm")),
                imaging_study(), procedure("snomed 86259008"), hears=[
            "yes (recorded)",
            "Condition 0 of 2026-10-01: marked as confirmed",
            "DiagnosticReport 1 of 2026-11-01: report of pathology or imaging",
            "Observation 2 of 2026-11-20: tumor measured on imaging",
            "ImagingStudy 3 of 2026-11-01: imaging study",
            "Procedure 4 of 2026-09-01: biopsy of the liver",
        ]),
        patient(facts.HCC_CONFIRMED, "marked as confirmed alone", condition("icd C22.0", certainty="confirmed"),
                condition("icd C22.0", certainty="confirmed"), hears=[
            "not known (no-data)",
            ("note: Condition 0, Condition 1: marked as confirmed, but no biopsy or imaging is on record (reading "
             "A17)"),
        ]),
        patient(facts.HCC_CONFIRMED, "a biopsy by form", condition("icd C22.0"),
                stated("dx-confirmation-method", "biopsy"),
                local_observation("dx-confirmation-method", "biopsy", status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 1 of 2026-11-20: diagnosis confirmed by: biopsy",
            "note: Observation 2 was not used: it is not final",
        ]),
        patient(facts.HCC_CONFIRMED, "imaging by form, beside a report",
                condition("icd C22.0", certainty="confirmed"), stated("dx-confirmation-method", "imaging"),
                report(category="RAD"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 1 of 2026-11-20: diagnosis confirmed by: imaging",
            "Condition 0 of 2026-10-01: marked as confirmed",
            "DiagnosticReport 2 of 2026-11-01: report of pathology or imaging",
        ]),
        patient(facts.HCC_CONFIRMED, "nothing by form", condition("icd C22.0"),
                stated("dx-confirmation-method", "none"), hears=[
            "no (attested)",
            "QuestionnaireResponse 1 of 2026-11-20: diagnosis confirmed by: none",
        ]),
        patient(facts.HCC_CONFIRMED, "nothing by form, but a report beside",
                condition("icd C22.0", certainty="confirmed"), stated("dx-confirmation-method", "none"),
                report(category="RAD"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 1 of 2026-11-20: diagnosis confirmed by: none",
            "Condition 0 of 2026-10-01: marked as confirmed",
            "DiagnosticReport 2 of 2026-11-01: report of pathology or imaging",
            "note: the diagnosis is confirmed on record, and also stated or reported as not confirmed",
        ]),
        patient(facts.HCC_CONFIRMED, "forms that differ", condition("icd C22.0"),
                stated("dx-confirmation-method", "none"), stated("dx-confirmation-method", "biopsy"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 1 of 2026-11-20: diagnosis confirmed by: none",
            "QuestionnaireResponse 2 of 2026-11-20: diagnosis confirmed by: biopsy",
            "note: QuestionnaireResponse 1, QuestionnaireResponse 2 contradict each other on dx-confirmation-method",
        ]),
        patient(facts.HCC_CONFIRMED, "nothing, procedures unread", condition("icd C22.0"), unread=("Procedure",),
                hears=[
            "not known (no-data)",
            "unread: Procedure",
        ]),
        patient(facts.HCC_CONFIRMED, "a report, procedures unread", condition("icd C22.0"),
                report(conclusionCode=[concept("icd C22.0")]), unread=("Procedure",), hears=[
            "yes (recorded)",
            "DiagnosticReport 1 of 2026-11-01: report that concludes it",
        ]),
        patient(facts.METASTASIS_CONFIRMED, "a report that concludes it", condition("icd C78.7"),
                report(conclusionCode=[concept("icd C78.7")]), hears=[
            "yes (recorded)",
            "DiagnosticReport 1 of 2026-11-01: report that concludes it",
        ]),
        patient(facts.METASTASIS_CONFIRMED, "marked as confirmed beside a biopsy",
                condition("icd C78.7", certainty="confirmed"), procedure("snomed 86259008"), hears=[
            "yes (recorded)",
            "Condition 0 of 2026-10-01: marked as confirmed",
            "Procedure 1 of 2026-09-01: biopsy of the liver",
        ]),
        patient(facts.METASTASIS_CONFIRMED, "a biopsy of a kidney", condition("icd C78.7", certainty="confirmed"),
                procedure("snomed 86259008", bodySite=[concept(KIDNEY)]), hears=[
            "not known (no-data)",
            "note: Condition 0: marked as confirmed, but no biopsy or imaging is on record (reading A17)",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_confirmation(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
