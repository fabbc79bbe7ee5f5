"""The facts policies ask: each a question about a patient, its unit, and where its reader looks."""

from typing import Final

from fhir_mappings.finding import Choice, Fact, Spread, Transplant, Tumor

_YES_NO: Final[frozenset[Choice]] = frozenset({True, False})
_TUMORS: Final[frozenset[Choice]] = frozenset(Tumor)

ECOG_GRADE: Final = Fact(
    "ecog_grade", "grade", "ECOG performance status, or Karnofsky",
    sources=("LOINC 89247-1", "LOINC 89262-0", "SNOMED CT 423740007", "form ecog-grade"),
)  # fmt: skip
KARNOFSKY_PERCENT: Final = Fact(
    "karnofsky_percent", "%", "Karnofsky performance status, or ECOG",
    sources=("LOINC 89243-0", "SNOMED CT 761869008", "SNOMED CT 273546003", "form karnofsky-percent"),
)  # fmt: skip
LIVER_RESERVE_ADEQUATE: Final = Fact(
    "liver_reserve_adequate", "yes/no", "Whether liver reserve is adequate, as the treating clinician judges it",
    _YES_NO, ("form liver-reserve-adequate", "Child-Pugh class A", "ALBI grade 1", "value set hepatic-failure"),
)  # fmt: skip
CHILD_PUGH_POINTS: Final = Fact(
    "child_pugh_points", "points", "Child-Pugh class, or bilirubin, albumin and INR from one period",
    sources=("LOINC 98152-2", "LOINC 98153-0", "SNOMED CT 3191000175106", "LOINC 1975-2, 1751-7, 6301-6 and kin",
             "value set ascites", "value set hepatic-encephalopathy", "value set hepatic-coma",
             "form child-pugh-class"),
)  # fmt: skip
TRANSPLANT_STATUS: Final = Fact(
    "transplant_status", "choice", "Whether the patient is listed for a liver transplant or awaiting one",
    frozenset(Transplant),
    ("form lt-status", "value set awaiting-transplant", "value set liver-transplantation",
     "value set liver-transplanted"),
)  # fmt: skip
BRIDGE_INTENT: Final = Fact(
    "bridge_intent", "yes/no", "Whether the ablation is meant to prevent tumor growth while waiting for the transplant",
    _YES_NO, ("form bridge-to-transplant-intent",),
)  # fmt: skip
TREATED_TUMOR: Final = Fact(
    "treated_tumor", "choice",
    "The diagnosis of the liver tumor that is treated, with its primary if it is a metastasis",
    _TUMORS,
    ("order reason", "form liver-tumor-diagnosis", "form mets-primary",
     "value set hepatocellular-carcinoma", "value set hepatocellular-mixed", "value set hepatocellular-morphology",
     "value set primary-liver-other", "value set primary-liver-broad", "value set benign-liver-tumor",
     "value set liver-metastasis", "value set metastasis-site-unstated", "value set metastasis-from-colorectal",
     "value set metastasis-from-neuroendocrine", "value set metastasis-from-breast",
     "value set metastasis-from-melanoma", "value set colorectal-primary", "value set colorectal-history",
     "value set colorectal-carcinoid", "value set colorectal-review", "value set neuroendocrine-primary",
     "value set neuroendocrine-history", "value set neuroendocrine-review", "value set breast-primary",
     "value set breast-history", "value set melanoma", "value set mucosal-melanoma", "value set ocular-site",
     "value set skin-site", "value set malignant-primary", "value set malignant-history", "value set liver-site"),
)  # fmt: skip
HCC_CONFIRMED: Final = Fact(
    "hcc_confirmed", "yes/no", "The biopsy or imaging that confirms the hepatocellular carcinoma",
    _YES_NO,
    ("form dx-confirmation-method", "Condition.evidence", "value set diagnostic-test", "value set liver-biopsy",
     "value set imaging-method"),
)  # fmt: skip
METASTASIS_CONFIRMED: Final = Fact(
    "metastasis_confirmed", "yes/no", "The biopsy or imaging that confirms the liver metastasis",
    _YES_NO,
    ("form dx-confirmation-method", "Condition.evidence", "value set diagnostic-test", "value set liver-biopsy",
     "value set imaging-method"),
)  # fmt: skip
RESECTION_FEASIBLE: Final = Fact(
    "resection_feasible", "yes/no", "Whether surgical resection is feasible, and where that is documented",
    _YES_NO, ("form resection-feasible", "value set unresectable", "value set liver-resection"),
)  # fmt: skip
RESECTION_CONCURRENT: Final = Fact(
    "resection_concurrent", "yes/no", "Whether the ablation is done together with a surgical resection",
    _YES_NO, ("form resection-concurrent", "value set liver-resection"),
)  # fmt: skip
LOCATION_ACCESSIBLE: Final = Fact(
    "location_accessible", "yes/no", "Whether the tumors can be reached percutaneously, laparoscopically or openly",
    _YES_NO, ("form location-accessible",),
)  # fmt: skip
LIVER_TUMOR_COUNT: Final = Fact(
    "liver_tumor_count", "tumors", "How many tumors are in the liver now",
    sources=("form liver-tumor-count", "LOINC 42032-3", "SNOMED CT 399506006"),
)  # fmt: skip
LARGEST_TUMOR_CM: Final = Fact(
    "largest_tumor_cm", "cm", "The largest diameter of every liver tumor on current imaging",
    sources=("form largest-liver-tumor-cm", "LOINC 21889-1 with 33728-7"),
)  # fmt: skip
ALL_FOCI_AMENABLE: Final = Fact(
    "all_foci_amenable", "yes/no", "Whether all tumor foci are amenable to ablation",
    _YES_NO, ("form all-foci-amenable",),
)  # fmt: skip
COMPLETE_ABLATION_GOAL: Final = Fact(
    "complete_ablation_goal", "yes/no", "Whether the goal is long-term control with complete ablation",
    _YES_NO, ("form complete-ablation-goal", "mCODE procedure intent on the order"),
)  # fmt: skip
CONFINED_TO_LIVER: Final = Fact(
    "confined_to_liver", "yes/no", "Whether the metastases are confined to the liver, by restaging",
    _YES_NO,
    ("form mets-confined-to-liver", "form extrahepatic-disease", "value set extrahepatic-metastasis",
     "value set bone-metastasis", "value set metastasis-site-unstated", "value set malignant-ascites"),
)  # fmt: skip
EXTRAHEPATIC_DISEASE: Final = Fact(
    "extrahepatic_disease", "choice",
    "Whether there is disease outside the liver, and whether bone metastases are stable",
    frozenset(Spread),
    ("form extrahepatic-disease", "value set extrahepatic-metastasis", "value set bone-metastasis",
     "value set metastasis-site-unstated", "value set malignant-ascites", "value set imaging-method", "LOINC 97509-4"),
)  # fmt: skip
NET_SYMPTOMS_REFRACTORY: Final = Fact(
    "net_symptoms_refractory", "yes/no", "Whether symptoms of the tumor are refractory to medical treatment",
    _YES_NO, ("form net-symptoms-refractory", "value set carcinoid-syndrome", "value set octreotide-lanreotide"),
)  # fmt: skip
PRIOR_ABLATION: Final = Fact(
    "prior_ablation", "yes/no", "Whether a liver tumor was ablated before",
    _YES_NO,
    ("value set ablation-past", "value set ablation-radiofrequency", "value set ablation-microwave",
     "value set ablation-cryo", "value set ablation-ethanol", "value set ablation-unstated", "form prior-ablation"),
)  # fmt: skip
LIVER_TUMOR_INDICATED: Final = Fact(
    "liver_tumor_indicated", "yes/no", "The indication of the order: whether it treats a liver tumor",
    _YES_NO,
    ("order reason", "value set liver-site", "value set site-open", "value set benign-liver-tumor",
     "value set hepatocellular-carcinoma", "value set hepatocellular-mixed", "value set primary-liver-other",
     "value set primary-liver-broad", "value set liver-metastasis", "value set bone-metastasis",
     "value set extrahepatic-metastasis", "value set breast-primary", "value set colorectal-primary",
     "value set neuroendocrine-primary", "value set melanoma", "form liver-tumor-diagnosis"),
)  # fmt: skip
LIVER_MALIGNANCY_INDICATED: Final = Fact(
    "liver_malignancy_indicated", "yes/no", "The indication of the order: whether it treats a liver malignancy",
    _YES_NO,
    ("order reason", "value set hepatocellular-carcinoma", "value set hepatocellular-mixed",
     "value set primary-liver-other", "value set primary-liver-broad", "value set liver-metastasis",
     "value set site-open", "value set bone-metastasis", "value set extrahepatic-metastasis",
     "value set breast-primary", "value set colorectal-primary", "value set neuroendocrine-primary",
     "value set melanoma", "form liver-tumor-diagnosis"),
)  # fmt: skip
