"""The words of the case table and the codes a chart would hold for them (terminology reference, sections 1 to 6)."""

from typing import Final

SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_10_PCS: Final = "http://www.cms.gov/Medicare/Coding/ICD10"
CPT: Final = "http://www.ama-assn.org/go/cpt"
HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM: Final = "http://unitsofmeasure.org"
PAYER_TYPOLOGY: Final = "https://nahdo.org/sopt"
LOCAL_FACTS: Final = "http://coverage-hooks.example.org/fhir/CodeSystem/liver-ablation-facts"
QUESTIONNAIRE: Final = "http://coverage-hooks.example.org/fhir/Questionnaire/liver-tumor-ablation"
CLINICAL_STATUS: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION_STATUS: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CONDITION_RELATED: Final = "http://hl7.org/fhir/StructureDefinition/condition-related"
PROCEDURE_INTENT: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"

Code = tuple[str, str]

LIVER: Final[Code] = (SNOMED, "10200004")
CT: Final[Code] = (SNOMED, "77477000")
MRI: Final[Code] = (SNOMED, "113091000")

TUMORS: Final[dict[str, Code]] = {
    "hcc": (ICD_10_CM, "C22.0"),
    "fibrolamellar hcc": (SNOMED, "253018005"),
    "hcc mixed with cholangiocarcinoma": (SNOMED, "274902006"),
    "liver cancer, kind not stated": (ICD_10_CM, "C22.9"),
    "cholangiocarcinoma": (ICD_10_CM, "C22.1"),
    "hepatoblastoma": (ICD_10_CM, "C22.2"),
    "adenoma": (ICD_10_CM, "D13.4"),
    "liver metastasis": (ICD_10_CM, "C78.7"),
    "liver metastasis of unknown primary": (SNOMED, "285613005"),
    "neuroendocrine liver metastasis": (ICD_10_CM, "C7B.02"),
    "metastasis from a liver cancer": (SNOMED, "315000005"),
}
PRIMARIES: Final[dict[str, Code]] = {
    "colon cancer": (ICD_10_CM, "C18.7"),
    "rectal cancer": (ICD_10_CM, "C20"),
    "history of colon cancer": (ICD_10_CM, "Z85.038"),
    "gastrointestinal stromal tumor of the rectum": (ICD_10_CM, "C49.A5"),
    "carcinoid of the colon": (ICD_10_CM, "C7A.024"),
    "carcinoid of the ileum": (ICD_10_CM, "C7A.012"),
    "islet cell cancer": (ICD_10_CM, "C25.4"),
    "thyroid cancer": (ICD_10_CM, "C73"),
    "breast cancer": (ICD_10_CM, "C50.911"),
    "history of breast cancer": (ICD_10_CM, "Z85.3"),
    "uveal melanoma": (SNOMED, "255021005"),
    "melanoma of skin": (ICD_10_CM, "C43.59"),
    "history of melanoma": (ICD_10_CM, "Z85.820"),
    "mucosal melanoma": (SNOMED, "698041000"),
    "tumor of the choroid, histology not stated": (ICD_10_CM, "C69.31"),
    "lung cancer": (ICD_10_CM, "C34.11"),
    "history of lung cancer": (ICD_10_CM, "Z85.118"),
}
ELSEWHERE: Final[dict[str, Code]] = {
    "lung": (ICD_10_CM, "C78.01"),
    "brain": (ICD_10_CM, "C79.31"),
    "peritoneum": (ICD_10_CM, "C78.6"),
    "bone": (ICD_10_CM, "C79.51"),
    "bone marrow": (ICD_10_CM, "C79.52"),
    "axillary nodes": (ICD_10_CM, "C77.3"),
    "nodes at the liver": (ICD_10_CM, "C77.2"),
    "site not stated": (ICD_10_CM, "C79.9"),
    "malignant ascites": (ICD_10_CM, "R18.0"),
}
BONE_STATUS: Final[dict[str, Code]] = {
    "stable": (SNOMED, "359746009"),
    "improved": (SNOMED, "268910001"),
    "worsened": (SNOMED, "271299001"),
    "undetermined": (SNOMED, "709137006"),
}
SEVERITY: Final[dict[str, Code]] = {
    "mild": (SNOMED, "255604002"),
    "moderate": (SNOMED, "6736007"),
    "severe": (SNOMED, "24484000"),
}
OCTREOTIDE: Final[Code] = (RXNORM, "7617")
STOPPED_FOR: Final[dict[str, Code]] = {
    "no response": (SNOMED, "266721009"),
    "not tolerated": (SNOMED, "407563006"),
}
INTENTS: Final[dict[str, Code]] = {
    "curative": (SNOMED, "373808002"),
    "palliative": (SNOMED, "363676003"),
}
TYPOLOGY: Final = {"commercial": "5", "medicaid": "2", "medicare": "1", "dual eligible": "14"}

STATEMENTS: Final[dict[str, str]] = {
    "liver_reserve_adequate": "liver-reserve-adequate",
    "confirmed_by": "dx-confirmation-method",
    "resection_feasible": "resection-feasible",
    "resection_concurrent": "resection-concurrent",
    "accessible": "location-accessible",
    "count": "liver-tumor-count",
    "largest_cm": "largest-liver-tumor-cm",
    "all_foci_amenable": "all-foci-amenable",
    "complete_ablation_goal": "complete-ablation-goal",
    "confined": "mets-confined-to-liver",
    "extrahepatic": "extrahepatic-disease",
    "symptoms_refractory": "net-symptoms-refractory",
    "transplant": "lt-status",
    "bridge": "bridge-to-transplant-intent",
    "stated_primary": "mets-primary",
    "modality": "ablation-modality",
}
"""Facts no standard code has: the local code, which is also the link id of the documentation form."""


def procedure(code: str) -> Code:
    """A CPT or HCPCS code with its system: HCPCS begins with a letter."""
    return (HCPCS if code[0].isalpha() else CPT, code)
