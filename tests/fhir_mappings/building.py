"""Builds patients for these tests: FHIR resources as JSON, and the chart a reader sees after intake."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from fhir_mappings.chart import Chart, Windows, open_chart
from fhir_mappings.orders import Order, read_order
from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.record import PatientRecord, RawResource, build_record

TODAY = date(2026, 11, 24)
PATIENT = "pat-1"
LOCAL = "https://payer.example/fhir/CodeSystem/liver-ablation-facts"
FORM = "https://payer.example/fhir/Questionnaire/liver-tumor-ablation"

SYSTEMS = {
    "snomed": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
    "icd": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd-who": "http://hl7.org/fhir/sid/icd-10",
    "pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
    "cpt": "http://www.ama-assn.org/go/cpt",
    "hcpcs": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "icd-o": "http://terminology.hl7.org/CodeSystem/icd-o-3",
    "sopt": "https://nahdo.org/sopt",
    "local": LOCAL,
    "assertion": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "category": "http://terminology.hl7.org/CodeSystem/v2-0074",
}
LIVER = "snomed 10200004"
BREAST = "snomed 76752008"
KIDNEY = "snomed 64033007"

Json = dict[str, Any]


def coding(written: str) -> Json:
    """A Coding from how these tests write one: `icd C22.0`."""
    system, _, code = written.partition(" ")
    return {"system": SYSTEMS[system], "code": code}


def concept(*written: str, text: str = "") -> Json:
    """A CodeableConcept with these codings and, if given, a text."""
    whole: Json = {"coding": [coding(one) for one in written]} if written else {}
    return whole | ({"text": text} if text else {})


def quantity(value: Any, unit: str = "", comparator: str = "") -> Json:
    """A Quantity whose UCUM code is the unit."""
    whole: Json = {"value": value}
    if unit:
        whole |= {"unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}
    return whole | ({"comparator": comparator} if comparator else {})


def about_patient(patient_id: str = PATIENT) -> Json:
    return {"subject": {"reference": f"Patient/{patient_id}"}}


def observation(code: str | Json, on: str = "2026-11-20", status: str = "final", **elements: Any) -> Json:
    """An Observation of the patient; `on` of "" leaves it undated."""
    coded = concept(code) if isinstance(code, str) else code
    dated = {"effectiveDateTime": on} if on else {}
    return {"resourceType": "Observation", "status": status, "code": coded, **about_patient(), **dated, **elements}


def condition(
    *codes: str, certainty: str = "", clinical: str = "active", on: str = "2026-10-01", site: str = "", **elements: Any
) -> Json:
    """A Condition of the patient; blanks leave out certainty, clinical status, date or site."""
    whole: Json = {"resourceType": "Condition", "code": concept(*codes), **about_patient()}
    if certainty:
        whole["verificationStatus"] = {"coding": [{"code": certainty}]}
    if clinical:
        whole["clinicalStatus"] = {"coding": [{"code": clinical}]}
    if on:
        whole["onsetDateTime"] = on
    if site:
        whole["bodySite"] = [concept(site)]
    return whole | elements


def procedure(code: str, status: str = "completed", on: str = "2026-09-01", **elements: Any) -> Json:
    dated = {"performedDateTime": on} if on else {}
    return {
        "resourceType": "Procedure",
        "status": status,
        "code": concept(code),
        **about_patient(),
        **dated,
        **elements,
    }


def report(status: str = "final", on: str = "2026-11-01", category: str = "", **elements: Any) -> Json:
    """A DiagnosticReport, of imaging when its category is `RAD`."""
    filed = {"category": [concept(f"category {category}")]} if category else {}
    whole = {"resourceType": "DiagnosticReport", "status": status, **about_patient(), **filed, **elements}
    return whole | ({"effectiveDateTime": on} if on else {})


def imaging_study(status: str = "available", on: str = "2026-11-01", **elements: Any) -> Json:
    return {"resourceType": "ImagingStudy", "status": status, "started": on, **about_patient(), **elements}


def body_structure(identity: str, location: str = LIVER, linked: str = "", **elements: Any) -> Json:
    """An mCODE Tumor: where it is, and the Condition it belongs to."""
    whole: Json = {"resourceType": "BodyStructure", "id": identity, "patient": {"reference": f"Patient/{PATIENT}"}}
    if location:
        whole["location"] = concept(location)
    if linked:
        url = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-related-condition"
        whole["extension"] = [{"url": url, "valueReference": {"reference": linked}}]
    return whole | elements


def service_request(*codes: str, status: str = "active", on: str = "2026-11-20", **elements: Any) -> Json:
    dated = {"occurrenceDateTime": on} if on else {}
    return {
        "resourceType": "ServiceRequest",
        "status": status,
        "intent": "order",
        "code": concept(*codes),
        **about_patient(),
        **dated,
        **elements,
    }


def form(answers: Mapping[str, Json], on: str = "2026-11-20", status: str = "completed", **elements: Any) -> Json:
    """The documentation form: each link id with the value[x] of its answer."""
    listed = [{"linkId": link_id, "answer": [value]} for link_id, value in answers.items()]
    dated = {"authored": on} if on else {}
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": FORM,
        "status": status,
        **about_patient(),
        **dated,
        "item": listed,
        **elements,
    }


def choice(code: str) -> Json:
    """An answer that picks one of our own codes."""
    return {"valueCoding": {"system": LOCAL, "code": code}}


def stated(code: str, value: bool | str, **more: Any) -> Json:
    """A form that answers one question: yes, no, or one of its choices."""
    return form({code: {"valueBoolean": value} if isinstance(value, bool) else choice(value)}, **more)


def local_observation(code: str, value: bool | str, **more: Any) -> Json:
    """A local Observation that answers one question."""
    held = {"valueBoolean": value} if isinstance(value, bool) else {"valueCodeableConcept": concept(f"local {value}")}
    return observation(f"local {code}", **held, **more)


def raw(resource: Any, place: str = "prefetch.test.entry[0].resource", full_url: str = "") -> RawResource:
    """A resource as it arrives: JSON text and the place where it stood."""
    text = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    return RawResource(msgspec.Raw(text), full_url, place)


def with_ids(resources: Iterable[Json]) -> list[Json]:
    """Give each resource that has no id one from its place: the first Condition of a test is Condition/condition-0."""
    return [{"id": f"{r['resourceType'].lower()}-{index}"} | r for index, r in enumerate(resources)]


def record_of(*resources: Json, unread: Mapping[str, str] | None = None) -> PatientRecord:
    """The patient's record after intake, as a hook call gets it."""
    arrived = [raw(r, f"prefetch.test.entry[{i}].resource") for i, r in enumerate(with_ids(resources))]
    return build_record(PATIENT, arrived, OBSERVATION_CODES, unread or {})


def order_of(**elements: Any) -> Order:
    """A draft order of a percutaneous radiofrequency ablation, with the elements that matter in a test."""
    body = {
        "resourceType": "ServiceRequest",
        "id": "draft",
        "status": "draft",
        "intent": "order",
        "code": concept("cpt 47382"),
        "authoredOn": "2026-11-24",
        **about_patient(),
    }
    order = read_order(body | elements, "ServiceRequest/draft")
    assert order is not None, "these elements make no order"
    return order


def chart_of(
    *resources: Json,
    order: Order | None = None,
    others: tuple[Order, ...] = (),
    today: date = TODAY,
    unread: Iterable[str] = (),
    windows: Windows | None = None,
) -> Chart:
    """The record of a patient with these resources, opened for one order; `unread` types could not be read."""
    record = record_of(*resources, unread=dict.fromkeys(unread, "HTTP status 500"))
    return open_chart(record, order or order_of(), others, today, windows or Windows())
