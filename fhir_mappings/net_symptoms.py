"""Symptoms of a neuroendocrine tumor that medical treatment does not control (policy 151, I.D.1.c.iii)."""

from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import proofs
from fhir_mappings.dates import seen
from fhir_mappings.elements import codes, items, member, reference_id, text_of
from fhir_mappings.finding import Evidence, Finding, Reason
from fhir_mappings.record import Resource
from fhir_mappings.statements import STATEMENT_TYPES
from fhir_mappings.terminology import Code, value_set

_NO_RESPONSE: Final[Code] = ("snomed", "266721009")
_STOPPED: Final = frozenset({"stopped", "cancelled", "completed", "on-hold", "not-taken"})


def net_symptoms_refractory(chart: Chart) -> Finding:
    """Whether tumor symptoms are there and refractory: stated, or carcinoid syndrome and a somatostatin analog
    stopped for want of response. Being on an analog, or not tolerating one, says nothing (A26).
    """
    stated = chart.stated("net-symptoms-refractory", chart.windows.statement_days)
    if isinstance(stated.value, bool):
        return Finding(frozenset({stated.value}), Reason.ATTESTED, stated.evidence, stated.notes)
    symptoms = proofs(chart.diagnoses, value_set("carcinoid-syndrome"))
    failed = _failed_treatments(chart)
    if symptoms and failed and stated.reason is not Reason.CONFLICT:
        evidence = (*(d.evidence("carcinoid syndrome") for d in symptoms), *failed)
        return Finding(frozenset({True}), Reason.RECORDED, evidence, stated.notes)
    unread = chart.record.unread_of("Condition", "MedicationRequest", "MedicationStatement", *STATEMENT_TYPES)
    return Finding(None, stated.reason, stated.evidence, stated.notes, unread)


def _failed_treatments(chart: Chart) -> tuple[Evidence, ...]:
    listed = (*chart.record.of_type("MedicationRequest"), *chart.record.of_type("MedicationStatement"))
    return tuple(
        seen(one, "somatostatin analog stopped: no response")
        for one in listed
        if text_of(one.body.get("status")) in _STOPPED
        and _NO_RESPONSE in codes(one.body.get("statusReason"))
        and value_set("octreotide-lanreotide").any_of(_medication_codes(one, chart))
    )


def _medication_codes(one: Resource, chart: Chart) -> tuple[Code, ...]:
    """The drug, written in place, contained, or as a Medication of the record."""
    named = codes(one.body.get("medicationCodeableConcept"))
    reference = one.body.get("medicationReference")
    identity = reference_id(reference)[1].lstrip("#")
    listed = [*items(one.body.get("contained")), *(m.body for m in chart.record.of_type("Medication"))]
    found = [m for m in listed if identity and text_of(member(m, "id")) == identity]
    return named + tuple(code for m in found for code in codes(m.get("code")))
