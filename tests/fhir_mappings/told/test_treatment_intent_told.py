"""Resection, access, foci, goal, symptoms, earlier ablations, as they are told (I.D.1, III; A26)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import (
    KIDNEY,
    LIVER,
    Json,
    about_patient,
    choice,
    concept,
    condition,
    form,
    local_observation,
    observation,
    procedure,
    service_request,
    stated,
)
from tests.fhir_mappings.told.telling import Asked, patient

INTENT = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"
CURATIVE = {"extension": [{"url": INTENT, "valueCodeableConcept": concept("snomed 373808002")}]}
PALLIATIVE = {"extension": [{"url": INTENT, "valueCodeableConcept": concept("snomed 363676003")}]}


def analog() -> Json:
    """A somatostatin analog, stopped for want of response."""
    stopped = {"status": "stopped", "statusReason": concept("snomed 266721009")}
    drug = {"medicationCodeableConcept": concept("rxnorm 7617"), "authoredOn": "2026-10-02"}
    return {"resourceType": "MedicationRequest", **stopped, **drug, **about_patient()}


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.RESECTION_FEASIBLE, "not feasible by form, with an unusable observation",
                stated("resection-feasible", False),
                local_observation("resection-feasible", True, status="preliminary"), hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: resection feasible: no",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.RESECTION_FEASIBLE, "unresectable as a diagnosis and as an observation",
                condition("snomed 711361003"), observation("snomed 711361003"), hears=[
            "no (recorded)",
            "Condition 0 of 2026-10-01: tumor cannot be resected",
            "Observation 1 of 2026-11-20: tumor cannot be resected",
        ]),
        patient(facts.RESECTION_FEASIBLE, "unresectable as the value of an assertion",
                observation("assertion ASSERTION", valueCodeableConcept=concept("snomed 711361003")), hears=[
            "no (recorded)",
            "Observation 0 of 2026-11-20: tumor cannot be resected",
        ]),
        patient(facts.RESECTION_FEASIBLE, "unresectable elsewhere", condition("snomed 711361003", site=KIDNEY),
                observation("snomed 711361003", bodySite=concept(KIDNEY)), hears=[
            "not known (no-data)",
        ]),
        patient(facts.RESECTION_FEASIBLE, "feasible by form, unresectable on record",
                stated("resection-feasible", True), condition("snomed 711361003"),
                local_observation("resection-feasible", True, status="preliminary"), hears=[
            "not known (conflict)",
            "Condition 1 of 2026-10-01: tumor cannot be resected",
            "QuestionnaireResponse 0 of 2026-11-20: resection feasible: yes",
            "note: Observation 2 was not used: it is not final",
            "note: resection is documented as not feasible, and also as feasible or ordered",
        ]),
        patient(facts.RESECTION_FEASIBLE, "not feasible by form, a resection ordered",
                stated("resection-feasible", False), service_request("snomed 107963000"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: resection feasible: no",
            "ServiceRequest 1 of 2026-11-20: liver resection ordered",
            "note: resection is documented as not feasible, and also as feasible or ordered",
        ]),
        patient(facts.RESECTION_FEASIBLE, "a resection ordered beside", service_request("snomed 107963000"), hears=[
            "yes (recorded)",
            "ServiceRequest 0 of 2026-11-20: liver resection ordered",
        ]),
        patient(facts.RESECTION_FEASIBLE, "forms that differ", stated("resection-feasible", True),
                stated("resection-feasible", False), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: resection feasible: yes",
            "QuestionnaireResponse 1 of 2026-11-20: resection feasible: no",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on resection-feasible",
        ]),
        patient(facts.RESECTION_FEASIBLE, "an old statement, conditions unread",
                stated("resection-feasible", False, on="2025-11-23"), unread=("Condition",), hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
            "unread: Condition",
        ]),
        patient(facts.RESECTION_FEASIBLE, "observed as not present",
                observation("snomed 711361003", valueBoolean=False), hears=[
            "not known (no-data)",
        ]),
        patient(facts.RESECTION_CONCURRENT, "stated, and a resection ordered", stated("resection-concurrent", True),
                service_request("snomed 107963000"),
                local_observation("resection-concurrent", True, status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: resection in the same session: yes",
            "ServiceRequest 1 of 2026-11-20: liver resection ordered",
            "note: Observation 2 was not used: it is not final",
        ]),
        patient(facts.RESECTION_CONCURRENT, "denied, and a resection ordered", stated("resection-concurrent", False),
                service_request("snomed 107963000"),
                local_observation("resection-concurrent", True, status="preliminary"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: resection in the same session: no",
            "ServiceRequest 1 of 2026-11-20: liver resection ordered",
            "note: Observation 2 was not used: it is not final",
            "note: concurrent resection is denied, and a resection is ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection among the drafts",
                others=({"id": "draft-2", "code": concept("snomed 107963000")},), hears=[
            "yes (recorded)",
            "ServiceRequest 2 of 2026-11-24: liver resection ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection seven days on",
                service_request("snomed 107963000", on="2026-12-01"), hears=[
            "yes (recorded)",
            "ServiceRequest 0 of 2026-12-01: liver resection ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection eight days on",
                service_request("snomed 107963000", on="2026-12-02"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection of one group, long after",
                service_request("snomed 107963000", on="2027-03-02", requisition={"value": "g-1"}),
                order={"requisition": {"value": "g-1"}}, hears=[
            "yes (recorded)",
            "ServiceRequest 0 of 2027-03-02: liver resection ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection for the same request, undated",
                service_request("snomed 107963000", on="", basedOn=[{"reference": "ServiceRequest/base"}]),
                order={"basedOn": [{"reference": "ServiceRequest/base"}]}, hears=[
            "yes (recorded)",
            "ServiceRequest 0: liver resection ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection based on this order",
                service_request("snomed 107963000", on="", basedOn=[{"reference": "ServiceRequest/draft"}]), hears=[
            "yes (recorded)",
            "ServiceRequest 0: liver resection ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection this order is based on",
                service_request("snomed 107963000", on="", id="r"),
                order={"basedOn": [{"reference": "ServiceRequest/r"}]}, hears=[
            "yes (recorded)",
            "ServiceRequest/r: liver resection ordered",
        ]),
        patient(facts.RESECTION_CONCURRENT, "an undated resection, both based on what nobody names",
                service_request("snomed 107963000", on="", basedOn=[{"display": "x"}]),
                order={"basedOn": [{"display": "x"}]}, hears=[
            "not known (no-data)",
        ]),
        patient(facts.RESECTION_CONCURRENT, "an undated resection", service_request("snomed 107963000", on=""),
                hears=[
            "not known (no-data)",
        ]),
        patient(facts.RESECTION_CONCURRENT, "a resection withdrawn",
                service_request("snomed 107963000", status="revoked"), hears=[
            "not known (no-data)",
        ]),
        patient(facts.RESECTION_CONCURRENT, "forms that differ beside an order", stated("resection-concurrent", True),
                stated("resection-concurrent", False), service_request("snomed 107963000"), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: resection in the same session: yes",
            "QuestionnaireResponse 1 of 2026-11-20: resection in the same session: no",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on resection-concurrent",
        ]),
        patient(facts.RESECTION_CONCURRENT, "an old statement, and an order",
                stated("resection-concurrent", False, on="2025-11-23"), service_request("snomed 107963000"), hears=[
            "yes (recorded)",
            "ServiceRequest 1 of 2026-11-20: liver resection ordered",
            ("note: QuestionnaireResponse 0 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.RESECTION_CONCURRENT, "an old statement, forms unread",
                local_observation("resection-concurrent", True, on="2025-11-23"), unread=("QuestionnaireResponse",),
                hears=[
            "not known (stale)",
            "note: Observation 0 of 2025-11-23 is older than 365 days (this service's limit, not the policy's)",
            "unread: QuestionnaireResponse",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "accessible, with an unusable observation",
                stated("location-accessible", True),
                local_observation("location-accessible", True, status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: tumors accessible: yes",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "an old statement, forms unread",
                local_observation("location-accessible", True, on="2025-11-23"), unread=("QuestionnaireResponse",),
                hears=[
            "not known (stale)",
            "note: Observation 0 of 2025-11-23 is older than 365 days (this service's limit, not the policy's)",
            "unread: QuestionnaireResponse",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "stated on a form of which others were not read",
                stated("location-accessible", True), unread=("QuestionnaireResponse",), hears=[
            "not known (no-data)",
            "unread: QuestionnaireResponse",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "neither yes nor no", form({"location-accessible": {"valueInteger": 1}}),
                hears=[
            "not known (no-data)",
            "note: QuestionnaireResponse 0 was not used: it is neither yes nor no",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "an answer of another list",
                form({"location-accessible": choice("listed")}), hears=[
            "not known (no-data)",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "said by the patient alone",
                stated("location-accessible", True, source={"reference": "Patient/pat-1"}), hears=[
            "not known (no-data)",
            ("note: QuestionnaireResponse 0 was not used: it was answered by the patient or a relative, not by "
             "clinical staff"),
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "observed by the patient alone",
                local_observation("location-accessible", True, performer=[{"reference": "Patient/pat-1"}]), hears=[
            "not known (no-data)",
            "note: Observation 0 was not used: it was answered by the patient or a relative, not by clinical staff",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "an older form and a newer observation that differ",
                stated("location-accessible", True, on="2026-11-01"), local_observation("location-accessible", False),
                hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: tumors accessible: yes",
            "Observation 1 of 2026-11-20: tumors accessible: no",
            "note: QuestionnaireResponse 0, Observation 1 contradict each other on location-accessible",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "a newer form and an older observation that differ",
                stated("location-accessible", True), local_observation("location-accessible", False, on="2026-11-01"),
                hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: tumors accessible: yes",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "a form of tomorrow", stated("location-accessible", True, on="2026-11-25"),
                hears=[
            "not known (stale)",
            "note: QuestionnaireResponse 0 is dated 2026-11-25, in the future, and was not used",
        ]),
        patient(facts.LOCATION_ACCESSIBLE, "forms that differ", stated("location-accessible", True),
                stated("location-accessible", False), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: tumors accessible: yes",
            "QuestionnaireResponse 1 of 2026-11-20: tumors accessible: no",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on location-accessible",
        ]),
        patient(facts.ALL_FOCI_AMENABLE, "amenable", stated("all-foci-amenable", True), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: all foci amenable: yes",
        ]),
        patient(facts.ALL_FOCI_AMENABLE, "a statement 365 days old",
                stated("all-foci-amenable", True, on="2025-11-24"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2025-11-24: all foci amenable: yes",
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "the goal stated", stated("complete-ablation-goal", True), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: complete ablation goal: yes",
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "the goal stated, palliation ordered",
                stated("complete-ablation-goal", True),
                local_observation("complete-ablation-goal", True, status="preliminary"), order=PALLIATIVE, hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: complete ablation goal: yes",
            "ServiceRequest/draft: intent of the order",
            "note: Observation 1 was not used: it is not final",
            "note: the stated goal of the ablation and the intent on the order contradict each other",
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "the goal denied, cure ordered",
                stated("complete-ablation-goal", False), order=CURATIVE, hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: complete ablation goal: no",
            "ServiceRequest/draft: intent of the order",
            "note: the stated goal of the ablation and the intent on the order contradict each other",
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "cure ordered, an old statement",
                stated("complete-ablation-goal", False, on="2025-11-23"), order=CURATIVE, hears=[
            "yes (recorded)",
            "ServiceRequest/draft: intent of the order",
            ("note: QuestionnaireResponse 0 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "palliation ordered", order=PALLIATIVE, hears=[
            "no (recorded)",
            "ServiceRequest/draft: intent of the order",
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "cure ordered, forms that differ",
                stated("complete-ablation-goal", True), stated("complete-ablation-goal", False), order=CURATIVE,
                hears=[
            "not known (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: complete ablation goal: yes",
            "QuestionnaireResponse 1 of 2026-11-20: complete ablation goal: no",
            "note: QuestionnaireResponse 0, QuestionnaireResponse 1 contradict each other on complete-ablation-goal",
        ]),
        patient(facts.COMPLETE_ABLATION_GOAL, "nothing, forms unread", unread=("QuestionnaireResponse",), hears=[
            "not known (no-data)",
            "unread: QuestionnaireResponse",
        ]),
        patient(facts.NET_SYMPTOMS_REFRACTORY, "refractory by form", stated("net-symptoms-refractory", True),
                local_observation("net-symptoms-refractory", True, status="preliminary"), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: symptoms refractory to treatment: yes",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.NET_SYMPTOMS_REFRACTORY, "a syndrome, and an analog stopped", condition("icd E34.00"), analog(),
                stated("net-symptoms-refractory", False, on="2025-11-23"), hears=[
            "yes (recorded)",
            "Condition 0 of 2026-10-01: carcinoid syndrome",
            "MedicationRequest 1 of 2026-10-02: somatostatin analog stopped: no response",
            ("note: QuestionnaireResponse 2 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.NET_SYMPTOMS_REFRACTORY, "forms that differ beside a record", condition("icd E34.00"), analog(),
                stated("net-symptoms-refractory", False), stated("net-symptoms-refractory", True), hears=[
            "not known (conflict)",
            "QuestionnaireResponse 2 of 2026-11-20: symptoms refractory to treatment: no",
            "QuestionnaireResponse 3 of 2026-11-20: symptoms refractory to treatment: yes",
            ("note: QuestionnaireResponse 2, QuestionnaireResponse 3 contradict each other on "
             "net-symptoms-refractory"),
        ]),
        patient(facts.NET_SYMPTOMS_REFRACTORY, "an old statement, medication unread",
                stated("net-symptoms-refractory", False, on="2025-11-23"), unread=("MedicationRequest",), hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
            "unread: MedicationRequest",
        ]),
        patient(facts.PRIOR_ABLATION, "an ablation of last year, and one without a date",
                procedure("cpt 47382", on="2025-09-01"), procedure("cpt 47382", on=""), hears=[
            "yes (recorded)",
            "Procedure 0 of 2025-09-01: earlier ablation in the liver",
            "Procedure 1: earlier ablation in the liver",
        ]),
        patient(facts.PRIOR_ABLATION, "an ablation of the order's day", procedure("cpt 47382", on="2026-11-24"),
                hears=[
            "no (inferred)",
        ]),
        patient(facts.PRIOR_ABLATION, "an ablation of the day before, on the liver",
                procedure("cpt 47382", on="2026-11-23", bodySite=[concept(LIVER)]), hears=[
            "yes (recorded)",
            "Procedure 0 of 2026-11-23: earlier ablation in the liver",
        ]),
        patient(facts.PRIOR_ABLATION, "stated, with an unusable observation", stated("prior-ablation", True), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: prior ablation: yes",
        ]),
        patient(facts.PRIOR_ABLATION, "stated, beside a form of the day that cannot be used",
                stated("prior-ablation", True), form({"prior-ablation": {"valueInteger": 1}}), hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: prior ablation: yes",
            "note: QuestionnaireResponse 1 was not used: it is neither yes nor no",
        ]),
        patient(facts.PRIOR_ABLATION, "nothing, procedures unread", unread=("Procedure",), hears=[
            "no (inferred)",
            "note: past procedures could not be read, so an earlier ablation may be missed",
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_what_is_intended(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
