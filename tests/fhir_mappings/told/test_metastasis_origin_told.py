"""Where a liver metastasis comes from, as it is told (I.D.1.b-d, IV; A14, A29b, A52)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import BREAST, LIVER, body_structure, concept, condition, observation, stated
from tests.fhir_mappings.told.telling import Asked, patient

RELATED = "http://hl7.org/fhir/StructureDefinition/condition-related"
MORPHOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.TREATED_TUMOR, "two primaries", condition("icd C78.7"), condition("icd C18.7"),
                condition("icd C50.911"), hears=[
            "metastasis of breast cancer or metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "Condition 2 of 2026-10-01: primary: breast cancer",
            "note: several primary cancers could be the origin",
        ]),
        patient(facts.TREATED_TUMOR, "a primary and a suspected one", condition("icd C78.7"), condition("icd C18.7"),
                condition("icd C50.911", certainty="provisional"), hears=[
            "metastasis of breast cancer or metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "Condition 2 of 2026-10-01: primary: breast cancer",
            "note: several primary cancers could be the origin",
        ]),
        patient(facts.TREATED_TUMOR, "a primary and a refuted one", condition("icd C78.7"), condition("icd C18.7"),
                condition("icd C50.911", certainty="refuted"), hears=[
            "metastasis of colorectal cancer (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "a suspected primary alone", condition("icd C78.7"),
                condition("icd C50.911", certainty="provisional"), hears=[
            "any metastasis but of melanoma (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: breast cancer",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a suspected melanoma alone", condition("icd C78.7"),
                condition("icd C43.9", certainty="provisional"), hears=[
            "any metastasis (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: melanoma",
        ]),
        patient(facts.TREATED_TUMOR, "a past primary", condition("icd C78.7"), condition("icd Z85.3"), hears=[
            "metastasis of breast cancer (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: breast cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "a cancer of the eye", condition("icd C78.7"), condition("icd C69.90"), hears=[
            "any metastasis (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: another cancer or melanoma",
        ]),
        patient(facts.TREATED_TUMOR, "a linked primary beside another", condition("icd C78.7",
                extension=[{"url": RELATED, "valueReference": {"reference": "Condition/condition-1"}}]),
                condition("icd C18.7"), condition("icd C50.911"), hears=[
            "metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: the linked primary",
        ]),
        patient(facts.TREATED_TUMOR, "a link to one that is refuted, and one to the primary", condition("icd C78.7",
                extension=[{"url": RELATED, "valueReference": {"reference": "Condition/condition-1"}},
                {"url": RELATED, "valueReference": {"reference": "Condition/condition-2"}}]),
                condition("icd C18.7", certainty="refuted"), condition("icd C50.911"), condition("icd C43.9"), hears=[
            "metastasis of breast cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 2 of 2026-10-01: the linked primary",
        ]),
        patient(facts.TREATED_TUMOR, "a link to another metastasis, and one to the primary", condition("icd C78.7",
                extension=[{"url": RELATED, "valueReference": {"reference": "Condition/condition-1"}},
                {"url": RELATED, "valueReference": {"reference": "Condition/condition-2"}}]), condition("icd C78.00"),
                condition("icd C50.911"), condition("icd C43.9"), hears=[
            "metastasis of breast cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 2 of 2026-10-01: the linked primary",
        ]),
        patient(facts.TREATED_TUMOR, "a primary named in the link itself",
                condition("icd C78.7", extension=[{"url": RELATED, "valueCodeableConcept": concept("icd C18.7")}]),
                condition("icd C50.911"), hears=[
            "metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
        ]),
        patient(facts.TREATED_TUMOR, "a primary that points to the metastasis", condition("icd C78.7"),
                condition("icd C18.7", extension=[{"url": RELATED,
                "valueReference": {"reference": "Condition/condition-0"}}]), condition("icd C50.911"), hears=[
            "metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: the linked primary",
        ]),
        patient(facts.TREATED_TUMOR, "a tumor of the liver that points to its primary", condition("icd C78.7"),
                condition("icd C18.7"), condition("icd C50.911"), body_structure("b", linked="Condition/condition-1"),
                hears=[
            "metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: the linked primary",
        ]),
        patient(facts.TREATED_TUMOR, "a structure that is gone, and one elsewhere", condition("icd C78.7"),
                condition("icd C18.7"), condition("icd C50.911"),
                body_structure("b", linked="Condition/condition-1", active=False),
                body_structure("c", BREAST, linked="Condition/condition-2"), hears=[
            "metastasis of breast cancer or metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "Condition 2 of 2026-10-01: primary: breast cancer",
            "note: several primary cancers could be the origin",
        ]),
        patient(facts.TREATED_TUMOR, "a neuroendocrine name, and a carcinoid of the colon", condition("icd C7B.02"),
                condition("icd C7A.020"), hears=[
            "metastasis of a colorectal carcinoid (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: a colorectal carcinoid",
        ]),
        patient(facts.TREATED_TUMOR, "a neuroendocrine name alone", condition("icd C7B.02"), hears=[
            "metastasis of a neuroendocrine tumor (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
        ]),
        patient(facts.TREATED_TUMOR, "the primary stated, none on record", condition("icd C78.7"),
                stated("mets-primary", "breast"), hears=[
            "metastasis of breast cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "QuestionnaireResponse 1 of 2026-11-20: primary of the metastases: breast",
        ]),
        patient(facts.TREATED_TUMOR, "the primary stated, the same on record", condition("icd C78.7"),
                stated("mets-primary", "breast"), condition("icd C50.911"), hears=[
            "metastasis of breast cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "QuestionnaireResponse 1 of 2026-11-20: primary of the metastases: breast",
            "Condition 2 of 2026-10-01: primary: breast cancer",
        ]),
        patient(facts.TREATED_TUMOR, "the primary stated, another on record", condition("icd C78.7"),
                stated("mets-primary", "breast"), condition("icd C18.7"), hears=[
            "metastasis of breast cancer or metastasis of colorectal cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "QuestionnaireResponse 1 of 2026-11-20: primary of the metastases: breast",
            "Condition 2 of 2026-10-01: primary: colorectal cancer",
            "note: the stated primary of the metastases and the record disagree",
        ]),
        patient(facts.TREATED_TUMOR, "colorectal stated, a carcinoid on record", condition("icd C78.7"),
                stated("mets-primary", "colorectal"), condition("icd C7A.020"), hears=[
            "metastasis of a colorectal carcinoid (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "QuestionnaireResponse 1 of 2026-11-20: primary of the metastases: colorectal",
            "Condition 2 of 2026-10-01: primary: a colorectal carcinoid",
        ]),
        patient(facts.TREATED_TUMOR, "statements on the primary that differ", condition("icd C78.7"),
                stated("mets-primary", "breast"), stated("mets-primary", "other"), hears=[
            "any metastasis (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "QuestionnaireResponse 1 of 2026-11-20: primary of the metastases: breast",
            "QuestionnaireResponse 2 of 2026-11-20: primary of the metastases: other",
            "note: QuestionnaireResponse 1, QuestionnaireResponse 2 contradict each other on mets-primary",
        ]),
        patient(facts.TREATED_TUMOR, "a melanoma by morphology", condition("icd C78.7", extension=[{"url": MORPHOLOGY,
                "valueCodeableConcept": concept("icd-o 8720/6")}]), hears=[
            "metastasis of melanoma (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
        ]),
        patient(facts.TREATED_TUMOR, "a primary of no branch", condition("icd C78.7"), condition("icd C34.90"),
                hears=[
            "metastasis of another cancer (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: another cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "a primary by its profile alone", condition("icd C78.7"), condition("icd D49.9",
                meta={"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition|3.0.0"]}),
                hears=[
            "metastasis of another cancer (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: another cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "melanoma by histology about the primary", condition("icd C78.7"),
                condition("icd C44.90"), observation("loinc 31206-6", focus=[{"reference": "Condition/condition-1"}],
                valueCodeableConcept=concept("icd-o 8720/3")), hears=[
            "metastasis of melanoma (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: melanoma",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "melanoma by histology about another", condition("icd C78.7"),
                condition("icd C18.7"), observation("loinc 31206-6", focus=[{"reference": "Condition/gone"}],
                valueCodeableConcept=concept("icd-o 8720/3")), hears=[
            "metastasis of colorectal cancer (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis by form, its primary named on record",
                stated("liver-tumor-diagnosis", "metastasis"), condition("snomed 315004001", site=LIVER),
                condition("icd C18.7"), hears=[
            "metastasis of breast cancer (attested)",
            "Condition 1 of 2026-10-01: metastasis in the liver",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: metastasis",
            "Condition 1 of 2026-10-01: names the primary",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis by form and a primary, conditions unread",
                stated("liver-tumor-diagnosis", "metastasis"), condition("icd C18.7"), unread=("Condition",), hears=[
            "any tumor (no-data)",
            "not established, points to: any metastasis",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: metastasis",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "unread: Condition",
        ]),
        patient(facts.TREATED_TUMOR, "a suspected metastasis with a linked primary", condition("icd C78.7",
                certainty="provisional", extension=[{"url": RELATED,
                "valueReference": {"reference": "Condition/condition-1"}}]), condition("icd C18.7"),
                condition("icd C50.911"), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: metastasis of colorectal cancer",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a morphology elsewhere on the metastasis", condition("icd C78.7",
                extension=[{"url": MORPHOLOGY, "valueCodeableConcept": concept("icd-o 8140/3")}]), hears=[
            "any metastasis but of melanoma (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_the_origin_of_a_metastasis(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
