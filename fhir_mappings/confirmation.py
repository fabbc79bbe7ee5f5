"""Whether a diagnosis is confirmed by biopsy or imaging (policy 151, the opening sentence of I.D.1.a-d)."""

from collections.abc import Callable, Iterable
from typing import Final

from fhir_mappings.chart import NO_LIMIT, Chart
from fhir_mappings.code_systems import LOINC
from fhir_mappings.conditions import Certainty, Diagnosis, Liver, site_of
from fhir_mappings.dates import clinical_date, seen
from fhir_mappings.elements import Json, codes, items, reference_id, text_of
from fhir_mappings.finding import Evidence, Finding, Reason, Tumor
from fhir_mappings.observations import Standing, observed, standing
from fhir_mappings.record import Resource
from fhir_mappings.statements import STATEMENT_TYPES
from fhir_mappings.terminology import Code, value_set
from fhir_mappings.treated_tumor import is_liver_metastasis, liver_primary_kinds
from fhir_mappings.tumor_sizes import SIZE_CODES

_LIVER_BIOPSY_REPORT: Final[frozenset[Code]] = frozenset({(LOINC, "65752-8")})
_REPORT_CATEGORIES: Final = frozenset(
    {
        "PAT",
        "RAD",
        "SP",
        "CP",
        "CT",
        "NMR",
        "RUS",
        "NMS",
        "IMG",
        "PATHOLOGY",
        "IMAGING",
        "RADIOLOGY",
        "LP29684-5",
        "LP7839-6",
    }
)
_IMAGING_CATEGORIES: Final = frozenset({"RAD", "CT", "NMR", "RUS", "NMS", "IMG", "IMAGING", "RADIOLOGY", "LP29684-5"})
_DETAIL_TYPES: Final = frozenset({"DiagnosticReport", "Observation", "ImagingStudy"})
_PROVING_TYPES: Final = ("Condition", "Procedure", "DiagnosticReport", "ImagingStudy", *STATEMENT_TYPES)
_BENIGN: Final = "benign-liver-tumor"


def hcc_confirmed(chart: Chart) -> Finding:
    """Whether hepatocellular carcinoma is confirmed by biopsy or imaging (I.D.1.a)."""
    return _confirmed(chart, lambda d: Tumor.HCC in liver_primary_kinds(d), ("hepatocellular-carcinoma",))


def metastasis_confirmed(chart: Chart) -> Finding:
    """Whether the liver metastasis is confirmed by biopsy or imaging (I.D.1.b, c, d)."""
    return _confirmed(chart, is_liver_metastasis, ("liver-metastasis",))


def _confirmed(chart: Chart, is_mine: Callable[[Diagnosis], bool], sets: tuple[str, ...]) -> Finding:
    mine = [d for d in chart.diagnoses if d.is_proof and is_mine(d)]
    stated = chart.stated("dx-confirmation-method", NO_LIMIT)
    proofs = [*_evidenced(mine, chart), *_concluded(chart, sets), *_beside_confirmed(mine, chart)]
    against = _concluded(chart, (_BENIGN,))
    unread = frozenset() if proofs else chart.record.unread_of(*_PROVING_TYPES)
    if stated.reason is Reason.CONFLICT:
        return Finding(None, Reason.CONFLICT, stated.evidence, stated.notes)
    denied = stated.value == "none"
    if (denied or against) and (proofs or (against and _confirmed_by_clinician(mine))):
        note = "the diagnosis is confirmed on record, and also stated or reported as not confirmed"
        evidence = tuple(dict.fromkeys((*stated.evidence, *proofs, *against)))
        return Finding(None, Reason.CONFLICT, evidence, (note,))
    if against:
        return Finding(frozenset({False}), Reason.RECORDED, tuple(against))
    if isinstance(stated.value, str):
        return Finding(frozenset({not denied}), Reason.ATTESTED, stated.evidence + tuple(proofs), stated.notes)
    if proofs:
        return Finding(frozenset({True}), Reason.RECORDED, tuple(dict.fromkeys(proofs)), stated.notes)
    return Finding(None, Reason.NO_DATA, (), stated.notes + _alone(mine), unread)


def _confirmed_by_clinician(mine: Iterable[Diagnosis]) -> list[Diagnosis]:
    return [d for d in mine if d.certainty is Certainty.CONFIRMED]


def _alone(mine: list[Diagnosis]) -> tuple[str, ...]:
    confirmed = [d.resource.reference for d in _confirmed_by_clinician(mine)]
    if not confirmed:
        return ()
    return (f"{', '.join(confirmed)}: marked as confirmed, but no biopsy or imaging is on record (reading A17)",)


