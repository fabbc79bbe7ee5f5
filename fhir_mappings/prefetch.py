"""The searches that bring the record: prefetch templates, and the same searches as we run them ourselves."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fhir_mappings.child_pugh import CHILD_PUGH_CLASSES, CHILD_PUGH_CODES
from fhir_mappings.disease_status import DISEASE_STATUS_CODES
from fhir_mappings.form_codes import STATEMENT_CODES
from fhir_mappings.laboratory import ALBUMIN_CODES, BILIRUBIN_CODES, INR_CODES
from fhir_mappings.liver_tumors import COUNT_CODES, MULTIFOCAL
from fhir_mappings.performance_status import ECOG_CODES, ECOG_FINDINGS, KARNOFSKY_CODES
from fhir_mappings.primaries import HISTOLOGY_CODES
from fhir_mappings.record import CORE_TYPES
from fhir_mappings.terminology import value_set
from fhir_mappings.treatment_intent import UNRESECTABLE
from fhir_mappings.tumor_sizes import SIZE_CODES

PATIENT_ID: Final = "{{context.patientId}}"

OBSERVATION_CODES: Final = frozenset(
    code
    for _, code in (
        ECOG_CODES | ECOG_FINDINGS | KARNOFSKY_CODES
        | BILIRUBIN_CODES | ALBUMIN_CODES | INR_CODES | CHILD_PUGH_CODES | CHILD_PUGH_CLASSES.keys()
        | value_set("ascites").codes | value_set("hepatic-encephalopathy").codes
        | value_set("awaiting-transplant").codes
        | SIZE_CODES | COUNT_CODES | MULTIFOCAL | UNRESECTABLE | DISEASE_STATUS_CODES | HISTOLOGY_CODES
        | STATEMENT_CODES
        | {("assertion", "ASSERTION")}
    )
)  # fmt: skip
"""The bare codes of every Observation a reader can use: asked without their systems, so that aliases match."""


@dataclass(frozen=True, slots=True)
class Search:
    """One prefetch key: the type it brings and the query, with the patient's id as a token."""

    key: str
    resource_type: str
    template: str

    @property
    def is_core(self) -> bool:
        """Whether a determination stands on this type."""
        return self.resource_type in CORE_TYPES

    def query(self, patient_id: str) -> str:
        """The query for one patient."""
        return self.template.replace(PATIENT_ID, quote(patient_id, safe=""))


def _by_patient(key: str, resource_type: str, more: str = "") -> Search:
    return Search(key, resource_type, f"{resource_type}?patient={PATIENT_ID}{more}")


COVERAGE: Final = _by_patient("coverage", "Coverage", "&status=active")

PATIENT: Final = Search("patient", "Patient", f"Patient?_id={PATIENT_ID}")
"""The patient by search, as we ask for it ourselves where prefetch has none."""

STANDARD: Final = {
    "patient": f"Patient/{PATIENT_ID}",
    "encounter": "Encounter/{{context.encounterId}}",
    "coverage": COVERAGE.template,
}
"""The standard CRD strings."""

CLINICAL: Final = (
    _by_patient("conditions", "Condition"),
    _by_patient("observations", "Observation", "&code=" + ",".join(sorted(OBSERVATION_CODES))),
    _by_patient("procedures", "Procedure"),
    _by_patient("serviceRequests", "ServiceRequest"),
    _by_patient("diagnosticReports", "DiagnosticReport"),
    _by_patient("imagingStudies", "ImagingStudy"),
    _by_patient("bodyStructures", "BodyStructure"),
    _by_patient("questionnaireResponses", "QuestionnaireResponse"),
    _by_patient("medicationRequests", "MedicationRequest"),
    _by_patient("medicationStatements", "MedicationStatement"),
)
"""The clinical record; Condition, Observation and Procedure are its core."""


def templates(clinical: bool, has_encounter: bool = True) -> dict[str, str]:
    """The prefetch object of the discovery document, for a hook whose context tells the encounter or does not."""
    standard = {key: template for key, template in STANDARD.items() if has_encounter or key != "encounter"}
    return {**standard, **({s.key: s.template for s in CLINICAL} if clinical else {})}
