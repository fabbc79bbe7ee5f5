"""Transplant status and bridging, as they are told (I.D.1.0, I.D.2; A9, A43, A44)."""

import pytest

from fhir_mappings import facts
from tests.fhir_mappings.building import (
    LIVER,
    condition,
    local_observation,
    observation,
    procedure,
    service_request,
    stated,
)
from tests.fhir_mappings.told.telling import Asked, patient


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        patient(facts.TRANSPLANT_STATUS, "a listing on the form", stated("lt-status", "listed"), hears=[
            "approved and listed (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver transplant status: listed",
        ]),
        patient(facts.TRANSPLANT_STATUS, "a listing, and a form of the patient beside it",
                stated("lt-status", "listed"),
                stated("lt-status", "not-awaiting", source={"reference": "Patient/pat-1"}), hears=[
            "approved and listed (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver transplant status: listed",
        ]),
        patient(facts.TRANSPLANT_STATUS, "a listing and an unusable newer observation",
                stated("lt-status", "listed", on="2026-11-01"),
                local_observation("lt-status", "not-awaiting", status="preliminary"), hears=[
            "approved and listed (attested)",
            "QuestionnaireResponse 0 of 2026-11-01: liver transplant status: listed",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.TRANSPLANT_STATUS, "a listing, and a transplant since",
                stated("lt-status", "listed", on="2026-11-01"), procedure("snomed 18027006", on="2026-11-10"), hears=[
            "approved and listed or not awaiting (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: liver transplant status: listed",
            "Procedure 1 of 2026-11-10: liver transplanted",
            ("note: QuestionnaireResponse 0, Procedure 1: what is stated on the transplant list and what is on "
             "record contradict each other"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "two diagnoses after a transplant, the first before the listing",
                stated("lt-status", "listed", on="2026-11-01"), condition("icd Z94.4", on="2026-10-01"),
                condition("icd T86.41", on="2026-11-02"), hears=[
            "approved and listed or not awaiting (conflict)",
            "QuestionnaireResponse 0 of 2026-11-01: liver transplant status: listed",
            "Condition 1 of 2026-10-01: liver transplanted",
            "Condition 2 of 2026-11-02: liver transplanted",
            ("note: QuestionnaireResponse 0, Condition 1, Condition 2: what is stated on the transplant list and "
             "what is on record contradict each other"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "not awaiting, by form, with an unusable observation",
                stated("lt-status", "not-awaiting"), local_observation("lt-status", "listed", status="preliminary"),
                hears=[
            "not awaiting (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: liver transplant status: not-awaiting",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.TRANSPLANT_STATUS, "not awaiting by form, and a liver requested",
                stated("lt-status", "not-awaiting"), local_observation("lt-status", "listed", status="preliminary"),
                service_request("snomed 18027006"), hears=[
            "approved and listed or not awaiting (conflict)",
            "QuestionnaireResponse 0 of 2026-11-20: liver transplant status: not-awaiting",
            "ServiceRequest 2 of 2026-11-20: liver transplant requested",
            "note: Observation 1 was not used: it is not final",
            ("note: QuestionnaireResponse 0, ServiceRequest 2: what is stated on the transplant list and what is "
             "on record contradict each other"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "under evaluation", stated("lt-status", "evaluating"),
                local_observation("lt-status", "listed", status="preliminary"), hears=[
            "approved and listed or not awaiting (not-specific)",
            "QuestionnaireResponse 0 of 2026-11-20: liver transplant status: evaluating",
            "note: Observation 1 was not used: it is not final",
            ("note: QuestionnaireResponse 0: under evaluation for a transplant, or statements differ: not "
             "awaiting and listed were both considered"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "a form and an observation that differ", stated("lt-status", "listed"),
                local_observation("lt-status", "not-awaiting"), hears=[
            "approved and listed or not awaiting (not-specific)",
            "QuestionnaireResponse 0 of 2026-11-20: liver transplant status: listed",
            "Observation 1 of 2026-11-20: liver transplant status: not-awaiting",
            "note: QuestionnaireResponse 0, Observation 1 contradict each other on lt-status",
            ("note: QuestionnaireResponse 0, Observation 1: under evaluation for a transplant, or statements "
             "differ: not awaiting and listed were both considered"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "a listing too old to count", stated("lt-status", "listed", on="2026-01-10"),
                hears=[
            "approved and listed or not awaiting (stale)",
            ("note: QuestionnaireResponse 0 of 2026-01-10 is older than 90 days (this service's limit, not the "
             "policy's)"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "an old listing and an undated one",
                stated("lt-status", "not-awaiting", on="2026-01-10"), stated("lt-status", "listed", on=""), hears=[
            "approved and listed or not awaiting (stale)",
            ("note: QuestionnaireResponse 0 of 2026-01-10 is older than 90 days (this service's limit, not the "
             "policy's)"),
            "note: QuestionnaireResponse 1 has no date and was not used",
        ]),
        patient(facts.TRANSPLANT_STATUS, "only an undated listing", stated("lt-status", "listed", on=""), hears=[
            "approved and listed or not awaiting (stale)",
            "note: QuestionnaireResponse 0 has no date and was not used",
        ]),
        patient(facts.TRANSPLANT_STATUS, "an old statement of not awaiting, and a request",
                stated("lt-status", "not-awaiting", on="2026-01-10"), service_request("snomed 18027006"), hears=[
            "approved and listed (recorded)",
            "ServiceRequest 1 of 2026-11-20: liver transplant requested",
            ("note: QuestionnaireResponse 0 of 2026-01-10 is older than 90 days (this service's limit, not the "
             "policy's)"),
            "note: a liver transplant is requested: listed is inferred",
        ]),
        patient(facts.TRANSPLANT_STATUS, "a liver requested, and a transplant in preparation",
                service_request("snomed 18027006"), procedure("snomed 18027006", status="preparation", on=""), hears=[
            "approved and listed (recorded)",
            "ServiceRequest 0 of 2026-11-20: liver transplant requested",
            "Procedure 1: liver transplant requested",
            "note: a liver transplant is requested: listed is inferred",
        ]),
        patient(facts.TRANSPLANT_STATUS, "waiting for a liver by site", condition("icd Z76.82", site=LIVER), hears=[
            "approved and listed (recorded)",
            "Condition 0 of 2026-10-01: waiting for a liver",
            "note: a liver transplant is requested: listed is inferred",
        ]),
        patient(facts.TRANSPLANT_STATUS, "waiting for some organ, suspected and observed",
                condition("icd Z76.82", certainty="provisional"), observation("snomed 270459005"), hears=[
            "approved and listed or not awaiting (not-specific)",
            "Condition 0 of 2026-10-01: waiting for an organ",
            "Observation 1 of 2026-11-20: waiting for an organ",
            ("note: Condition 0, Observation 1: waiting for an organ that is not named: not awaiting a liver and "
             "listed were both considered"),
        ]),
        patient(facts.TRANSPLANT_STATUS, "transplanted, by diagnosis and procedure", condition("icd Z94.4"),
                procedure("pcs 0FY00Z0", on="2020-05"), hears=[
            "not awaiting (recorded)",
            "Condition 0 of 2026-10-01: liver transplanted",
            "Procedure 1 of 2020-05: liver transplanted",
        ]),
        patient(facts.TRANSPLANT_STATUS, "no trace", condition("icd C22.0"), hears=[
            "not awaiting (inferred)",
            "note: no transplant listing found: not awaiting a liver transplant is inferred from the record",
        ]),
        patient(facts.TRANSPLANT_STATUS, "no trace, procedures unread", condition("icd C22.0"), unread=("Procedure",),
                hears=[
            "approved and listed or not awaiting (no-data)",
            "unread: Procedure",
        ]),
        patient(facts.BRIDGE_INTENT, "a bridge by form and by an observation",
                stated("bridge-to-transplant-intent", True), local_observation("bridge-to-transplant-intent", True),
                hears=[
            "yes (attested)",
            "QuestionnaireResponse 0 of 2026-11-20: ablation as a bridge to transplant: yes",
            "Observation 1 of 2026-11-20: ablation as a bridge to transplant: yes",
        ]),
        patient(facts.BRIDGE_INTENT, "a bridge denied, and an unusable newer observation",
                stated("bridge-to-transplant-intent", False, on="2026-11-02"),
                local_observation("bridge-to-transplant-intent", True, status="preliminary"), hears=[
            "no (attested)",
            "QuestionnaireResponse 0 of 2026-11-02: ablation as a bridge to transplant: no",
            "note: Observation 1 was not used: it is not final",
        ]),
        patient(facts.BRIDGE_INTENT, "nothing, and forms unread", unread=("QuestionnaireResponse",), hears=[
            "not known (no-data)",
            "unread: QuestionnaireResponse",
        ]),
        patient(facts.BRIDGE_INTENT, "a statement of last year",
                stated("bridge-to-transplant-intent", True, on="2025-11-23"), hears=[
            "not known (stale)",
            ("note: QuestionnaireResponse 0 of 2025-11-23 is older than 365 days (this service's limit, not the "
             "policy's)"),
        ]),
    ],
)  # fmt: skip
def test_what_is_told_of_transplants(asked: Asked, hears: list[str]) -> None:
    assert asked.told() == hears
