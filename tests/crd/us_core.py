"""One patient record in the shapes of US Core 3.1.1, 6.1.0 and 7.0.0: the same facts, as systems of each version write.

The oldest shape has the mandatory and to-be-supported elements of its profiles and nothing else. The later ones have
the dates, encounters, performers and extensions their profiles brought, and write a time as period or to the minute.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.conftest import Json
from tests.policy_151.patients import PATIENT, Facts, chart_of, orders_of, prefetch_of, request_body

_PROFILES: Final = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_CATEGORIES: Final = "http://terminology.hl7.org/CodeSystem/"
_ASSERTED: Final = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
_SEX: Final = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
_LABORATORY: Final = frozenset({"1975-2", "1751-7", "6301-6"})

_ELEMENTS_3_1_1: Final[Mapping[str, frozenset[str]]] = {
    "Condition": frozenset({"clinicalStatus", "verificationStatus", "category", "code", "subject"}),
    "Observation": frozenset({"status", "category", "code", "subject", "effectiveDateTime", "dataAbsentReason"}),
    "Procedure": frozenset({"status", "code", "subject", "performedDateTime"}),
    "Coverage": frozenset(
        {"status", "type", "subscriberId", "beneficiary", "relationship", "period", "payor", "class"}
    ),
    "ServiceRequest": frozenset({"status", "intent", "code", "subject", "authoredOn", "requester"}),
}


def _category(system: str, code: str) -> list[Json]:
    return [{"coding": [{"system": f"{_CATEGORIES}{system}", "code": code}]}]


def _complete(resource: Json) -> Json:
    """What every version makes mandatory and the chart left out."""
    kind = resource["resourceType"]
    if kind == "Condition":
        return {"category": _category("condition-category", "problem-list-item"), **resource}
    if kind == "Observation":
        coded = resource["code"]["coding"][0]["code"]
        return {
            "category": _category("observation-category", "laboratory" if coded in _LABORATORY else "exam"),
            **resource,
        }
    if kind == "Procedure":
        return {"performedDateTime": "2026-10-20", **resource}
    if kind == "Coverage":
        member = {"coding": [{"system": f"{_CATEGORIES}subscriber-relationship", "code": "self"}]}
        return {"subscriberId": "M-1", "relationship": member, "period": {"start": "2026-01-01"}, **resource}
    return {"requester": {"reference": "Practitioner/surgeon-1"}, **resource}


def _oldest(resource: Json) -> Json:
    kept = _ELEMENTS_3_1_1[resource["resourceType"]]
    plain = {n: v for n, v in resource.items() if n in kept or n in ("resourceType", "id") or n.startswith("value")}
    return {**plain, "meta": {"profile": [_profile(resource, "condition", "observation-lab")]}}


def _middle(resource: Json) -> Json:
    """6.1.0: conditions with their dates and the date they were asserted, observations over a period."""
    shaped = {**resource, "meta": {"lastUpdated": "2026-11-20T08:00:00Z", "profile": [
        _profile(resource, "condition-problems-health-concerns", "simple-observation", "|6.1.0")]}}  # fmt: skip
    if resource["resourceType"] == "Condition":
        asserted = {"url": _ASSERTED, "valueDateTime": resource["recordedDate"]}
        return {**shaped, "onsetDateTime": resource["recordedDate"], "extension": [asserted]}
    if resource["resourceType"] == "Observation":
        when = shaped.pop("effectiveDateTime")
        return {**shaped, "effectivePeriod": {"start": when, "end": when}}
    return shaped


def _newest(resource: Json) -> Json:
    """7.0.0: encounters, performers, specimens, times to the minute."""
    shaped = {**resource, "meta": {"lastUpdated": "2026-11-20T08:00:00.000-08:00", "profile": [
        _profile(resource, "condition-encounter-diagnosis", "observation-clinical-result", "|7.0.0")]}}  # fmt: skip
    encounter = {"encounter": {"reference": "Encounter/e-1"}}
    if resource["resourceType"] == "Condition":
        return {**shaped, **encounter, "category": _category("condition-category", "encounter-diagnosis")}
    if resource["resourceType"] == "Observation":
        when = f"{resource['effectiveDateTime']}T09:30:00-08:00"
        performer = {"performer": resource.get("performer", [{"reference": "Organization/lab-1"}])}
        return {**shaped, **encounter, **performer, "effectiveDateTime": when, "issued": when}
    if resource["resourceType"] == "Procedure":
        return {**shaped, **encounter, "performer": [{"actor": {"reference": "Practitioner/surgeon-1"}}]}
    return shaped


def _profile(resource: Json, condition: str, observation: str, version: str = "") -> str:
    own = {"Condition": condition, "Observation": observation}.get(resource["resourceType"])
    return f"{_PROFILES}{own or resource['resourceType'].lower()}{version}"


SHAPES: Final[dict[str, Callable[[Json], Json]]] = {"3.1.1": _oldest, "6.1.0": _middle, "7.0.0": _newest}


def patient(version: str) -> Json:
    """The patient, who changed most from version to version and matters least here."""
    more: dict[str, Any] = {
        "3.1.1": {"extension": [{"url": _SEX, "valueCode": "M"}]},
        "6.1.0": {"deceasedBoolean": False, "telecom": [{"system": "phone", "value": "+1-555-0100"}]},
        "7.0.0": {"name": [{"use": "official", "family": "Example", "period": {"start": "2001-01-01"}}]},
    }
    identifier = {"system": "http://hospital.example/mrn", "value": "1"}
    base = {"identifier": [identifier], "name": [{"family": "Example"}], "gender": "male", "birthDate": "1961-03-18"}
    return {"resourceType": "Patient", "id": PATIENT, **base, **more[version]}


def request(facts: Facts, version: str) -> Json:
    """The order-sign call for a patient of whom these facts hold, everything in the shape of a version."""
    chart = chart_of(facts, "observations")
    shaped = list(_shaped(chart.resources, version))
    prefetch = {**prefetch_of(shaped), "patient": patient(version), "encounter": None}
    return request_body(list(_shaped(orders_of(facts, chart), version)), prefetch)


def plain_request(facts: Facts) -> Json:
    """The same call in no shape but R4."""
    chart = chart_of(facts, "observations")
    return request_body(orders_of(facts, chart), prefetch_of(chart.resources))


def _shaped(resources: list[Json], version: str) -> Iterator[Json]:
    return (SHAPES[version](_complete(one)) for one in resources)


def resources_of(body: Json) -> list[Json]:
    """Every resource of a call."""
    bundles = [body["context"]["draftOrders"], *(v for v in body["prefetch"].values() if v)]
    return [
        e["resource"]
        for b in bundles
        for e in b.get("entry", [{"resource": b}] if b["resourceType"] != "Bundle" else [])
    ]
