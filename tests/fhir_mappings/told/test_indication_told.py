"""What an order is for, as it is told (V, VII; A32)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import KIDNEY, LIVER, concept, condition, local_observation, stated
from tests.fhir_mappings.told.telling import Asked, patient


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.LIVER_TUMOR_INDICATED, "a reason in the liver", order={"reasonCode": [concept("icd C22.0")]},
                hears=[
            "yes (recorded)",
            "ServiceRequest/draft: reason on the order",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a diagnosis it points to", condition("icd C22.0"),
                order={"reasonReference": [{"reference": "Condition/condition-0"}]}, hears=[
            "yes (recorded)",
            "ServiceRequest/draft: reason on the order",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a suspicion it points to",
                condition("icd C22.0", certainty="provisional"),
                order={"reasonReference": [{"reference": "Condition/condition-0"}]}, hears=[
            "not known (not-specific)",
            "ServiceRequest/draft: reason on the order",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a suspicion it points to, and the form",
                condition("icd C22.0", certainty="provisional"), stated("liver-tumor-diagnosis", "hcc"),
                order={"reasonReference": [{"reference": "Condition/condition-0"}]}, hears=[
            "yes (attested)",
            "QuestionnaireResponse 1 of 2026-11-20: liver tumor that is treated: hcc",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a reason elsewhere", order={"reasonCode": [concept("icd C61")]}, hears=[
            "no (recorded)",
            "ServiceRequest/draft: reason on the order",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a primary as the reason, its metastasis on record",
                condition("icd C78.7"), order={"reasonCode": [concept("icd C18.7")]}, hears=[
            "not known (not-specific)",
            "ServiceRequest/draft: reason on the order",
            "note: the reason on the order is the primary cancer: say whether its liver metastasis is treated",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a primary as the reason, conditions unread",
                order={"reasonCode": [concept("icd C18.7")]}, unread=("Condition",), hears=[
            "not known (no-data)",
            "ServiceRequest/draft: reason on the order",
            "unread: Condition",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a pointer nobody can follow",
                order={"reasonReference": [{"reference": "Condition/x"}]}, unread=("Condition",), hears=[
            "not known (no-data)",
            "ServiceRequest/draft: reason on the order",
            "unread: Condition",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a symptom as the reason, a kidney as the site",
                order={"reasonCode": [concept("icd R10.11")], "bodySite": concept(KIDNEY)}, hears=[
            "no (recorded)",
            "ServiceRequest/draft: site on the order",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "the liver as the site", order={"bodySite": concept(LIVER)}, hears=[
            "yes (recorded)",
            "ServiceRequest/draft: site on the order",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "the form says a carcinoma", stated("liver-tumor-diagnosis", "hcc"),
                local_observation("liver-tumor-diagnosis", "hcc", status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: hcc",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "the form says none, a metastasis on record",
                stated("liver-tumor-diagnosis", "not-a-liver-tumor"), condition("icd C78.7"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: not-a-liver-tumor",
            "note: the form says what is treated is not in the liver or no cancer, and the record names one",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "the form says none",
                stated("liver-tumor-diagnosis", "not-a-liver-tumor"), hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: not-a-liver-tumor",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "the form says benign", stated("liver-tumor-diagnosis", "benign"),
                hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: benign",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "forms that differ", stated("liver-tumor-diagnosis", "hcc"),
                stated("liver-tumor-diagnosis", "not-a-liver-tumor"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "two tumors on record", condition("icd C22.0"), condition("icd D13.4"),
                hears=[
            "yes (inferred)",
            "Condition 0 of 2026-10-01: liver tumor on record",
            "Condition 1 of 2026-10-01: liver tumor on record",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "nothing, conditions unread", unread=("Condition",), hears=[
            "not known (no-data)",
            "unread: Condition",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "nothing", hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_TUMOR_INDICATED, "a benign tumor as the reason",
                order={"reasonCode": [concept("icd D13.4")]}, hears=[
            "yes (recorded)",
            "ServiceRequest/draft: reason on the order",
        ]),
        patient(facts.LIVER_MALIGNANCY_INDICATED, "a benign tumor as the reason",
                order={"reasonCode": [concept("icd D13.4")]}, hears=[
            "no (recorded)",
            "ServiceRequest/draft: reason on the order",
        ]),
        patient(facts.LIVER_MALIGNANCY_INDICATED, "the form says benign", stated("liver-tumor-diagnosis", "benign"),
                hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: benign",
        ]),
        patient(facts.LIVER_MALIGNANCY_INDICATED, "the form says benign, a cancer on record",
                stated("liver-tumor-diagnosis", "benign"), condition("icd C22.0"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: liver tumor that is treated: benign",
            "note: the form says what is treated is not in the liver or no cancer, and the record names one",
        ]),
        patient(facts.LIVER_MALIGNANCY_INDICATED, "the liver as the site", order={"bodySite": concept(LIVER)}, hears=[
            "not known (no-data)",
        ]),
        patient(facts.LIVER_MALIGNANCY_INDICATED, "a cancer and a benign tumor on record", condition("icd C22.0"),
                condition("icd D13.4"), hears=[
            "yes (inferred)",
            "Condition 0 of 2026-10-01: liver tumor on record",
        ]),
        patient(facts.LIVER_MALIGNANCY_INDICATED, "malignant disease with the liver as its site",
                condition("snomed 363346000", site=LIVER), hears=[
            "yes (inferred)",
            "Condition 0 of 2026-10-01: liver tumor on record",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_an_indication(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
