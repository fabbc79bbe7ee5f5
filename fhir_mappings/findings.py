"""Every fact a policy may ask, with the reader that answers it."""

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from fhir_mappings import facts as vocabulary
from fhir_mappings.chart import Chart
from fhir_mappings.child_pugh import child_pugh_points
from fhir_mappings.confirmation import hcc_confirmed, metastasis_confirmed
from fhir_mappings.extrahepatic_disease import confined_to_liver, extrahepatic_disease
from fhir_mappings.finding import Fact, Finding
from fhir_mappings.indication import liver_malignancy_indicated, liver_tumor_indicated
from fhir_mappings.liver_reserve import liver_reserve_adequate
from fhir_mappings.liver_tumors import largest_tumor_cm, tumor_count
from fhir_mappings.net_symptoms import net_symptoms_refractory
from fhir_mappings.performance_status import ecog_grade, karnofsky_percent
from fhir_mappings.prior_treatment import prior_ablation
from fhir_mappings.transplant import bridge_intent, transplant_status
from fhir_mappings.treated_tumor import treated_tumor
from fhir_mappings.treatment_intent import (
    all_foci_amenable,
    complete_ablation_goal,
    location_accessible,
    resection_concurrent,
    resection_feasible,
)  # fmt: skip

log = logging.getLogger(__name__)

Reader = Callable[[Chart], Finding]

READERS: Final[Mapping[Fact, Reader]] = MappingProxyType(
    {
        vocabulary.ECOG_GRADE: ecog_grade,
        vocabulary.KARNOFSKY_PERCENT: karnofsky_percent,
        vocabulary.LIVER_RESERVE_ADEQUATE: liver_reserve_adequate,
        vocabulary.CHILD_PUGH_POINTS: child_pugh_points,
        vocabulary.TRANSPLANT_STATUS: transplant_status,
        vocabulary.BRIDGE_INTENT: bridge_intent,
        vocabulary.TREATED_TUMOR: treated_tumor,
        vocabulary.HCC_CONFIRMED: hcc_confirmed,
        vocabulary.METASTASIS_CONFIRMED: metastasis_confirmed,
        vocabulary.RESECTION_FEASIBLE: resection_feasible,
        vocabulary.RESECTION_CONCURRENT: resection_concurrent,
        vocabulary.LOCATION_ACCESSIBLE: location_accessible,
        vocabulary.LIVER_TUMOR_COUNT: tumor_count,
        vocabulary.LARGEST_TUMOR_CM: largest_tumor_cm,
        vocabulary.ALL_FOCI_AMENABLE: all_foci_amenable,
        vocabulary.COMPLETE_ABLATION_GOAL: complete_ablation_goal,
        vocabulary.CONFINED_TO_LIVER: confined_to_liver,
        vocabulary.EXTRAHEPATIC_DISEASE: extrahepatic_disease,
        vocabulary.NET_SYMPTOMS_REFRACTORY: net_symptoms_refractory,
        vocabulary.PRIOR_ABLATION: prior_ablation,
        vocabulary.LIVER_TUMOR_INDICATED: liver_tumor_indicated,
        vocabulary.LIVER_MALIGNANCY_INDICATED: liver_malignancy_indicated,
    }
)


def read_findings(chart: Chart, asked: frozenset[Fact]) -> dict[str, Finding]:
    """Answer the facts asked, each by its reader, once.

    A reader that fails on a record nobody foresaw leaves its fact unread: the clinician still gets the rest.
    """
    return {fact.name: _read(fact, chart) for fact in asked}


def _read(fact: Fact, chart: Chart) -> Finding:
    try:
        return READERS[fact](chart)
    except Exception as error:  # noqa: BLE001 - its message may quote the record and is not logged
        log.error("the reader of %s failed: %s", fact.name, type(error).__name__)  # noqa: TRY400
        note = f"{fact.name.replace('_', ' ')} could not be read: the service failed on this record"
        return Finding(notes=(note,), unread=frozenset({"internal"}))
