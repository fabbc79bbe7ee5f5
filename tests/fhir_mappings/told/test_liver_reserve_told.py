"""Liver reserve, as it is told (I.B; A5, A48 to A50)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import concept, condition, local_observation, observation, quantity, stated
from tests.fhir_mappings.told.telling import Asked, patient

CLASS_A = observation("loinc 98153-0", valueCodeableConcept=concept("snomed 710065009"))
BILIRUBIN = observation("loinc 1975-2", valueQuantity=quantity(0.6, "mg/dL"))
ALBUMIN = observation("loinc 1751-7", valueQuantity=quantity(4.4, "g/dL"))
LABS = (BILIRUBIN, ALBUMIN)
INR = observation("loinc 6301-6", valueQuantity=quantity(1.1, "{INR}"))
NO_SIGNS = (condition("icd R18.8", certainty="refuted"), condition("icd K76.82", certainty="refuted"))


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.LIVER_RESERVE_ADEQUATE, "adequate by form", stated("liver-reserve-adequate", True),
                local_observation("liver-reserve-adequate", True, status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver reserve adequate: yes",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "inadequate by form, class A on record",
                stated("liver-reserve-adequate", False), CLASS_A, hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver reserve adequate: no",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "forms that differ", stated("liver-reserve-adequate", False),
                stated("liver-reserve-adequate", True), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: liver reserve adequate: no",
            "QuestionnaireResponse 1 of 2026-11-20: liver reserve adequate: yes",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on liver-reserve-adequate",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "an old statement alone",
                stated("liver-reserve-adequate", True, on="2026-08-25"), hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2026-08-25 is older than 90 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "an old statement, statements unread",
                stated("liver-reserve-adequate", True, on="2026-08-25"), unread=("Observation",), hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2026-08-25 is older than 90 days (this service's limit, not the "
             "policy's)"),
            "unread: Observation",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "class A on record", CLASS_A, hears=[
            "yes (inferred)",
            "Observation 0 of 2026-11-20: Child-Pugh class A",
            "note: adequate liver reserve is inferred from a Child-Pugh class A",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "class A, and hepatic failure", CLASS_A, condition("icd K72.90"),
                hears=[
            "not known (no-data)",
            "Condition 1 of 2026-10-01: hepatic failure",
            "note: Condition 1: hepatic failure or decompensation, so reserve is not inferred",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "class A, and two suspicions of hepatic failure", CLASS_A,
                condition("icd K72.90", certainty="provisional"), condition("icd K72.10", certainty="provisional"),
                hears=[
            "not known (no-data)",
            "Condition 1 of 2026-10-01: hepatic failure",
            "Condition 2 of 2026-10-01: hepatic failure",
            "note: Condition 1, Condition 2: hepatic failure or decompensation, so reserve is not inferred",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "class A, conditions unread", CLASS_A, unread=("Condition",), hears=[
            "not known (no-data)",
            "unread: Condition",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "class B on record, ALBI grade 1",
                observation("loinc 98153-0", valueCodeableConcept=concept("snomed 710066005")), *LABS, hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "laboratory values of ALBI grade 1", *LABS, hears=[
            "yes (inferred)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL",
            "note: adequate liver reserve is inferred from ALBI -3.07, grade 1",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "laboratory values of ALBI grade 2", BILIRUBIN,
                observation("loinc 1751-7", valueQuantity=quantity(3.0, "g/dL")), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "class A computed", *LABS, INR, *NO_SIGNS, hears=[
            "yes (inferred)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "Condition 3 of 2026-10-01: ascites ruled out",
            "Condition 4 of 2026-10-01: encephalopathy ruled out",
            "note: adequate liver reserve is inferred from a computed Child-Pugh class A",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "bilirubin and albumin too far apart", BILIRUBIN,
                observation("loinc 1751-7", on="2026-10-20", valueQuantity=quantity(4.4, "g/dL")), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "bilirubin and albumin 30 days apart", BILIRUBIN,
                observation("loinc 1751-7", on="2026-10-21", valueQuantity=quantity(4.4, "g/dL")), hears=[
            "yes (inferred)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL",
            "Observation 1 of 2026-10-21: albumin 4.4 g/dL",
            "note: adequate liver reserve is inferred from ALBI -3.07, grade 1",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "a bilirubin of which only the month is known",
                observation("loinc 1975-2", on="2026-10", valueQuantity=quantity(0.6, "mg/dL")), ALBUMIN, hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "a bilirubin of which only this month is known",
                observation("loinc 1975-2", on="2026-11", valueQuantity=quantity(0.6, "mg/dL")), ALBUMIN, hears=[
            "yes (inferred)",
            "Observation 0 of 2026-11: bilirubin 0.6 mg/dL",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL",
            "note: adequate liver reserve is inferred from ALBI -3.07, grade 1",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "bilirubin only bounded",
                observation("loinc 1975-2", valueQuantity=quantity(0.5, "mg/dL", "<")), ALBUMIN, hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_RESERVE_ADEQUATE, "nothing, forms unread", unread=("QuestionnaireResponse",), hears=[
            "not known (no-data)",
            "unread: QuestionnaireResponse",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_liver_reserve(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
