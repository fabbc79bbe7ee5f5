"""The canonical addresses of our own FHIR artifacts, and the profiles and extensions of the guides they follow."""

from typing import Final

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from fhir_mappings.code_systems import LOCAL_FACTS_PATH
from fhir_mappings.form_codes import ADAPTIVE_PATH, QUESTIONNAIRE_PATH

FORM_ID: Final = QUESTIONNAIRE_PATH.rsplit("/", 1)[-1]
ADAPTIVE_ID: Final = ADAPTIVE_PATH.rsplit("/", 1)[-1]
FACTS_ID: Final = LOCAL_FACTS_PATH.rsplit("/", 1)[-1]
VERSION: Final = REVISION.id
"""Form and code system change when the policy does."""

DTR: Final = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
FHIR: Final = "http://hl7.org/fhir/StructureDefinition"
DONT_KNOW_SYSTEM: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
QR_CONTEXT: Final = f"{DTR}/qr-context"
QR_COVERAGE: Final = f"{DTR}/qr-coverage"
INTENDED_USE: Final = f"{DTR}/intendedUse"
INFORMATION_ORIGIN: Final = f"{DTR}/information-origin"


def form_url(base: str) -> str:
    """The form, in whatever version."""
    return f"{base}{QUESTIONNAIRE_PATH}"


def form_canonical(base: str) -> str:
    """The form of this policy revision."""
    return f"{form_url(base)}|{VERSION}"


def adaptive_url(base: str) -> str:
    """The form asked question by question."""
    return f"{base}{ADAPTIVE_PATH}"


def facts_url(base: str) -> str:
    """The code system of facts and choices no standard code has."""
    return f"{base}{LOCAL_FACTS_PATH}"


def value_set_url(base: str, link_id: str) -> str:
    """The choices of a question."""
    return f"{base}/ValueSet/{link_id}"
