"""Disease status of a metastasis: stable, improved or worsened (LOINC 97509-4, mCODE cancer disease status)."""

from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Diagnosis
from fhir_mappings.dates import clinical_date, days_old
from fhir_mappings.elements import codes, items, reference_id
from fhir_mappings.finding import Evidence
from fhir_mappings.observations import Standing, observed, standing
from fhir_mappings.record import Resource
from fhir_mappings.terminology import Code

DISEASE_STATUS_CODES: Final[frozenset[Code]] = frozenset({("loinc", "97509-4"), ("loinc", "88040-1")})
_STABLE: Final[frozenset[Code]] = frozenset({("snomed", "359746009"), ("snomed", "268910001")})
_WORSE: Final[frozenset[Code]] = frozenset({("snomed", "271299001")})


def statuses(chart: Chart) -> tuple[Resource, ...]:
    """Every disease status inside the imaging window."""
    return tuple(s for s in observed(chart.record, DISEASE_STATUS_CODES) if _in_window(s, chart))


def _in_window(one: Resource, chart: Chart) -> bool:
    when = clinical_date(one.body)
    return when is not None and 0 <= days_old(when, chart.today) <= chart.windows.imaging_days


def newest_statuses(diagnosis: Diagnosis, chart: Chart) -> tuple[Resource, ...]:
    """The newest statuses about a metastasis, else about the disease as a whole (those without a focus)."""
    listed = statuses(chart)
    mine = [s for s in listed if _is_about(s, diagnosis, chart)]
    mine = mine or [s for s in listed if not items(s.body.get("focus"))]
    last = max((_day(s) for s in mine), default="")
    return tuple(s for s in mine if _day(s) == last)


def _day(one: Resource) -> str:
    when = clinical_date(one.body)
    return when.latest.isoformat() if when else ""


def _is_about(status: Resource, diagnosis: Diagnosis, chart: Chart) -> bool:
    focus = {reference_id(f)[1] for f in items(status.body.get("focus"))}
    if diagnosis.resource.identity in focus:
        return True
    structures = (s.body for s in chart.record.of_type("BodyStructure") if s.identity in focus)
    linked = (e.get("valueReference") for s in structures for e in items(s.get("extension")))
    return any(reference_id(reference)[1] == diagnosis.resource.identity for reference in linked)


def is_stable(found: tuple[Resource, ...]) -> bool | None:
    """True for stable or improved, False for worsened, None for anything else or for a disagreement."""
    answers = {_is_stable(status) for status in found}
    return answers.pop() if len(answers) == 1 else None


def _is_stable(status: Resource) -> bool | None:
    if standing(status.body) is not Standing.USABLE:
        return None
    said = frozenset(codes(status.body.get("valueCodeableConcept")))
    if said & _STABLE:
        return None if said & _WORSE else True
    return False if said & _WORSE else None


def status_evidence(status: Resource) -> Evidence:
    """A disease status as a proof."""
    when = clinical_date(status.body)
    words = {True: "stable or improved", False: "worsened", None: "disease status"}
    return Evidence(status.reference, words[_is_stable(status)], when.text if when else "")
