"""What can be ordered: the codes of the policies' tables, and the procedure codes that stand for the same."""

from typing import Any, Final

from cds_service.pages.wording import governs
from cds_service.policies import DOCUMENTATION
from cds_service.policies.policy_151.codes_2025_05_06 import governing
from cds_service.policy.documentation import ListedCode
from fhir_mappings.code_systems import CANONICAL_URIS, PROCEDURE_CODE, SNOMED
from fhir_mappings.ordered_service import OrderedService
from fhir_mappings.terminology import Code, ValueSet, value_set

HCPCS: Final = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
DEVICES: Final = frozenset({"C2616", "C2698", "C2699", "Q3001", "E0767"})
"""Codes of things, ordered by a DeviceRequest."""

_TECHNIQUES: Final = (
    "ablation-radiofrequency", "ablation-microwave", "ablation-cryo", "ablation-ethanol",
    "ablation-focused-ultrasound", "ablation-not-named", "liver-resection",
)  # fmt: skip


def orderable() -> list[dict[str, Any]]:
    """Every code order entry offers, as JSON: system, code, label, what it leads to, which resource orders it."""
    listed = [_listed(code) for beside in DOCUMENTATION.values() for code in beside.codes]
    sets = [value_set(name) for name in _TECHNIQUES]
    return listed + [_procedure(one, code) for one in sets for code in sorted(one.codes) if code[0] == SNOMED]


def _listed(listed: ListedCode) -> dict[str, Any]:
    return {
        "system": HCPCS if listed.system == "HCPCS" else CANONICAL_URIS[PROCEDURE_CODE],
        "name": listed.system,
        "code": listed.code,
        "label": listed.label,
        "leadsTo": governs(listed.governed_by),
        "resourceType": "DeviceRequest" if listed.code in DEVICES else "ServiceRequest",
    }


def _procedure(one: ValueSet, code: Code) -> dict[str, Any]:
    return {
        "system": CANONICAL_URIS[SNOMED],
        "name": "SNOMED CT",
        "code": code[1],
        "label": one.title[:1].lower() + one.title[1:],
        "leadsTo": governs(governing(OrderedService((code,))).by),
        "resourceType": "ServiceRequest",
    }
