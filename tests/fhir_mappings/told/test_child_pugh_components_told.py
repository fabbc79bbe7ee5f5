"""Child-Pugh computed, as it is told (I.C; A8)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import concept, condition, observation, quantity
from tests.fhir_mappings.told.telling import Asked, patient

BILIRUBIN = observation("loinc 1975-2", valueQuantity=quantity(0.6, "mg/dL"))
ALBUMIN = observation("loinc 1751-7", valueQuantity=quantity(4.4, "g/dL"))
LABS = (BILIRUBIN, ALBUMIN)
INR = observation("loinc 6301-6", valueQuantity=quantity(1.1, "{INR}"))
NO_SIGNS = (condition("icd R18.8", certainty="refuted"), condition("icd K76.82", certainty="refuted"))


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.CHILD_PUGH_POINTS, "normal values, signs unknown", *LABS, INR, hears=[
            "from 5 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "normal values, signs refuted", *LABS, INR, *NO_SIGNS, hears=[
            "5 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "Condition 3 of 2026-10-01: ascites ruled out",
            "Condition 4 of 2026-10-01: encephalopathy ruled out",
            "note: Child-Pugh computed from bilirubin, albumin, INR, ascites, encephalopathy: 5 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "normal values, signs refuted long ago", *LABS, INR,
                condition("snomed 389026000", certainty="refuted", on="2026-08-25"), hears=[
            "from 5 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "normal values, signs refuted 90 days ago", *LABS, INR,
                condition("icd R18.8", certainty="refuted", on="2026-08-26"),
                condition("icd K76.82", certainty="refuted", on=""), hears=[
            "5 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "Condition 3 of 2026-08-26: ascites ruled out",
            "Condition 4: encephalopathy ruled out",
            "note: Child-Pugh computed from bilirubin, albumin, INR, ascites, encephalopathy: 5 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "normal values, a sign refuted and suspected", *LABS, INR,
                condition("snomed 389026000", certainty="refuted"),
                condition("snomed 389026000", certainty="provisional"), hears=[
            "from 5 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "ascites on record, and coma", *LABS, INR, condition("snomed 389026000"),
                condition("icd K72.91"), hears=[
            "from 8 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "Condition 3 of 2026-10-01: ascites: 2-3 Child-Pugh points",
            "Condition 4 of 2026-10-01: hepatic coma",
            ("note: Child-Pugh computed from bilirubin, albumin, INR, ascites, encephalopathy: 8-9 points (not "
             "known: ascites)"),
        ]),
        patient(facts.CHILD_PUGH_POINTS, "moderate ascites, mild encephalopathy", *LABS, INR,
                condition("snomed 389026000", severity=concept("snomed 6736007")),
                condition("snomed 13920009", severity=concept("snomed 255604002")), hears=[
            "8 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "Condition 3 of 2026-10-01: ascites: 3 Child-Pugh points",
            "Condition 4 of 2026-10-01: encephalopathy: 2 Child-Pugh points",
            "note: Child-Pugh computed from bilirubin, albumin, INR, ascites, encephalopathy: 8 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "ascites recorded twice, mild and severe",
                condition("snomed 389026000", severity=concept("snomed 255604002")),
                condition("snomed 389026000", severity=concept("snomed 24484000")), hears=[
            "from 7 to 15 (computed)",
            "Condition 0 of 2026-10-01: ascites: 3 Child-Pugh points",
            "Condition 1 of 2026-10-01: ascites: 3 Child-Pugh points",
            ("note: Child-Pugh computed from ascites: 7-15 points (not known: bilirubin, albumin, INR, "
             "encephalopathy)"),
            "not known: bilirubin, albumin, INR, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "ascites observed, encephalopathy observed absent", *LABS, INR,
                observation("snomed 389026000", valueBoolean=True),
                observation("snomed 13920009", valueBoolean=False), hears=[
            "from 6 to 7 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "Observation 3 of 2026-11-20: ascites: 2-3 Child-Pugh point(s)",
            "Observation 4 of 2026-11-20: encephalopathy: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR, ascites, encephalopathy: 6-7 points (not "
             "known: ascites)"),
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a sign observed in words",
                observation("snomed 389026000", valueString="some"), hears=[
            "not known (no-data)",
            "note: Child-Pugh components not known: bilirubin, albumin, INR, ascites, encephalopathy",
            "not known: bilirubin, albumin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a laboratory value far older", BILIRUBIN, ALBUMIN,
                observation("loinc 6301-6", on="2026-10-01", valueQuantity=quantity(1.1, "{INR}")), hears=[
            "from 5 to 11 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "note: INR is more than 30 days older than the newest component and was not counted",
            ("note: Child-Pugh computed from bilirubin, albumin: 5-11 points (not known: INR, ascites, "
             "encephalopathy)"),
            "not known: INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a laboratory value 30 days older", BILIRUBIN, ALBUMIN,
                observation("loinc 6301-6", on="2026-10-21", valueQuantity=quantity(1.1, "{INR}")), hears=[
            "from 5 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-10-21: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a laboratory value of which only the month is known", BILIRUBIN, ALBUMIN,
                observation("loinc 6301-6", on="2026-10", valueQuantity=quantity(1.1, "{INR}")), hears=[
            "from 5 to 11 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "note: INR is more than 30 days older than the newest component and was not counted",
            ("note: Child-Pugh computed from bilirubin, albumin: 5-11 points (not known: INR, ascites, "
             "encephalopathy)"),
            "not known: INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a laboratory value of this month", BILIRUBIN,
                observation("loinc 1751-7", on="2026-10-25", valueQuantity=quantity(4.4, "g/dL")),
                observation("loinc 6301-6", on="2026-11", valueQuantity=quantity(1.1, "{INR}")), hears=[
            "from 5 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-10-25: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a sign observed long before", *LABS, INR,
                observation("snomed 389026000", on="2026-09-01", valueBoolean=False), hears=[
            "from 5 to 9 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "note: ascites is more than 30 days older than the newest component and was not counted",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "only a sign, unknown laboratory", condition("snomed 389026000"), hears=[
            "from 6 to 15 (computed)",
            "Condition 0 of 2026-10-01: ascites: 2-3 Child-Pugh points",
            ("note: Child-Pugh computed from ascites: 6-15 points (not known: bilirubin, albumin, INR, ascites, "
             "encephalopathy)"),
            "not known: bilirubin, albumin, INR, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a unit nobody knows",
                observation("loinc 1975-2", valueQuantity=quantity(1, "furlong")), ALBUMIN, hears=[
            "from 5 to 13 (computed)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "note: Observation 0 was not used: its unit is not one of mg/dl, umol/l",
            ("note: Child-Pugh computed from albumin: 5-13 points (not known: bilirubin, INR, ascites, "
             "encephalopathy)"),
            "not known: bilirubin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a comparator nobody knows",
                observation("loinc 1975-2", valueQuantity=quantity(1, "mg/dL", "~")), ALBUMIN, hears=[
            "from 5 to 13 (computed)",
            "Observation 1 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "note: Observation 0 was not used: its comparator is not one of <, <=, >=, >",
            ("note: Child-Pugh computed from albumin: 5-13 points (not known: bilirubin, INR, ascites, "
             "encephalopathy)"),
            "not known: bilirubin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "each limit of mg and g",
                observation("loinc 1975-2", valueQuantity=quantity(2.0, "mg/dL")),
                observation("loinc 1751-7", valueQuantity=quantity(3.5, "g/dL")),
                observation("loinc 6301-6", valueQuantity=quantity(1.7, "{INR}")), hears=[
            "from 8 to 12 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 2.0 mg/dL: 2 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 3.5 g/dL: 2 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 1.7 {INR}: 2 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 8-12 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "each second limit of umol and g per liter",
                observation("loinc 1975-2", valueQuantity=quantity(51, "umol/L")),
                observation("loinc 1751-7", valueQuantity=quantity(28, "g/L")),
                observation("loinc 6301-6", valueQuantity=quantity(2.3, "{INR}")), hears=[
            "from 8 to 12 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 51 umol/L: 2 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 28 g/L: 2 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 2.3 {INR}: 2 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 8-12 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "beyond each second limit",
                observation("loinc 1975-2", valueQuantity=quantity(51.1, "umol/L")),
                observation("loinc 1751-7", valueQuantity=quantity(27.9, "g/L")),
                observation("loinc 6301-6", valueQuantity=quantity(2.31, "{INR}")), hears=[
            "from 11 to 15 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 51.1 umol/L: 3 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin 27.9 g/L: 3 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR 2.31 {INR}: 3 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 11-15 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "bounded values",
                observation("loinc 1975-2", valueQuantity=quantity(2.0, "mg/dL", "<")),
                observation("loinc 1751-7", valueQuantity=quantity(3.5, "g/dL", ">")),
                observation("loinc 6301-6", valueQuantity=quantity(2.3, "{INR}", ">")), hears=[
            "from 7 to 11 (computed)",
            "Observation 0 of 2026-11-20: bilirubin <2.0 mg/dL: 1 Child-Pugh point(s)",
            "Observation 1 of 2026-11-20: albumin >3.5 g/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: INR >2.3 {INR}: 3 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 7-11 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "values by their code alone", observation("loinc 1975-2",
                valueQuantity={"value": 1, "code": "mg/dL", "system": "http://unitsofmeasure.org"}), hears=[
            "from 5 to 13 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 1 mg/dL: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin: 5-13 points (not known: albumin, INR, ascites, "
             "encephalopathy)"),
            "not known: albumin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "values by their printed unit", observation("loinc 1975-2",
                valueQuantity={"value": 1, "unit": "MG/DL", "code": "mg/dL", "system": "http://unitsofmeasure.org"}),
                hears=[
            "from 5 to 13 (computed)",
            "Observation 0 of 2026-11-20: bilirubin 1 MG/DL: 1 Child-Pugh point(s)",
            ("note: Child-Pugh computed from bilirubin: 5-13 points (not known: albumin, INR, ascites, "
             "encephalopathy)"),
            "not known: albumin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "no component, observations unread", unread=("Observation",), hears=[
            "not known (no-data)",
            "note: Child-Pugh components not known: bilirubin, albumin, INR, ascites, encephalopathy",
            "unread: Observation",
            "not known: bilirubin, albumin, INR, ascites, encephalopathy",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_child_pugh_computed(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