def _evidenced(mine: Iterable[Diagnosis], chart: Chart) -> list[Evidence]:
    """Condition.evidence: a test named by code, or a report, Observation or study it points to."""
    found = []
    for diagnosis in mine:
        for entry in items(diagnosis.resource.body.get("evidence")):
            if value_set("diagnostic-test").any_of(codes(entry.get("code"))):
                found.append(diagnosis.evidence("biopsy or imaging named as its evidence"))
            elif any(_is_report(reference, chart) for reference in items(entry.get("detail"))):
                found.append(diagnosis.evidence("a report or study named as its evidence"))
    return found


def _is_report(reference: Json, chart: Chart) -> bool:
    kind, identity = reference_id(reference)
    if kind not in _DETAIL_TYPES:
        return False
    known = [r for r in chart.record.of_type(kind) if r.identity == identity]
    return all(kind == "ImagingStudy" or standing(r.body) is Standing.USABLE for r in known)


def _final_reports(chart: Chart) -> Iterable[Resource]:
    return (r for r in chart.record.of_type("DiagnosticReport") if standing(r.body) is Standing.USABLE)


def _concluded(chart: Chart, sets: tuple[str, ...]) -> list[Evidence]:
    """Final reports whose coded conclusion is the diagnosis."""
    return [
        seen(report, "report that concludes it") for report in _final_reports(chart) if _concludes(report.body, sets)
    ]


def _concludes(report: Json, sets: tuple[str, ...]) -> bool:
    return any(value_set(name).any_of(codes(report.get("conclusionCode"))) for name in sets)


def _beside_confirmed(mine: list[Diagnosis], chart: Chart) -> list[Evidence]:
    """A confirmed Condition together with a record of biopsy or imaging (readings A17, A57)."""
    confirmed = _confirmed_by_clinician(mine)
    if not confirmed:
        return []
    records = [*_reports(chart), *_imaged(chart), *_studies(chart), *_biopsies(chart)]
    return [*(d.evidence("marked as confirmed") for d in confirmed), *records] if records else []


def _reports(chart: Chart) -> list[Evidence]:
    return [
        seen(r, "report of pathology or imaging")
        for r in _final_reports(chart)
        if is_report_of(r.body) and not _concludes(r.body, (_BENIGN,))
    ]


def is_report_of(report: Json, categories: frozenset[str] = _REPORT_CATEGORIES) -> bool:
    """Whether a DiagnosticReport is one of pathology or imaging, by category or by its own code."""
    if _LIVER_BIOPSY_REPORT.intersection(codes(report.get("code"))):
        return categories is _REPORT_CATEGORIES
    listed = {code.upper() for _, code in codes(report.get("category"))}
    return bool(listed & categories) or value_set("imaging-method").any_of(codes(report.get("code")))


def _imaged(chart: Chart) -> list[Evidence]:
    return [
        seen(one, "tumor measured on imaging")
        for one in observed(chart.record, SIZE_CODES)
        if standing(one.body) is Standing.USABLE and value_set("imaging-method").any_of(codes(one.body.get("method")))
    ]


def _studies(chart: Chart) -> list[Evidence]:
    return [
        seen(one, "imaging study")
        for one in chart.record.of_type("ImagingStudy")
        if text_of(one.body.get("status")) not in ("cancelled", "entered-in-error", "registered", "unknown")
    ]


def _biopsies(chart: Chart) -> list[Evidence]:
    return [
        seen(one, "biopsy of the liver")
        for one in chart.record.of_type("Procedure")
        if one.body.get("status") == "completed"
        and value_set("liver-biopsy").any_of(codes(one.body.get("code")))
        and site_of(one.body, chart.record) is not Liver.NO
    ]


def staging_evidence(chart: Chart) -> tuple[Evidence, ...]:
    """Imaging inside the window: a final report, a finished study or procedure (reading A56)."""
    reports = [r for r in _final_reports(chart) if is_report_of(r.body, _IMAGING_CATEGORIES)]
    studies = [s for s in chart.record.of_type("ImagingStudy") if s.body.get("status") == "available"]
    procedures = [
        p
        for p in chart.record.of_type("Procedure")
        if p.body.get("status") == "completed" and value_set("imaging-method").any_of(codes(p.body.get("code")))
    ]
    return tuple(seen(r, "imaging") for r in (*reports, *studies, *procedures) if _in_window(r, chart))


def _in_window(one: Resource, chart: Chart) -> bool:
    when = clinical_date(one.body)
    return when is not None and 0 <= (chart.today - when.earliest).days <= chart.windows.imaging_days
