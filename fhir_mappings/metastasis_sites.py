"""Tumors elsewhere than in the liver: metastases by site, and current primaries."""

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Diagnosis, Liver, proofs
from fhir_mappings.primaries import origin_of
from fhir_mappings.terminology import value_set


def bone_metastases(chart: Chart) -> tuple[Diagnosis, ...]:
    """Current metastases in bone."""
    return proofs(chart.diagnoses, value_set("bone-metastasis"))


def other_metastases(chart: Chart) -> tuple[Diagnosis, ...]:
    """Current metastases outside the liver and outside bone, lymph nodes included."""
    return proofs(chart.diagnoses, value_set("extrahepatic-metastasis"))


def unplaced_metastases(chart: Chart) -> tuple[Diagnosis, ...]:
    """Metastases nobody can place: site not stated, or malignant ascites, which suggests spread without proof."""
    unstated = tuple(d for d in chart.diagnoses if _is_unstated(d))
    return tuple(dict.fromkeys((*unstated, *proofs(chart.diagnoses, value_set("malignant-ascites")))))


def suspected_spread(chart: Chart) -> tuple[Diagnosis, ...]:
    """Metastases outside the liver that are no more than suspected."""
    outside = (value_set("extrahepatic-metastasis"), value_set("bone-metastasis"))
    return tuple(d for d in chart.diagnoses if d.is_suspicion and any(d.has(s) for s in outside))


def _is_unstated(diagnosis: Diagnosis) -> bool:
    if diagnosis.site is Liver.YES or diagnosis.has(value_set("liver-metastasis")):
        return False
    return diagnosis.has(value_set("metastasis-site-unstated")) and (diagnosis.is_proof or diagnosis.is_suspicion)


def has_other_tumor(chart: Chart) -> bool:
    """Whether a size without a site might be of another current tumor than one in the liver."""
    if bone_metastases(chart) or other_metastases(chart):
        return True
    return any(d.is_proof and not is_history(d) and origin_of(d, chart) for d in chart.diagnoses)


def is_history(diagnosis: Diagnosis) -> bool:
    """Z85 and its kin: a past cancer, though the entry on the problem list is active."""
    names = ("colorectal-history", "neuroendocrine-history", "breast-history", "malignant-history")
    if any(diagnosis.has(value_set(name)) for name in names):
        return True
    return any(system == "icd-10-cm" and code.startswith("Z85") for system, code in diagnosis.codes)
