"""The tumor an order treats, as it is told (dx of I.D.1.a-d, IV; A13b, A51)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import LIVER, choice, concept, condition, form, observation, stated
from tests.fhir_mappings.told.telling import Asked, patient


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.TREATED_TUMOR, "a hepatocellular carcinoma", condition("icd C22.0"), hears=[
            "hepatocellular carcinoma (recorded)",
            "Condition 0 of 2026-10-01: hepatocellular carcinoma",
        ]),
        patient(facts.TREATED_TUMOR, "a diagnosis coded as two tumors", condition("icd C22.0", "icd D13.4"), hears=[
            "a benign liver tumor or hepatocellular carcinoma (recorded)",
            "Condition 0 of 2026-10-01: a benign liver tumor or hepatocellular carcinoma",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis of nothing on record", condition("icd C78.7"), hears=[
            "any metastasis but of melanoma (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis and the only primary", condition("icd C78.7"),
                condition("icd C18.7"), hears=[
            "metastasis of colorectal cancer (inferred)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis that names the breast", condition("icd C78.7", "snomed 315004001"),
                condition("icd C18.7"), hears=[
            "metastasis of breast cancer (recorded)",
            "Condition 0 of 2026-10-01: metastasis in the liver",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma, later refuted", condition("icd C22.0", on="2026-10-01"),
                condition("icd C22.0", certainty="refuted", on="2026-10-02"), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: hepatocellular carcinoma",
            "Condition 1 of 2026-10-02: refuted",
            "note: Condition 0 is contradicted by a refuted record of the same diagnosis",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma refuted before", condition("icd C22.0", on="2026-10-02"),
                condition("icd C22.0", certainty="refuted", on="2026-10-01"), hears=[
            "hepatocellular carcinoma (recorded)",
            "Condition 0 of 2026-10-02: hepatocellular carcinoma",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma refuted, nobody knows when", condition("icd C22.0"),
                condition("icd C22.0", certainty="refuted", on=""), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: hepatocellular carcinoma",
            "Condition 1: refuted",
            "note: Condition 0 is contradicted by a refuted record of the same diagnosis",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a refuted carcinoma alone", condition("icd C22.0", certainty="refuted"), hears=[
            ("a benign liver tumor or another primary liver cancer or combined hepatocellular carcinoma and "
             "cholangiocarcinoma or metastasis of a colorectal carcinoid or metastasis of a colorectal tumor of "
             "unusual type or metastasis of a neuroendocrine tumor or metastasis of a possibly neuroendocrine "
             "tumor or metastasis of another cancer or metastasis of breast cancer or metastasis of colorectal "
             "cancer (no-data)"),
            "not established, points to: nothing",
            "Condition 0 of 2026-10-01: refuted",
            "note: a liver tumor diagnosis on record is marked as refuted",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis, and a later refutation of one", condition("icd C78.7"),
                condition("snomed 315004001", certainty="refuted", on="2026-11-01", site=LIVER), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: any metastasis but of melanoma",
            "note: Condition 0 is contradicted by a refuted record of the same diagnosis",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma, and another cancer of the liver refuted later",
                condition("icd C22.0"), condition("icd C22.1", certainty="refuted", on="2026-11-01"), hears=[
            "hepatocellular carcinoma (recorded)",
            "Condition 0 of 2026-10-01: hepatocellular carcinoma",
        ]),
        patient(facts.TREATED_TUMOR, "a suspected carcinoma", condition("icd C22.0", certainty="provisional"), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: hepatocellular carcinoma",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a broad code", condition("icd C22.9"), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: hepatocellular carcinoma",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a suspected metastasis beside breast cancer",
                condition("icd C78.7", certainty="provisional"), condition("icd C50.911"), hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: metastasis of breast cancer",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a suspected metastasis beside melanoma, and a carcinoma",
                condition("icd C78.7", certainty="provisional"), condition("icd C43.9"), condition("icd C22.0"),
                hears=[
            "hepatocellular carcinoma or metastasis of melanoma (recorded)",
            "Condition 2 of 2026-10-01: hepatocellular carcinoma",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma and metastasis, and the order names one", condition("icd C22.0"),
                condition("icd C78.7"), condition("icd C18.7"), order={"reasonCode": [concept("icd C22.0")]}, hears=[
            "hepatocellular carcinoma (inferred)",
            "Condition 0 of 2026-10-01: hepatocellular carcinoma",
            "Condition 1 of 2026-10-01: metastasis in the liver",
            "Condition 2 of 2026-10-01: primary: colorectal cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma and metastasis, and the order points to one", condition("icd C22.0"),
                condition("icd C78.7"), condition("icd C18.7"),
                order={"reasonReference": [{"reference": "Condition/condition-1"}]}, hears=[
            "metastasis of colorectal cancer (inferred)",
            "Condition 0 of 2026-10-01: hepatocellular carcinoma",
            "Condition 1 of 2026-10-01: metastasis in the liver",
            "Condition 2 of 2026-10-01: primary: colorectal cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma on the order alone", order={"reasonCode": [concept("icd C22.0")]},
                hears=[
            "hepatocellular carcinoma (recorded)",
            "ServiceRequest/draft: the reason given on the order",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma on the order, suspected on record",
                condition("icd C22.0", certainty="provisional"), order={"reasonCode": [concept("icd C22.0")]}, hears=[
            "any tumor but of melanoma (not-specific)",
            "not established, points to: hepatocellular carcinoma",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma on record, a metastasis on the order", condition("icd C22.0"),
                order={"reasonCode": [concept("icd C78.7")]}, hears=[
            ("hepatocellular carcinoma or metastasis of a colorectal carcinoid or metastasis of a colorectal "
             "tumor of unusual type or metastasis of a neuroendocrine tumor or metastasis of a possibly "
             "neuroendocrine tumor or metastasis of another cancer or metastasis of breast cancer or metastasis "
             "of colorectal cancer (recorded)"),
            "Condition 0 of 2026-10-01: hepatocellular carcinoma",
        ]),
        patient(facts.TREATED_TUMOR, "a neuroendocrine metastasis on the order alone",
                order={"reasonCode": [concept("icd C7B.02")]}, hears=[
            "metastasis of a neuroendocrine tumor (recorded)",
            "ServiceRequest/draft: the reason given on the order",
        ]),
        patient(facts.TREATED_TUMOR, "a carcinoma, conditions unread", condition("icd C22.0"), unread=("Condition",),
                hears=[
            "any tumor (not-specific)",
            "not established, points to: hepatocellular carcinoma",
            "unread: Condition",
        ]),
        patient(facts.TREATED_TUMOR, "nothing, conditions unread", unread=("Condition",), hears=[
            "any tumor (no-data)",
            "not established, points to: nothing",
            "unread: Condition",
        ]),
        patient(facts.TREATED_TUMOR, "melanoma and nothing of the liver", condition("icd C43.9"), hears=[
            "any tumor (no-data)",
            "not established, points to: nothing",
        ]),
        patient(facts.TREATED_TUMOR, "nothing at all", hears=[
            "any tumor but of melanoma (no-data)",
            "not established, points to: nothing",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form and record", condition("icd C22.0"),
                stated("liver-tumor-diagnosis", "hcc"), hears=[
            "hepatocellular carcinoma (attested)",
            "Condition 0 of 2026-10-01: hepatocellular carcinoma",
            "QuestionnaireResponse 1 of 2026-11-20: liver tumor that is treated: hcc",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form, benign on record", condition("icd D13.4"),
                stated("liver-tumor-diagnosis", "hcc"), hears=[
            "a benign liver tumor or hepatocellular carcinoma (conflict)",
            "Condition 0 of 2026-10-01: a benign liver tumor",
            "QuestionnaireResponse 1 of 2026-11-20: liver tumor that is treated: hcc",
            "note: the tumor stated on the form and the one on record differ",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form alone", stated("liver-tumor-diagnosis", "hcc"), hears=[
            "hepatocellular carcinoma (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: hcc",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form, the order names a metastasis",
                stated("liver-tumor-diagnosis", "hcc"), order={"reasonCode": [concept("icd C78.7")]}, hears=[
            ("hepatocellular carcinoma or metastasis of a colorectal carcinoid or metastasis of a colorectal "
             "tumor of unusual type or metastasis of a neuroendocrine tumor or metastasis of a possibly "
             "neuroendocrine tumor or metastasis of another cancer or metastasis of breast cancer or metastasis "
             "of colorectal cancer (conflict)"),
            "ServiceRequest/draft: the reason given on the order",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: hcc",
            "note: the tumor stated on the form and the one on record differ",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form, refuted since",
                stated("liver-tumor-diagnosis", "hcc", on="2026-11-01"),
                condition("icd C22.0", certainty="refuted", on="2026-11-02"), hears=[
            ("a benign liver tumor or another primary liver cancer or combined hepatocellular carcinoma and "
             "cholangiocarcinoma or metastasis of a colorectal carcinoid or metastasis of a colorectal tumor of "
             "unusual type or metastasis of a neuroendocrine tumor or metastasis of a possibly neuroendocrine "
             "tumor or metastasis of another cancer or metastasis of breast cancer or metastasis of colorectal "
             "cancer (no-data)"),
            "not established, points to: hepatocellular carcinoma",
            "Condition 1 of 2026-11-02: refuted",
            "QuestionnaireResponse 0 of 2026-11-01: liver tumor that is treated: hcc",
            "note: a liver tumor diagnosis on record is marked as refuted",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
            "note: Condition 1: the diagnosis on the form is refuted on record",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form, refuted before",
                stated("liver-tumor-diagnosis", "hcc", on="2026-11-01"),
                condition("icd C22.0", certainty="refuted", on="2026-10-31"), hears=[
            "hepatocellular carcinoma (attested)",
            "QuestionnaireResponse 0 of 2026-11-01: liver tumor that is treated: hcc",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form, refuted the same day",
                stated("liver-tumor-diagnosis", "hcc", on="2026-11-01"),
                condition("icd C22.0", certainty="refuted", on="2026-11-01"), hears=[
            ("a benign liver tumor or another primary liver cancer or combined hepatocellular carcinoma and "
             "cholangiocarcinoma or metastasis of a colorectal carcinoid or metastasis of a colorectal tumor of "
             "unusual type or metastasis of a neuroendocrine tumor or metastasis of a possibly neuroendocrine "
             "tumor or metastasis of another cancer or metastasis of breast cancer or metastasis of colorectal "
             "cancer (no-data)"),
            "not established, points to: hepatocellular carcinoma",
            "Condition 1 of 2026-11-01: refuted",
            "QuestionnaireResponse 0 of 2026-11-01: liver tumor that is treated: hcc",
            "note: a liver tumor diagnosis on record is marked as refuted",
            "note: no melanoma is on record, and none is taken to be the origin: inferred, as its absence is usual",
            "note: Condition 1: the diagnosis on the form is refuted on record",
        ]),
        patient(facts.TREATED_TUMOR, "no tumor of the liver by form",
                stated("liver-tumor-diagnosis", "not-a-liver-tumor"), condition("icd C22.0"), hears=[
            "any tumor (recorded)",
            "not established, points to: hepatocellular carcinoma",
            "Condition 1 of 2026-10-01: hepatocellular carcinoma",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: not-a-liver-tumor",
            "note: the form says that no tumor of the liver is treated",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis by form, colorectal by form",
                form({"liver-tumor-diagnosis": choice("metastasis"), "mets-primary": choice("colorectal")}), hears=[
            "metastasis of colorectal cancer (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: metastasis",
            "QuestionnaireResponse 0 of 2026-11-20: primary of the metastases: colorectal",
        ]),
        patient(facts.TREATED_TUMOR, "a metastasis by form, one primary on record",
                stated("liver-tumor-diagnosis", "metastasis"), condition("icd C18.7"), hears=[
            "metastasis of colorectal cancer (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: metastasis",
            "Condition 1 of 2026-10-01: primary: colorectal cancer",
            "note: the origin of the liver metastasis is inferred: it is the only primary cancer in the record",
        ]),
        patient(facts.TREATED_TUMOR, "forms that differ", stated("liver-tumor-diagnosis", "hcc"),
                stated("liver-tumor-diagnosis", "benign"), condition("icd C22.0"), hears=[
            "any tumor (recorded)",
            "not established, points to: hepatocellular carcinoma",
            "Condition 2 of 2026-10-01: hepatocellular carcinoma",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: hcc",
            "QuestionnaireResponse 1 of 2026-11-20: liver tumor that is treated: benign",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on liver-tumor-diagnosis",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by form, conditions unread", stated("liver-tumor-diagnosis", "hcc"),
                unread=("Condition",), hears=[
            "any tumor (no-data)",
            "not established, points to: hepatocellular carcinoma",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: hcc",
            "unread: Condition",
        ]),
        patient(facts.TREATED_TUMOR, "carcinoma by histology in the liver", observation("loinc 31206-6",
                valueCodeableConcept=concept("snomed 25370001"), bodySite=concept(LIVER)), hears=[
            "hepatocellular carcinoma (recorded)",
            "Observation 0 of 2026-11-20: hepatocellular carcinoma by histology",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_the_treated_tumor(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
