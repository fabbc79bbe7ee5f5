"""The calls these tests make: examples of the demonstration, changed where a test says."""

from typing import Any

from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task

from tests.conformance.wire import DISCOVERY, example
from tests.conftest import Json, cards_on, searchset

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
OPEN = "hcc-no-child-pugh"
"""The patient of whom everything is documented but Child-Pugh."""

DECLARED: Json = {"davinci-crd.requestedVersion": "2.2"}
TOPICS = {
    "coverage": "guideline",
    "instructions": "claim",
    "alternate-request": "therapy-alternatives-opt",
    "tests or form": "clinical-reminder",
    "coverage-record": "insurance",
}
MODELS = {"ServiceRequest": ServiceRequest, "Task": Task}


def call(name: str = OPEN, hook: str = "order-sign", **more: Any) -> Json:
    """An example as a call of a hook that brings drafts."""
    body = {**example(name), "hook": hook, **more}
    drafts = [entry["resource"] for entry in body["context"]["draftOrders"]["entry"]]
    body["context"]["selections"] = [f"{draft['resourceType']}/{draft['id']}" for draft in drafts]
    return body


def post(client: Any, body: Json) -> Any:
    answer = client.post(f"{DISCOVERY}/{body['hook']}-crd", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer


def on_record(body: Json, key: str, *resources: Json) -> Json:
    """The call with these resources in the prefetch as well."""
    known = [entry["resource"] for entry in body["prefetch"][key].get("entry", [])]
    return {**body, "prefetch": {**body["prefetch"], key: searchset(*known, *resources)}}


def drafted(body: Json, *orders: Json) -> Json:
    """The call with these drafts beside its own."""
    entry = [*body["context"]["draftOrders"]["entry"], *({"resource": one} for one in orders)]
    drafts = {**body["context"]["draftOrders"], "entry": entry}
    return {**body, "context": {**body["context"], "draftOrders": drafts}}


def ordered(body: Json, **changed: Any) -> Json:
    """The call with its first order changed; what is set to None is taken from it."""
    first, *rest = body["context"]["draftOrders"]["entry"]
    whole = {**first["resource"], **changed}
    order = {name: value for name, value in whole.items() if value is not None}
    drafts = {**body["context"]["draftOrders"], "entry": [{"resource": order}, *rest]}
    return {**body, "context": {**body["context"], "draftOrders": drafts}}


def laboratory(loinc: str, value: float, unit: str, on: str = "2026-11-10", **more: Any) -> Json:
    return {
        "resourceType": "Observation", "id": f"lab-{loinc}", "status": "final",
        "code": {"coding": [{"system": LOINC, "code": loinc}]},
        "subject": {"reference": f"Patient/{OPEN}"}, "effectiveDateTime": on,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}, **more,
    }  # fmt: skip


def laboratory_order(loinc: str, status: str = "active", **more: Any) -> Json:
    return {
        "resourceType": "ServiceRequest", "id": f"order-{loinc}", "status": status, "intent": "order",
        "code": {"coding": [{"system": LOINC, "code": loinc}]}, "subject": {"reference": f"Patient/{OPEN}"}, **more,
    }  # fmt: skip


def suggested(answer: Any, topic: str) -> list[Json]:
    """The suggestions on the cards of a topic."""
    return [suggestion for card in cards_on(topic, answer) for suggestion in card.get("suggestions", [])]


def created(suggestion: Json) -> Json:
    """The resource a suggestion creates, as its FHIR model reads it."""
    (resource,) = [action["resource"] for action in suggestion["actions"] if action["type"] == "create"]
    MODELS[resource["resourceType"]].model_validate(resource)
    return resource
