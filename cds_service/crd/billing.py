"""The billing codes of an order: its CPT and HCPCS codes, billing options included (CRD 2.2.1, billopt-3)."""

import re
from typing import Final

from cds_service.crd.decision import BillingCode
from fhir_mappings.code_systems import CANONICAL_URIS, PROCEDURE_CODE
from fhir_mappings.elements import Json
from fhir_mappings.orders import billable_codes

HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_LEVEL_TWO: Final = re.compile(r"[A-V]\d{4}")


def billing_codes(order: Json) -> tuple[BillingCode, ...]:
    """The codes an order may be billed by, in their order; a letter before four digits is HCPCS, the rest CPT."""
    own = dict.fromkeys(code for system, code in billable_codes(order) if system == PROCEDURE_CODE)
    return tuple(BillingCode(billing_system(code), code) for code in own)


def billing_system(code: str) -> str:
    """The URI of the code system a billing code is of."""
    return HCPCS if _LEVEL_TWO.fullmatch(code) else CANONICAL_URIS[PROCEDURE_CODE]
