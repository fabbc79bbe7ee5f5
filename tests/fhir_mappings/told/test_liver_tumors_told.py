"""Number and size of tumors, as they are told (I.D.1.a.iii, b.iii, c.ii, d.ii; A39, A59, A61)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import (
    BREAST,
    KIDNEY,
    Json,
    body_structure,
    concept,
    condition,
    form,
    local_observation,
    observation,
    quantity,
)
from tests.fhir_mappings.told.telling import Asked, patient


def size(value: float, tumor: str = "", on: str = "2026-11-10", comparator: str = "") -> Json:
    linked = {"focus": [{"reference": f"BodyStructure/{tumor}"}]} if tumor else {}
    return observation("loinc 33728-7", on=on, valueQuantity=quantity(value, "cm", comparator), **linked)


def says(largest: float | None = None, count: int | None = None, on: str = "2026-11-20") -> Json:
    asked = {"largest-liver-tumor-cm": ("valueDecimal", largest), "liver-tumor-count": ("valueInteger", count)}
    return form({link: {name: value} for link, (name, value) in asked.items() if value is not None}, on=on)


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.LARGEST_TUMOR_CM, "one tumor", size(4), hears=[
            "4 (recorded)",
            "Observation 0 of 2026-11-10: tumor of 4 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "two tumors", body_structure("a"), body_structure("b"), size(3.1, "a"),
                size(1, "b"), hears=[
            "3.1 (recorded)",
            "Observation 2 of 2026-11-10: tumor of 3.1 cm",
            "Observation 3 of 2026-11-10: tumor of 1 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "below 5", size(5, comparator="<"), hears=[
            "below 5 (recorded)",
            "Observation 0 of 2026-11-10: tumor of below 5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "above 5", size(5, comparator=">"), hears=[
            "above 5 (recorded)",
            "Observation 0 of 2026-11-10: tumor of above 5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "at least 5 beside exactly 5", body_structure("a"), body_structure("b"),
                size(5, "a", comparator=">"), size(5, "b"), hears=[
            "from 5 (recorded)",
            "Observation 2 of 2026-11-10: tumor of above 5 cm",
            "Observation 3 of 2026-11-10: tumor of 5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "below 5 twice", body_structure("a"), body_structure("b"),
                size(5, "a", comparator="<"), size(5, "b", comparator="<"), hears=[
            "below 5 (recorded)",
            "Observation 2 of 2026-11-10: tumor of below 5 cm",
            "Observation 3 of 2026-11-10: tumor of below 5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "below 5 beside exactly 5", body_structure("a"), body_structure("b"),
                size(5, "a", comparator="<"), size(5, "b"), hears=[
            "5 (recorded)",
            "Observation 2 of 2026-11-10: tumor of below 5 cm",
            "Observation 3 of 2026-11-10: tumor of 5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "two sizes of one tumor on one day", body_structure("a"), size(3, "a"),
                size(5, "a"), hears=[
            "from 3 to 5 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3-5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "the newer of two days", size(3, on="2026-11-01"), size(4, on="2026-11-02"),
                hears=[
            "4 (recorded)",
            "Observation 1 of 2026-11-02: tumor of 4 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "one tumor whose newest size is old", body_structure("a"),
                body_structure("b"), size(3, "a"), size(4, "b", on="2026-08-25"), hears=[
            "from 3 (recorded)",
            "Observation 2 of 2026-11-10: tumor of 3 cm",
            "note: Observation 3 of 2026-08-25 is older than 90 days (this service's limit, not the policy's)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "an old size of no tumor", size(3, on="2026-08-25"), hears=[
            "not known (no-data)",
            "note: Observation 0 of 2026-08-25 is older than 90 days (this service's limit, not the policy's)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "an undated size, and one that is not final", size(3, on=""),
                body_structure("a"), size(4, "a") | {"status": "preliminary"}, hears=[
            "not known (no-data)",
            "note: Observation 0 has no date and was not used",
            "note: Observation 2 was not used: it is not final",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size that is marked as absent",
                size(3) | {"dataAbsentReason": {"text": "x"}}, hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: its size is marked as absent",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size of tomorrow", size(3, on="2026-11-25"), hears=[
            "not known (no-data)",
            "note: Observation 0 is dated 2026-11-25, in the future, and was not used",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a tumor nobody measured", body_structure("a"), size(3, "a"),
                body_structure("b", morphology=concept("snomed 108369006")), hears=[
            "from 3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
            "note: BodyStructure/b is a tumor of the liver without a size on record",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size that might be of another tumor", size(3), condition("icd C79.51"),
                hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it does not say that the tumor is in the liver",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size at an unclear place",
                size(3) | {"bodySite": {"text": "near the liver"}}, hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it does not say that the tumor is in the liver",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size in the kidney", size(3) | {"bodySite": concept(KIDNEY)}, hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size of a specimen", size(3) | {"specimen": {"reference": "Specimen/1"}},
                hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size of a specimen, and one of a tumor",
                size(6) | {"specimen": {"reference": "Specimen/1"}}, size(3), hears=[
            "3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size of a tumor that is gone", body_structure("a", active=False),
                size(3, "a"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size about a diagnosis of the liver", condition("icd C22.0"),
                size(3) | {"focus": [{"reference": "Condition/condition-0"}]}, hears=[
            "3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size about a diagnosis elsewhere", condition("icd C18.7"),
                size(3) | {"focus": [{"reference": "Condition/condition-0"}]}, hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure without a place", body_structure("a", ""), size(3, "a"), hears=[
            "3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure without a place, beside a metastasis in bone",
                condition("icd C79.51"), body_structure("a", ""), size(3, "a"), hears=[
            "not known (no-data)",
            "note: Observation 2 was not used: it does not say that the tumor is in the liver",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure without a place, of a liver diagnosis", condition("icd C22.0"),
                body_structure("a", "", linked="Condition/condition-0"), size(3, "a"), hears=[
            "3 (recorded)",
            "Observation 2 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure without a place, of a diagnosis elsewhere",
                condition("icd C18.7"), body_structure("a", "", linked="Condition/condition-0"), size(3, "a"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated, and no size", says(largest=4.0), hears=[
            "4 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: largest liver tumor in cm: 4",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated, and measured larger since", says(largest=4.0, on="2026-11-01"),
                size(6), hears=[
            "from 4 to 6 (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: largest liver tumor in cm: 4",
            "Observation 1 of 2026-11-10: tumor of 6 cm",
            "note: the stated largest size and the measured sizes disagree; both were considered",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated, and measured larger before", says(largest=4.0), size(6), hears=[
            "4 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: largest liver tumor in cm: 4",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated larger than all that was measured",
                says(largest=6.0, count=1, on="2026-11-01"), size(4), hears=[
            "from 4 to 6 (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: largest liver tumor in cm: 6",
            "Observation 1 of 2026-11-10: tumor of 4 cm",
            "note: the stated largest size and the measured sizes disagree; both were considered",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated, with a note on an old size", says(largest=4.0),
                size(3, on="2026-08-25"), hears=[
            "4 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: largest liver tumor in cm: 4",
            "note: Observation 1 of 2026-08-25 is older than 90 days (this service's limit, not the policy's)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "more counted than measured", says(count=2), size(4), hears=[
            "from 4 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 4 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "an old statement alone", says(largest=4.0, on="2026-08-25"), hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2026-08-25 is older than 90 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.LARGEST_TUMOR_CM, "structures unread", size(4), unread=("BodyStructure",), hears=[
            "from 4 (recorded)",
            "Observation 0 of 2026-11-10: tumor of 4 cm",
            "unread: BodyStructure",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "observations unread", size(4), unread=("Observation",), hears=[
            "not known (recorded)",
            "Observation 0 of 2026-11-10: tumor of 4 cm",
            "unread: Observation",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "nothing", hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure of the liver that its condition makes a tumor",
                condition("icd C22.0"), body_structure("a"), size(3, "a"),
                body_structure("b", linked="Condition/condition-0"), hears=[
            "from 3 (recorded)",
            "Observation 2 of 2026-11-10: tumor of 3 cm",
            "note: BodyStructure/b is a tumor of the liver without a size on record",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure of the liver that a condition elsewhere points from",
                condition("icd C18.7"), condition("icd C22.0"), body_structure("a"), size(3, "a"),
                body_structure("b", linked="Condition/condition-0"), hears=[
            "3 (recorded)",
            "Observation 3 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure of the liver by its profile", body_structure("a"), size(3, "a"),
                body_structure("b",
                meta={"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-tumor"]}), hears=[
            "from 3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
            "note: BodyStructure/b is a tumor of the liver without a size on record",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a structure of another profile", body_structure("a"), size(3, "a"),
                body_structure("b", meta={"profile": ["http://hl7.org/fhir/StructureDefinition/BodyStructure"]}),
                hears=[
            "3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a tumor of the liver that is gone", body_structure("a"), size(3, "a"),
                body_structure("b", active=False, morphology=concept("snomed 108369006")), hears=[
            "3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a tumor of the breast nobody measured", body_structure("a"), size(3, "a"),
                body_structure("b", BREAST, morphology=concept("snomed 108369006")), hears=[
            "3 (recorded)",
            "Observation 1 of 2026-11-10: tumor of 3 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "two dimensions, one only bounded", observation("loinc 21889-1",
                component=[{"code": concept("loinc 33729-5"), "valueQuantity": quantity(4, "cm", "<")},
                {"code": concept("loinc 33729-5"), "valueQuantity": quantity(3, "cm")}]), hears=[
            "below 4 (recorded)",
            "Observation 0 of 2026-11-20: tumor of below 4 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "two dimensions, the larger first", observation("loinc 21889-1",
                component=[{"code": concept("loinc 33729-5"), "valueQuantity": quantity(4.5, "cm")},
                {"code": concept("loinc 33729-5"), "valueQuantity": quantity(3, "cm")}]), hears=[
            "4.5 (recorded)",
            "Observation 0 of 2026-11-20: tumor of 4.5 cm",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "a size that is not final", size(3) | {"status": "preliminary"}, hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it is not final",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "stated, an unusable observation beside", says(count=2),
                local_observation("liver-tumor-count", True, status="preliminary"), hears=[
            "2 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor count: 2",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "stated fewer than measured", says(count=1), body_structure("a"),
                body_structure("b"), size(3, "a"), size(4, "b"), hears=[
            "from 1 (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor count: 1",
            "Observation 3 of 2026-11-10: tumor of 3 cm",
            "Observation 4 of 2026-11-10: tumor of 4 cm",
            "note: the count on record is lower than the 2 tumors on record; both were considered",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "one and a half stated", form({"liver-tumor-count": {"valueDecimal": 1.5}}),
                hears=[
            "not known (no-data)",
            "note: QuestionnaireResponse 0 was not used: a number of tumors is a whole number",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "fewer than none stated", form({"liver-tumor-count": {"valueInteger": -1}}),
                hears=[
            "not known (no-data)",
            "note: QuestionnaireResponse 0 was not used: a number of tumors is a whole number",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "stated as a quantity",
                form({"liver-tumor-count": {"valueQuantity": {"value": 2}}}), hears=[
            "2 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor count: 2",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "the question left open",
                form({"liver-tumor-count": {"valueString": "some"}}), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated in a unit nobody knows",
                form({"largest-liver-tumor-cm": {"valueQuantity": quantity(4, "furlong")}}), hears=[
            "not known (no-data)",
            "note: QuestionnaireResponse 0 was not used: its unit is not one of cm, mm, m",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated below 5",
                form({"largest-liver-tumor-cm": {"valueQuantity": quantity(5, "cm", "<")}}), hears=[
            "below 5 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: largest liver tumor in cm: below 5",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated above 5",
                form({"largest-liver-tumor-cm": {"valueQuantity": quantity(5, "cm", ">")}}), hears=[
            "above 5 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: largest liver tumor in cm: above 5",
        ]),
        patient(facts.LARGEST_TUMOR_CM, "stated in millimeters",
                form({"largest-liver-tumor-cm": {"valueQuantity": quantity(42, "mm")}}), hears=[
            "4.2 (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: largest liver tumor in cm: 4.2",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "none stated", says(count=0), hears=[
            "not known (implausible)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor count: 0",
            "note: a count below one tumor was not used",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "forms that differ", says(count=1), says(count=2), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor count: 1",
            "QuestionnaireResponse 1 of 2026-11-20: liver tumor count: 2",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on liver-tumor-count",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded", observation("loinc 42032-3", valueInteger=3), hears=[
            "3 (recorded)",
            "Observation 0 of 2026-11-20: 3 tumor(s)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded as multifocal",
                observation("loinc 42032-3", valueCodeableConcept=concept("snomed 399506006")), hears=[
            "from 2 (recorded)",
            "Observation 0 of 2026-11-20: 2 tumor(s)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded with a unit",
                observation("loinc 42032-3", valueQuantity=quantity(2, "{tumors}")), hears=[
            "2 (recorded)",
            "Observation 0 of 2026-11-20: 2 tumor(s)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded in centimeters",
                observation("loinc 42032-3", valueQuantity=quantity(2, "cm")), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it is no whole number of tumors",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "none recorded", observation("loinc 42032-3", valueInteger=0), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it is no whole number of tumors",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded, an old statement beside", says(count=1, on="2026-08-25"),
                observation("loinc 42032-3", valueInteger=1), hears=[
            "1 (recorded)",
            "Observation 1 of 2026-11-20: 1 tumor(s)",
            ("note: QuestionnaireResponse 0 of 2026-08-25 is older than 90 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded, fewer than seen", observation("loinc 42032-3", valueInteger=1),
                observation("snomed 399506006"), hears=[
            "from 1 (conflict)",
            "Observation 0 of 2026-11-20: 1 tumor(s)",
            "Observation 1 of 2026-11-20: multifocal tumor",
            "note: the count on record is lower than the 2 tumors on record; both were considered",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "recorded, observations unread",
                observation("loinc 42032-3", valueInteger=1), unread=("Observation",), hears=[
            "not known (recorded)",
            "Observation 0 of 2026-11-20: 1 tumor(s)",
            "unread: Observation",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "multifocal alone", observation("snomed 399506006"), hears=[
            "from 2 (not-specific)",
            "Observation 0 of 2026-11-20: multifocal tumor",
            "note: at least 2 tumors are on record; nothing says that this is all",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "multifocal 91 days ago", observation("snomed 399506006", on="2026-08-25"),
                hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "multifocal tomorrow", observation("snomed 399506006", on="2026-11-25"),
                hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "multifocal, preliminary",
                observation("snomed 399506006", status="preliminary"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "multifocal in the breast",
                observation("snomed 399506006", bodySite=concept(BREAST)), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "two measured, one not, observations unread", body_structure("a"),
                body_structure("b"), size(3, "a"), size(4, "b"), unread=("Observation",), hears=[
            "not known (not-specific)",
            "Observation 2 of 2026-11-10: tumor of 3 cm",
            "Observation 3 of 2026-11-10: tumor of 4 cm",
            "note: at least 2 tumors are on record; nothing says that this is all",
            "unread: Observation",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "two measured, one not", body_structure("a"), body_structure("b"),
                body_structure("c", morphology=concept("snomed 108369006")), size(3, "a"), size(4, "b"), hears=[
            "from 3 (not-specific)",
            "Observation 3 of 2026-11-10: tumor of 3 cm",
            "Observation 4 of 2026-11-10: tumor of 4 cm",
            "note: at least 3 tumors are on record; nothing says that this is all",
        ]),
        patient(facts.LIVER_TUMOR_COUNT, "one measured, structures unread", size(3), unread=("BodyStructure",),
                hears=[
            "not known (no-data)",
            "unread: BodyStructure",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_number_and_size(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
