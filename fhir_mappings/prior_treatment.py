"""Ablation in the liver before this order (policy 151, III): it labels a request as repeat, no more."""

from fhir_mappings.chart import NO_LIMIT, Chart
from fhir_mappings.conditions import Liver, site_of
from fhir_mappings.dates import clinical_date, seen
from fhir_mappings.elements import codes
from fhir_mappings.finding import Finding, Reason
from fhir_mappings.form_codes import PRIOR_ABLATION
from fhir_mappings.record import Resource
from fhir_mappings.terminology import value_set

_ABLATIONS = (
    "ablation-past", "ablation-radiofrequency", "ablation-microwave", "ablation-cryo", "ablation-ethanol",
    "ablation-unstated",
)  # fmt: skip


def prior_ablation(chart: Chart) -> Finding:
    """Whether an ablation in the liver was completed before the order: recorded, or stated on the form."""
    done = [p for p in chart.record.of_type("Procedure") if _is_ablation(p, chart) and _is_before(p, chart)]
    if done:
        evidence = tuple(seen(p, "earlier ablation in the liver") for p in done)
        return Finding(frozenset({True}), Reason.RECORDED, evidence)
    said = chart.stated(PRIOR_ABLATION, NO_LIMIT)
    if said.value is True:
        return Finding(frozenset({True}), Reason.ATTESTED, said.evidence, said.notes)
    unread = chart.record.unread_of("Procedure")
    notes = ("past procedures could not be read, so an earlier ablation may be missed",) if unread else ()
    return Finding(frozenset({False}), Reason.INFERRED, (), notes)


def _is_ablation(procedure: Resource, chart: Chart) -> bool:
    if procedure.body.get("status") != "completed" or site_of(procedure.body, chart.record) is Liver.NO:
        return False
    listed = codes(procedure.body.get("code"))
    return any(value_set(name).any_of(listed) for name in _ABLATIONS)


def _is_before(procedure: Resource, chart: Chart) -> bool:
    """Before the order; without a date a completed procedure lies in the past. The same day is no repeat."""
    when = clinical_date(procedure.body)
    ordered = chart.order.when.latest if chart.order.when else chart.today
    return when is None or when.earliest < ordered
