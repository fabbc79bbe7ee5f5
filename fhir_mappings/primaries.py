"""Primary cancers outside the liver, as origins a liver metastasis may have (policy 151, I.D.1.b-d and IV)."""

from collections.abc import Iterable
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.code_systems import ICD_O_3_MORPHOLOGY
from fhir_mappings.conditions import Diagnosis
from fhir_mappings.elements import codes, items, member, reference_id, text_of
from fhir_mappings.finding import METASTASES, Tumor
from fhir_mappings.observations import Standing, observed, standing
from fhir_mappings.terminology import Code, value_set, with_parents

HISTOLOGY_CODES: Final[frozenset[Code]] = frozenset({("loinc", "31206-6")})
PRIMARY_CANCER_PROFILE: Final = "/StructureDefinition/mcode-primary-cancer-condition"

ANY_BUT_MELANOMA: Final = METASTASES - {Tumor.MELANOMA}
_OF_THE_EYE: Final = frozenset({Tumor.MELANOMA, Tumor.OTHER_METASTASIS})

# In this order: where one Condition carries several codes the most specific one speaks.
_KINDS: Final[tuple[tuple[str, frozenset[Tumor]], ...]] = (
    ("mucosal-melanoma", frozenset({Tumor.OTHER_METASTASIS})),
    ("melanoma", frozenset({Tumor.MELANOMA})),
    ("ocular-site", _OF_THE_EYE),
    ("colorectal-carcinoid", frozenset({Tumor.COLORECTAL_CARCINOID})),
    ("neuroendocrine-primary", frozenset({Tumor.NEUROENDOCRINE})),
    ("neuroendocrine-history", frozenset({Tumor.NEUROENDOCRINE})),
    ("neuroendocrine-review", frozenset({Tumor.NEUROENDOCRINE_REVIEW})),
    ("colorectal-primary", frozenset({Tumor.COLORECTAL})),
    ("colorectal-history", frozenset({Tumor.COLORECTAL})),
    ("colorectal-review", frozenset({Tumor.COLORECTAL_REVIEW})),
    ("breast-primary", frozenset({Tumor.BREAST})),
    ("breast-history", frozenset({Tumor.BREAST})),
    ("malignant-primary", frozenset({Tumor.OTHER_METASTASIS})),
    ("malignant-history", frozenset({Tumor.OTHER_METASTASIS})),
)


def origin_of_codes(listed: Iterable[Code]) -> frozenset[Tumor]:
    """What a metastasis of a primary with these codes would be; nothing when they name no primary we know."""
    return _origin_of_kin(with_parents(listed))


def _origin_of_kin(kin: frozenset[Code]) -> frozenset[Tumor]:
    for name, kinds in _KINDS:
        if not value_set(name).codes.isdisjoint(kin):
            return kinds
    return frozenset()


def origin_of(diagnosis: Diagnosis, chart: Chart) -> frozenset[Tumor]:
    """What a metastasis of this primary would be, histology included; nothing when it is no primary."""
    kinds = _origin_of_kin(diagnosis.kin)
    if _is_melanoma_by_histology(diagnosis, chart):
        return _melanoma_by_site(kinds, diagnosis)
    if kinds or not _is_profiled_primary(diagnosis):
        return kinds
    return frozenset({Tumor.OTHER_METASTASIS})


def _melanoma_by_site(kinds: frozenset[Tumor], diagnosis: Diagnosis) -> frozenset[Tumor]:
    """Melanoma histology: of the eye or skin criterion IV names it; of another site it does not (A29b)."""
    if diagnosis.has(value_set("skin-site")):
        return frozenset({Tumor.MELANOMA})
    if not kinds:
        return _OF_THE_EYE
    return frozenset({Tumor.MELANOMA}) if Tumor.MELANOMA in kinds else kinds


def _is_melanoma_by_histology(diagnosis: Diagnosis, chart: Chart) -> bool:
    if any(is_melanoma_morphology(code) for code in diagnosis.morphology):
        return True
    return any(
        _is_about(one.body, diagnosis)
        for one in observed(chart.record, HISTOLOGY_CODES)
        if standing(one.body) is Standing.USABLE
        and any(is_melanoma_morphology(code) for code in codes(one.body.get("valueCodeableConcept")))
    )


def _is_about(observation: object, diagnosis: Diagnosis) -> bool:
    focus = [reference_id(f)[1] for f in items(member(observation, "focus"))]
    return not focus or diagnosis.resource.identity in focus


def is_melanoma_morphology(code: Code) -> bool:
    """ICD-O-3 8720 to 8790, invasive (/3) or metastatic (/6)."""
    system, text = code
    number, _, behavior = text.partition("/")
    return system == ICD_O_3_MORPHOLOGY and number.isdigit() and 8720 <= int(number) <= 8790 and behavior in ("3", "6")


def _is_profiled_primary(diagnosis: Diagnosis) -> bool:
    profiles = member(diagnosis.resource.body, "meta")
    listed = profiles.get("profile") if isinstance(profiles, dict) else None
    named = any(
        text_of(p).split("|", 1)[0].endswith(PRIMARY_CANCER_PROFILE)
        for p in (listed if isinstance(listed, list) else [])
    )
    return named and not is_liver_primary(diagnosis)


def is_liver_primary(diagnosis: Diagnosis) -> bool:
    """Whether a diagnosis is a cancer that began in the liver: never the origin of a liver metastasis."""
    names = ("hepatocellular-carcinoma", "hepatocellular-mixed", "primary-liver-broad", "primary-liver-other")
    return any(diagnosis.has(value_set(name)) for name in names) or (
        value_set("hepatocellular-morphology").any_of(diagnosis.morphology)
    )
