"""Calls as CRD clients make them: each hook, about orders of each type, and what comes back on them."""

import json
from collections.abc import Callable
from typing import Any, Final

from flask.testing import FlaskClient

from cds_service.crd.extension import is_coverage_information
from tests.conformance.wire import example
from tests.conftest import CPT, EMPTY_RECORD, Json, hook_call, searchset

PRIMARY: Final = ("order-sign", "order-dispatch", "appointment-book")
HOOKS: Final = (*PRIMARY, "order-select")
V2_0, V2_2 = ({"davinci-crd.requestedVersion": version} for version in ("2.0", "2.2"))
VERSIONS: Final = (V2_0, V2_2)

COVERAGE: Final[Json] = {
    "resourceType": "Coverage", "id": "c1", "status": "active", "beneficiary": {"reference": "Patient/p1"},
    "payor": [{"display": "Providence Health Plan"}],
}  # fmt: skip
RECORD: Final[Json] = {**EMPTY_RECORD, "coverage": searchset(COVERAGE)}

_WHO: Final[Json] = {"subject": {"reference": "Patient/p1"}, "requester": {"reference": "Practitioner/dr-1"}}
_WHEN: Final[Json] = {"status": "draft", "authoredOn": "2026-11-24"}
_BODIES: Final[dict[str, Json]] = {
    "ServiceRequest": {**_WHO, **_WHEN, "intent": "order", "code": {"coding": [{"system": CPT, "code": "47382"}]}},
    "DeviceRequest": {**_WHO, **_WHEN, "intent": "order", "codeCodeableConcept": {"text": "a walker"}},
    "MedicationRequest": {**_WHO, **_WHEN, "intent": "order", "medicationCodeableConcept": {"text": "a drug"}},
    "NutritionOrder": {
        "status": "draft", "intent": "order", "patient": {"reference": "Patient/p1"}, "dateTime": "2026-11-24",
        "orderer": {"reference": "Practitioner/dr-1"}, "oralDiet": {"type": [{"text": "a diet"}]},
    },
    "VisionPrescription": {
        "status": "draft", "created": "2026-11-24", "patient": {"reference": "Patient/p1"}, "dateWritten": "2026-11-24",
        "prescriber": {"reference": "Practitioner/dr-1"},
        "lensSpecification": [{"product": {"text": "a lens"}, "eye": "right", "sphere": -2.25}],
    },
    "CommunicationRequest": {
        **_WHO, **_WHEN, "basedOn": [{"reference": "ServiceRequest/sr-0"}], "payload": [{"contentString": "results"}],
    },
}  # fmt: skip
ORDERS: Final = {kind: {"resourceType": kind, "id": f"{kind.lower()}-1", **body} for kind, body in _BODIES.items()}
"""An order of each of CRD's types, with what the profiles ask at least."""

PREFETCH_KEYS: Final = {kind: f"{kind[0].lower()}{kind[1:]}s" for kind in ORDERS}


def appointment(*orders: str, identity: str = "a-1", **more: Any) -> Json:
    """An appointment of the patient, based on these orders."""
    based = {"basedOn": [{"reference": reference} for reference in orders]} if orders else {}
    actor = {"actor": {"reference": "Patient/p1"}, "status": "accepted"}
    return {
        "resourceType": "Appointment", "id": identity, "status": "proposed", "participant": [actor], **based, **more,
    }  # fmt: skip


def calling(hook: str, context: Json, prefetch: Json | None, **more: Any) -> Json:
    body: Json = {"hook": hook, "hookInstance": "h-1", "context": {"patientId": "p1", **context}, **more}
    return body if prefetch is None else {**body, "prefetch": prefetch}


def signing(*orders: Json, prefetch: Json = RECORD, **more: Any) -> Json:
    return hook_call(*orders, prefetch=prefetch, **more)


def selecting(*orders: Json, prefetch: Json | None = RECORD, **more: Any) -> Json:
    """A call of order-select with every draft selected."""
    body = hook_call(*orders, hook="order-select", prefetch=prefetch, **more)
    body["context"]["selections"] = [f"{one['resourceType']}/{one['id']}" for one in orders]
    return body


def dispatching(*references: str, prefetch: Json | None = None, **more: Any) -> Json:
    context = {"dispatchedOrders": list(references), "performer": "Organization/o-1"}
    return calling("order-dispatch", context, prefetch, **more)


def dispatching_sent(*orders: Json, prefetch: Json = RECORD, **more: Any) -> Json:
    """A call of order-dispatch whose orders come by prefetch."""
    references = [f"{one['resourceType']}/{one['id']}" for one in orders]
    sent = dict(prefetch)
    for one in orders:
        key = PREFETCH_KEYS[one["resourceType"]]
        listed = [entry["resource"] for entry in sent.get(key, {}).get("entry", [])]
        sent[key] = searchset(*listed, one)
    return dispatching(*references, prefetch=sent, **more)


def booking(*entries: Json, prefetch: Json | None = None, **more: Any) -> Json:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": entry} for entry in entries]}
    return calling("appointment-book", {"userId": "Practitioner/1", "appointments": bundle}, prefetch, **more)


def booking_sent(*orders: Json, prefetch: Json = RECORD, **more: Any) -> Json:
    """A call of appointment-book: one appointment for each order, the orders beside them; appointments as they are."""
    entries = [one for one in orders if one["resourceType"] == "Appointment"]
    for number, one in enumerate(one for one in orders if one not in entries):
        entries += [appointment(f"{one['resourceType']}/{one['id']}", identity=f"for-{number}"), one]
    return booking(*entries, prefetch=prefetch, **more)


ASKED_BY: Final[dict[str, Callable[..., Json]]] = {
    "order-sign": signing,
    "order-select": selecting,
    "order-dispatch": dispatching_sent,
    "appointment-book": booking_sent,
}
"""How each hook is called about orders: the call, from the orders."""


def as_call_of(hook: str, name: str, **more: Any) -> Json:
    """An example of the demonstration, as a call of this hook."""
    signed = example(name)
    orders = [entry["resource"] for entry in signed["context"]["draftOrders"]["entry"]]
    body = ASKED_BY[hook](*orders, prefetch=signed["prefetch"], **more)
    body["context"]["patientId"] = signed["context"]["patientId"]
    return body


def post(client: FlaskClient, body: Json | str) -> Any:
    """The answer to a call, at the service of its hook."""
    text = body if isinstance(body, str) else json.dumps(body)
    hook = json.loads(text)["hook"]
    return client.post(f"/cds-services/{hook}-crd", data=text, content_type="application/json")


def actions(answer: Any) -> list[Json]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(answer.get_json().get("systemActions", []))


def statements(resource: Json) -> list[Json]:
    """The coverage statements on a resource."""
    return [one for one in resource.get("extension", []) if is_coverage_information(one)]


def all_statements(answer: Any) -> list[Json]:
    """The coverage statements of an answer."""
    return [one for action in actions(answer) for one in statements(action["resource"])]


def stated(action: Json) -> dict[str, Any]:
    """The coverage information of an update, by the names of its parts."""
    (found,) = statements(action["resource"])
    return parts(found)


def parts(statement: Json) -> dict[str, Any]:
    """A statement by the names of its parts; of several the last."""
    values = (
        (part["url"], next((v for k, v in part.items() if k.startswith("value")), None))
        for part in statement["extension"]
    )
    return {url: value for url, value in values if value is not None}


def covered(answer: Any) -> list[str]:
    """What is stated of coverage, statement by statement."""
    return [parts(one)["covered"] for one in all_statements(answer)]
