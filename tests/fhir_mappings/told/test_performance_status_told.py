"""ECOG and Karnofsky, as they are told (I.A; A39, A50)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import concept, condition, form, observation, quantity
from tests.fhir_mappings.told.telling import Asked, patient


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.ECOG_GRADE, "a grade", observation("loinc 89247-1", valueInteger=1), hears=[
            "1 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 1",
        ]),
        patient(facts.ECOG_GRADE, "grades of one day that differ", observation("loinc 89247-1", valueInteger=1),
                observation("loinc 89247-1", valueInteger=3), hears=[
            "from 1 to 3 (conflict)",
            "Observation 0 of 2026-11-20: ECOG 1",
            "Observation 1 of 2026-11-20: ECOG 3",
            "note: Observation 0, Observation 1 disagree on one day; every value between them was considered",
        ]),
        patient(facts.ECOG_GRADE, "at least 2",
                observation("loinc 89247-1", valueQuantity=quantity(2, "{score}", ">=")), hears=[
            "from 2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG at least 2",
        ]),
        patient(facts.ECOG_GRADE, "below 2", observation("loinc 89247-1", valueQuantity=quantity(2, "score", "<")),
                hears=[
            "below 2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG below 2",
        ]),
        patient(facts.ECOG_GRADE, "a grade with the scale as its unit",
                observation("loinc 89247-1", valueQuantity=quantity(2, "{ECOG}")), hears=[
            "2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 2",
        ]),
        patient(facts.ECOG_GRADE, "a grade as a percentage",
                observation("loinc 89247-1", valueQuantity=quantity(2, "%")), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds no ECOG grade",
        ]),
        patient(facts.ECOG_GRADE, "a coded answer",
                observation("loinc 89247-1", valueCodeableConcept=concept("loinc LA9624-3")), hears=[
            "2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 2",
        ]),
        patient(facts.ECOG_GRADE, "a finding as an observation", observation("snomed 422512005"), hears=[
            "1 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 1",
        ]),
        patient(facts.ECOG_GRADE, "a finding as a condition", condition("snomed 422512005"), hears=[
            "1 (recorded)",
            "Condition 0 of 2026-10-01: ECOG 1",
        ]),
        patient(facts.ECOG_GRADE, "a range in words", observation("loinc 89247-1", valueString="ECOG 1-2"), hears=[
            "from 1 to 2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 1-2",
        ]),
        patient(facts.ECOG_GRADE, "a range in words, backwards", observation("loinc 89247-1", valueString="2 to 1"),
                hears=[
            "from 1 to 2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 1-2",
        ]),
        patient(facts.ECOG_GRADE, "words in the concept",
                observation("loinc 89247-1", valueCodeableConcept={"text": "ECOG performance status 2"}), hears=[
            "2 (recorded)",
            "Observation 0 of 2026-11-20: ECOG 2",
        ]),
        patient(facts.ECOG_GRADE, "words that say nothing", observation("loinc 89247-1", valueString="fit"), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds no ECOG grade",
        ]),
        patient(facts.ECOG_GRADE, "grade 6", observation("loinc 89247-1", valueInteger=6), hears=[
            "not known (implausible)",
            "note: Observation 0 was not used: an ECOG grade is a whole number from 0 to 5",
        ]),
        patient(facts.ECOG_GRADE, "grade one and a half", observation("loinc 89247-1", valueQuantity=quantity(1.5)),
                hears=[
            "not known (implausible)",
            "note: Observation 0 was not used: an ECOG grade is a whole number from 0 to 5",
        ]),
        patient(facts.ECOG_GRADE, "a grade by form, a worse one since",
                form({"ecog-grade": {"valueInteger": 1}}, on="2026-11-01"),
                observation("loinc 89247-1", valueInteger=3), hears=[
            "from 1 to 3 (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: ECOG 1",
            "Observation 1 of 2026-11-20: ECOG 3",
            ("note: QuestionnaireResponse 0, Observation 1: the form and a newer record differ; every value "
             "between them was considered"),
        ]),
        patient(facts.ECOG_GRADE, "a grade 91 days old",
                observation("loinc 89247-1", on="2026-08-25", valueInteger=1), hears=[
            "not known (stale)",
            "Observation 0 of 2026-08-25: ECOG 1",
            "note: Observation 0 of 2026-08-25 is older than 90 days (this service's limit, not the policy's)",
        ]),
        patient(facts.ECOG_GRADE, "a grade, observations unread", observation("loinc 89247-1", valueInteger=1),
                unread=("Observation",), hears=[
            "not known (recorded)",
            "Observation 0 of 2026-11-20: ECOG 1",
            "unread: Observation",
        ]),
        patient(facts.ECOG_GRADE, "nothing", hears=[
            "not known (no-data)",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a percentage",
                observation("loinc 89243-0", valueQuantity=quantity(80, "%")), hears=[
            "80 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 80 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "65 percent lies between tens",
                observation("loinc 89243-0", valueQuantity=quantity(65, "%")), hears=[
            "from 60 to 70 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 60-70 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "above 60 percent",
                observation("loinc 89243-0", valueQuantity=quantity(60, "%", ">")), hears=[
            "above 60 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky above 60 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "below 70 percent",
                observation("loinc 89243-0", valueQuantity=quantity(70, "score", "<")), hears=[
            "below 70 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky below 70 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a percentage without a unit of percent",
                observation("loinc 89243-0", valueQuantity=quantity(80, "1")), hears=[
            "80 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 80 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a percentage in scores",
                observation("loinc 89243-0", valueQuantity=quantity(80, "{score}")), hears=[
            "80 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 80 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a percentage in plain scores",
                observation("loinc 89243-0", valueQuantity=quantity(80, "Score")), hears=[
            "80 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 80 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a percentage in kilograms",
                observation("loinc 89243-0", valueQuantity=quantity(80, "kg")), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds no Karnofsky percentage",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a coded answer",
                observation("loinc 89243-0", valueCodeableConcept=concept("loinc LA29178-3")), hears=[
            "70 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 70 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a range in words", observation("loinc 89243-0", valueString="KPS 70-80 %"),
                hears=[
            "from 70 to 80 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 70-80 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "words that say nothing", observation("loinc 89243-0", valueString="fit"),
                hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it holds no Karnofsky percentage",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "a fraction", observation("loinc 89243-0", valueQuantity=quantity(0.8)),
                hears=[
            "not known (implausible)",
            "note: Observation 0 was not used: it is below 10 and not 0: a fraction or another scale",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "dead", observation("loinc 89243-0", valueInteger=0), hears=[
            "0 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 0 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "10 percent", observation("loinc 89243-0", valueInteger=10), hears=[
            "10 (recorded)",
            "Observation 0 of 2026-11-20: Karnofsky 10 %",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "101 percent", observation("loinc 89243-0", valueInteger=101), hears=[
            "not known (implausible)",
            "note: Observation 0 was not used: Karnofsky runs from 0 to 100",
        ]),
        patient(facts.KARNOFSKY_PERCENT, "110 percent", observation("loinc 89243-0", valueInteger=110), hears=[
            "not known (implausible)",
            "note: Observation 0 was not used: Karnofsky runs from 0 to 100",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_performance_status(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
