"""Child-Pugh on record, as it is told (I.C; A39, A50)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import coding, concept, condition, form, observation, quantity
from tests.fhir_mappings.told.telling import Asked, patient

CLASS_A = observation("loinc 98153-0", valueCodeableConcept=concept("snomed 710065009"))
BILIRUBIN = observation("loinc 1975-2", valueQuantity=quantity(0.6, "mg/dL"))
ALBUMIN = observation("loinc 1751-7", valueQuantity=quantity(4.4, "g/dL"))
LABS = (BILIRUBIN, ALBUMIN)
INR = observation("loinc 6301-6", valueQuantity=quantity(1.1, "{INR}"))


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.CHILD_PUGH_POINTS, "points on record", observation("loinc 98152-2", valueInteger=7), hears=[
            "7 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh 7 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class on record", CLASS_A, hears=[
            "from 5 to 6 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class and points in one",
                observation("loinc 98152-2", valueInteger=6, interpretation=[concept("snomed 710065009")]), hears=[
            "6 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh 6 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class in words",
                observation("loinc 98153-0", valueString="Child-Pugh class B, 8 points"), hears=[
            "8 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh 8 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class as the code itself", observation("snomed 710067001"), hears=[
            "from 10 to 15 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class C",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class beside a code that says nothing",
                observation("snomed 710067001", interpretation=[concept("snomed 373066001")]), hears=[
            "from 10 to 15 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class C",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "another class as its value than its code says",
                observation("snomed 710067001", valueCodeableConcept=concept("snomed 710065009")), hears=[
            "from 5 to 6 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class as a component", observation("loinc 98152-2",
                component=[{"code": concept("loinc 98153-0"), "valueCodeableConcept": concept("snomed 710065009")}]),
                hears=[
            "from 5 to 6 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a component without a value", observation("loinc 98152-2",
                component=[{"code": concept("loinc 98153-0"), "dataAbsentReason": {"text": "x"},
                "valueCodeableConcept": concept("snomed 710065009")}]), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds neither Child-Pugh points nor a class",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "an empty panel, and its member",
                observation("loinc 98152-2", hasMember=[{"reference": "Observation/x"}]),
                observation("loinc 98153-0", on="2026-11-01", valueCodeableConcept=concept("snomed 710065009")),
                hears=[
            "from 5 to 6 (recorded)",
            "Observation 1 of 2026-11-01: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a panel whose members are components", observation("loinc 98152-2",
                hasMember=[{"reference": "Observation/x"}], component=[{"code": concept("loinc 98153-0"),
                "valueCodeableConcept": concept("snomed 710065009")}]), hears=[
            "from 5 to 6 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "neither points nor class",
                observation("loinc 98152-2", valueString="see note"), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds neither Child-Pugh points nor a class",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "points and class that contradict each other",
                observation("loinc 98152-2", valueInteger=8, interpretation=[concept("snomed 710065009")]), hears=[
            "not known (implausible)",
            ("note: Observation 0 was not used: its Child-Pugh points and class contradict each other or lie "
             "outside 5 to 15"),
        ]),
        patient(facts.CHILD_PUGH_POINTS, "half a point", observation("loinc 98152-2", valueQuantity=quantity(7.5)),
                hears=[
            "not known (implausible)",
            "note: Observation 0 was not used: Child-Pugh points are whole numbers",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "above 6 points",
                observation("loinc 98152-2", valueQuantity=quantity(6, "{score}", ">")), hears=[
            "above 6 to 15 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh above 6 and at most 15 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "below 7 points",
                observation("loinc 98152-2", valueQuantity=quantity(7, "{score}", "<")), hears=[
            "from 5 below 7 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh at least 5 and below 7 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "points as a percentage",
                observation("loinc 98152-2", valueQuantity=quantity(7, "%")), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds neither Child-Pugh points nor a class",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "an empty panel that says its value is absent", observation("loinc 98152-2",
                hasMember=[{"reference": "Observation/x"}], dataAbsentReason={"text": "x"}),
                observation("loinc 98153-0", on="2026-11-01", valueCodeableConcept=concept("snomed 710065009")),
                hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: its value is marked as absent",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a quantity without a value",
                observation("loinc 98152-2", valueQuantity={"unit": "{score}", "code": "{score}"}), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds neither Child-Pugh points nor a class",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class by form, and a newer score",
                form({"child-pugh-class": {"valueCoding": coding("snomed 710065009")}}, on="2026-11-01"),
                observation("loinc 98152-2", valueInteger=8), hears=[
            "from 5 to 8 (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: Child-Pugh class A",
            "Observation 1 of 2026-11-20: Child-Pugh 8 points",
            ("note: QuestionnaireResponse 0, Observation 1: the form and a newer record differ; every value "
             "between them was considered"),
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class by form, and an older score",
                form({"child-pugh-class": {"valueCoding": coding("snomed 710065009")}}),
                observation("loinc 98152-2", on="2026-11-01", valueInteger=8), hears=[
            "from 5 to 6 (recorded)",
            "QuestionnaireResponse 0 of 2026-11-20: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class by form, and the same score of its day",
                form({"child-pugh-class": {"valueCoding": coding("snomed 710065009")}}), CLASS_A, hears=[
            "from 5 to 6 (recorded)",
            "Observation 1 of 2026-11-20: Child-Pugh class A",
            "QuestionnaireResponse 0 of 2026-11-20: Child-Pugh class A",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a class as a diagnosis", condition("snomed 710066005"), hears=[
            "from 7 to 9 (recorded)",
            "Condition 0 of 2026-10-01: Child-Pugh class B",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "two scores of one day", observation("loinc 98152-2", valueInteger=6),
                observation("loinc 98152-2", valueInteger=8), hears=[
            "from 6 to 8 (conflict)",
            "Observation 0 of 2026-11-20: Child-Pugh 6 points",
            "Observation 1 of 2026-11-20: Child-Pugh 8 points",
            "note: Observation 0, Observation 1 disagree on one day; every value between them was considered",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "an old score, computed anew",
                observation("loinc 98152-2", on="2026-08-25", valueInteger=6), *LABS, INR, hears=[
            "from 5 to 9 (computed)",
            "Observation 1 of 2026-11-20: bilirubin 0.6 mg/dL: 1 Child-Pugh point(s)",
            "Observation 2 of 2026-11-20: albumin 4.4 g/dL: 1 Child-Pugh point(s)",
            "Observation 3 of 2026-11-20: INR 1.1 {INR}: 1 Child-Pugh point(s)",
            "note: Observation 0 of 2026-08-25 is older than 90 days (this service's limit, not the policy's)",
            ("note: Child-Pugh computed from bilirubin, albumin, INR: 5-9 points (not known: ascites, "
             "encephalopathy)"),
            "not known: ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a preliminary score is not computed over",
                observation("loinc 98152-2", status="preliminary", valueInteger=6), *LABS, INR, hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it is not final",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "an undated score", observation("loinc 98152-2", on="", valueInteger=6),
                hears=[
            "not known (no-data)",
            "note: Observation 0 has no date and was not used",
            "note: Child-Pugh components not known: bilirubin, albumin, INR, ascites, encephalopathy",
            "not known: bilirubin, albumin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a score of tomorrow",
                observation("loinc 98152-2", on="2026-11-25", valueInteger=6), hears=[
            "not known (no-data)",
            "note: Observation 0 is dated 2026-11-25, in the future, and was not used",
            "note: Child-Pugh components not known: bilirubin, albumin, INR, ascites, encephalopathy",
            "not known: bilirubin, albumin, INR, ascites, encephalopathy",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a preliminary score later on the day of a final one",
                observation("loinc 98152-2", on="2026-11-20T08:00:00Z", valueInteger=6),
                observation("loinc 98152-2", on="2026-11-20T09:00:00Z", status="preliminary", valueInteger=8), hears=[
            "not known (no-data)",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a preliminary score earlier on the day of a final one",
                observation("loinc 98152-2", on="2026-11-20T09:00:00Z", valueInteger=6),
                observation("loinc 98152-2", on="2026-11-20T08:00:00Z", status="preliminary", valueInteger=8), hears=[
            "6 (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh 6 points",
        ]),
        patient(facts.CHILD_PUGH_POINTS, "an impossible score on the day of a good one",
                observation("loinc 98152-2", valueInteger=6), observation("loinc 98152-2", valueInteger=16), hears=[
            "not known (implausible)",
            ("note: Observation 1 was not used: its Child-Pugh points and class contradict each other or lie "
             "outside 5 to 15"),
        ]),
        patient(facts.CHILD_PUGH_POINTS, "a score, observations unread", CLASS_A, unread=("Observation",), hears=[
            "not known (recorded)",
            "Observation 0 of 2026-11-20: Child-Pugh class A",
            "unread: Observation",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_child_pugh_on_record(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
