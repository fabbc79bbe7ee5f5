"""What the documentation form and local Observations can say: link ids, local codes, choices (terminology 6)."""

from typing import Final

from fhir_mappings.code_systems import LOCAL_FACTS
from fhir_mappings.terminology import Code

QUESTIONNAIRE_PATH: Final = "/Questionnaire/liver-tumor-ablation"
ADAPTIVE_PATH: Final = f"{QUESTIONNAIRE_PATH}-adaptive"
"""The same questions, asked one by one."""

LARGEST_TUMOR: Final = "largest-liver-tumor-cm"
TUMOR_COUNT: Final = "liver-tumor-count"
TUMOR_DIAGNOSIS: Final = "liver-tumor-diagnosis"
PRIOR_ABLATION: Final = "prior-ablation"
NO_LIVER_TUMOR: Final = "not-a-liver-tumor"

Choices = frozenset[str] | None
"""The choices of a question; None where it asks for a yes or no, or a number."""

STATEMENTS: Final[dict[str, Choices]] = {
    "liver-reserve-adequate": None,
    "dx-confirmation-method": frozenset({"biopsy", "imaging", "both", "none"}),
    "resection-feasible": None,
    "resection-concurrent": None,
    "location-accessible": None,
    TUMOR_COUNT: None,
    LARGEST_TUMOR: None,
    "all-foci-amenable": None,
    "complete-ablation-goal": None,
    "mets-confined-to-liver": None,
    "extrahepatic-disease": frozenset({"none", "stable-bone-only", "present"}),
    "net-symptoms-refractory": None,
    "lt-status": frozenset({"not-awaiting", "evaluating", "listed"}),
    "bridge-to-transplant-intent": None,
    "mets-primary": frozenset({"colorectal", "neuroendocrine", "breast", "melanoma", "other"}),
    "ablation-modality": frozenset({"RFA", "cryo", "PEI", "microwave", "HIFU", "histotripsy", "IRE", "other"}),
}
"""The local codes (and link ids): what no standard code carries."""

STATEMENT_CODES: Final[frozenset[Code]] = frozenset((LOCAL_FACTS, code) for code in STATEMENTS)

FORM_STATEMENTS: Final[dict[str, Choices]] = {
    TUMOR_DIAGNOSIS: frozenset({"hcc", "hcc-mixed", "other-primary", "benign", "metastasis", NO_LIVER_TUMOR}),
    PRIOR_ABLATION: None,
}
"""What only the form says: in the record Conditions and Procedures carry it."""

ECOG: Final = "ecog-grade"
KARNOFSKY: Final = "karnofsky-percent"
CHILD_PUGH: Final = "child-pugh-class"
MEASURED: Final = frozenset({ECOG, KARNOFSKY, CHILD_PUGH})
"""Link ids of what standard Observations carry: an answer is read as the Observation it stands for."""

LINK_IDS: Final[frozenset[str]] = frozenset({*STATEMENTS, *FORM_STATEMENTS, *MEASURED})
"""Every question the form can answer."""
