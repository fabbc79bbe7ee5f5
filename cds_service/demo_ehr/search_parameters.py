"""The resource types the demo EHR holds, and the element each search parameter looks at."""

from typing import Literal

Kind = Literal["reference", "token", "canonical"]

_REFERENCES = frozenset({"patient", "subject", "beneficiary"})
_CANONICALS = frozenset({"questionnaire"})

_SUBJECT = {"patient": "subject", "subject": "subject"}
_STATUS = {"status": "status"}
_MEDICATION = {"code": "medicationCodeableConcept"}
_CODED = {"code": "code", "category": "category"}

ELEMENTS: dict[str, dict[str, str]] = {
    "BodyStructure": {"patient": "patient"},
    "CarePlan": _SUBJECT | _STATUS | {"category": "category"},
    "Condition": _SUBJECT | _CODED | {"clinical-status": "clinicalStatus", "verification-status": "verificationStatus"},
    "Coverage": _STATUS | {"patient": "beneficiary", "beneficiary": "beneficiary", "type": "type"},
    "Device": {"patient": "patient"},
    "DeviceRequest": _SUBJECT | _STATUS | {"code": "codeCodeableConcept"},
    "DiagnosticReport": _SUBJECT | _STATUS | _CODED,
    "DocumentReference": _SUBJECT | _STATUS | {"category": "category", "type": "type"},
    "Encounter": _SUBJECT | _STATUS | {"class": "class"},
    "EpisodeOfCare": _STATUS | {"patient": "patient"},
    "Flag": _SUBJECT,
    "ImagingStudy": _SUBJECT | _STATUS,
    "Location": _STATUS,
    "Medication": _STATUS | {"code": "code"},
    "MedicationAdministration": _SUBJECT | _STATUS | _MEDICATION,
    "MedicationRequest": _SUBJECT | _STATUS | _MEDICATION | {"category": "category"},
    "MedicationStatement": _SUBJECT | _STATUS | _MEDICATION | {"category": "category"},
    "Observation": _SUBJECT | _STATUS | _CODED,
    "Organization": {},
    "Patient": {},
    "Practitioner": {},
    "PractitionerRole": {},
    "Procedure": _SUBJECT | _STATUS | _CODED,
    "QuestionnaireResponse": _SUBJECT | _STATUS | {"questionnaire": "questionnaire"},
    "ServiceRequest": _SUBJECT | _STATUS | _CODED | {"intent": "intent"},
    "Task": _STATUS | {"patient": "for", "subject": "for", "code": "code"},
}
"""Resource type -> search parameter -> the element it looks at. Every type also answers `_id`."""


def kind_of(parameter: str) -> Kind:
    """Whether a parameter's values are references to a resource, codes, or canonical addresses."""
    if parameter in _REFERENCES:
        return "reference"
    return "canonical" if parameter in _CANONICALS else "token"
