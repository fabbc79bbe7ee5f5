"""Which sub-extensions coverage-information has in each version: how many, of what type, with which codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cds_service.crd.versions import Version

MANY: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A sub-extension: the types its value may have, how often it may stand, its codes where they are required."""

    value_types: tuple[str, ...]
    least: int = 0
    most: int = MANY
    codes: frozenset[str] = frozenset()


def _code(*words: str, least: int = 0, most: int = MANY) -> Shape:
    return Shape(("Code",), least, most, frozenset(words))


_PURPOSES: Final = ("withpa", "withclaim", "withorder", "retain-doc", "OTH")
_COMMON: Final = {
    "coverage": Shape(("Reference",), 1, 1),
    "doc-purpose": _code(*_PURPOSES),
    "billingCode": Shape(("Coding",)),
    "reason": Shape(("CodeableConcept",)),
    "detail": Shape(()),
    "dependency": Shape(("Reference",)),
    "questionnaire": Shape(("Canonical",)),
    "date": Shape(("Date",), 1, 1),
    "coverage-assertion-id": Shape(("String",), 1, 1),
    "satisfied-pa-id": Shape(("String",), 0, 1),
}

SHAPES: Final[Mapping[Version, Mapping[str, Shape]]] = {
    Version.V2_0: {
        **_COMMON,
        "covered": _code("covered", "not-covered", "conditional", least=1, most=1),
        "pa-needed": _code("no-auth", "auth-needed", "satisfied", "performpa", "conditional", most=1),
        "doc-needed": _code("clinical", "admin", "both", "conditional", most=1),
        "info-needed": _code("performer", "location", "timeframe", "contract-window", "OTH"),
        "response": Shape(("Reference",)),
        "contact": Shape(("ContactPoint",)),
    },
    Version.V2_2: {
        **_COMMON,
        "covered": _code("covered", "not-covered", "conditional", "indeterminate", least=1, most=1),
        "pa-needed": _code("no-auth", "auth-needed", "satisfied", "performpa", "conditional", "indeterminate", most=1),
        "doc-needed": _code("clinical", "admin", "patient", "conditional", "indeterminate"),
        "info-needed": _code("performer", "location", "timeframe", "contract-window", "detail-code", "OTH"),
        "contact": Shape(("ContactDetail",)),
        "expiry-date": Shape(("Date",), 0, 1),
    },
}

_DETAIL: Final = {"code": Shape(("CodeableConcept",), 1, 1), "qualification": Shape(("String",), 0, 1)}
DETAIL_SHAPES: Final[Mapping[Version, Mapping[str, Shape]]] = {
    Version.V2_0: {**_DETAIL, "value": Shape(("Boolean", "String", "Quantity", "Period"), 1, 1)},
    Version.V2_2: {
        **_DETAIL,
        "category": _code("cat-limitation", "cat-decisional", "cat-other", least=1, most=1),
        "value": Shape(("Boolean", "String", "Url", "Quantity", "Period"), 1, 1),
    },
}

CARRIERS: Final[Mapping[Version, frozenset[str]]] = {
    Version.V2_0: frozenset({
        "Appointment", "Encounter", "NutritionOrder", "CommunicationRequest", "DeviceRequest", "ServiceRequest",
        "MedicationRequest",
    }),
    Version.V2_2: frozenset({
        "Appointment", "Encounter", "NutritionOrder", "CommunicationRequest", "DeviceRequest", "ServiceRequest",
        "MedicationRequest", "VisionPrescription",
    }),
}  # fmt: skip
"""The resources the extension may stand on. 2.0.1 means Appointment too: its hook says so, its context lost it."""
