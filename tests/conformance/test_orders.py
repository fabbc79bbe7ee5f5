"""CK41 to CK44: orders as EHRs send them, revised, incomplete, odd, and as the public sandbox sends them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conformance.wire import NEEDS_NO_RECORD, SIGN, assert_explained, outcomes
from tests.conftest import EMPTY_RECORD, Json, hook_call, order

STATUSES = ["draft", "active", "on-hold", "completed", "unknown", "no-such-status"]
SANDBOX_ORDER: Json = {
    "resourceType": "MedicationRequest", "id": "request-123", "status": "draft",
    "subject": {"reference": "Patient/pat1"}, "authoredOn": "2026-11-22",
    "dosageInstruction": [{
        "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": "{pill}"}}]}],
    "dispenseRequest": {"expectedSupplyDuration": {"value": 30, "unit": "days"}}, "intent": "order",
    "category": {"coding": [{"code": "community"}]},
    "medicationCodeableConcept": {"text": "RNA 180 MG Oral Tablet", "coding": [
        {"display": "RNA", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "199901"}]},
}  # fmt: skip
SANDBOX_ORDERS: dict[str, Json] = {
    "rx-sign": SANDBOX_ORDER,
    "rx-sign, no drug chosen": {
        name: SANDBOX_ORDER[name] for name in ("resourceType", "id", "status", "subject", "authoredOn")
    },
    "rx-view, reasonCode as an object": {**SANDBOX_ORDER, "reasonCode": {"coding": [{"code": "I10"}], "text": "x"}},
    "DSTU2": {"resourceType": "MedicationOrder", "id": "order-123", "patient": {"reference": "Patient/pat1"}},
    "STU3": {**SANDBOX_ORDER, "dosageInstruction": [{"doseQuantity": {"value": 1, "unit": "{pill}"}}]},
    "PAMA, nothing chosen": {
        "resourceType": "ServiceRequest", "id": "example-request-id", "status": "draft", "intent": "plan",
        "code": {"coding": [{}]}, "reasonCode": [], "subject": {"reference": "Patient/pat1"}},
}  # fmt: skip
ODD_ENTRIES: list[Any] = [
    {}, {"resource": {}}, {"resource": None}, {"resource": 7}, {"resource": [order()]}, {"fullUrl": "urn:uuid:x"},
    {"resource": {"resourceType": "NoSuchType", "id": "x"}}, {"resource": {"id": "x"}}, None, 7, "entry", [],
    {"resource": {"resourceType": "Task", "id": "t", "code": {"text": "x"}}},
    {"resource": {"resourceType": "ServiceRequest", "code": {"coding": "47382"}}},
    {"resource": {"resourceType": "ServiceRequest", "code": ["47382"], "subject": []}},
    {"resource": {"resourceType": 7, "id": ["x"], "code": {"coding": [None, 7]}}},
    {"resource": {"resourceType": "ServiceRequest", "contained": [{"resourceType": "Device"}, None, 7]}},
]  # fmt: skip


def with_entries(entries: Any) -> Json:
    body = hook_call(prefetch=EMPTY_RECORD)
    body["context"]["draftOrders"] = {"resourceType": "Bundle", "entry": entries}
    return body


@pytest.mark.parametrize("status", STATUSES)
def test_CK41_an_order_of_any_status_is_judged(client: FlaskClient, status: str) -> None:
    body = hook_call(order(NEEDS_NO_RECORD, status=status))
    assert outcomes(client.post(SIGN, json=body)) == ["not-covered"]


def test_CK41_orders_of_several_statuses_are_judged_side_by_side(client: FlaskClient) -> None:
    orders = [order(NEEDS_NO_RECORD, id=f"sr-{status}", status=status) for status in STATUSES]
    assert len(outcomes(client.post(SIGN, json=hook_call(*orders)))) == len(STATUSES)


@pytest.mark.parametrize("name", ["status", "intent", "subject", "id"])
def test_CK42_an_order_that_lacks_an_element_is_judged_by_the_rest(client: FlaskClient, name: str) -> None:
    incomplete = {key: value for key, value in order(NEEDS_NO_RECORD).items() if key != name}
    assert outcomes(client.post(SIGN, json=hook_call(incomplete))) == ["not-covered"]


@pytest.mark.parametrize("code", [None, {}, {"text": "ablation"}, {"coding": []}, {"coding": [{"code": "47382"}]}])
def test_CK42_an_order_that_does_not_say_of_what_breaks_nothing(client: FlaskClient, code: Any) -> None:
    body = hook_call(order(code=code), order(NEEDS_NO_RECORD, id="sr-2"), prefetch=EMPTY_RECORD)
    assert "not-covered" in outcomes(client.post(SIGN, json=body))


@pytest.mark.parametrize("name", SANDBOX_ORDERS)
def test_CK43_what_the_sandbox_sends_is_answered_without_a_card(client: FlaskClient, name: str) -> None:
    body: Json = {
        "hookInstance": "44b17525-fa4d-4f30-9a66-040a39cd552f", "hook": "order-sign",
        "fhirServer": "http://127.0.0.1:9001/fhir",
        "context": {"patientId": "pat1", "userId": "Practitioner/COREPRACTITIONER1", "draftOrders": {
            "resourceType": "Bundle", "entry": [{"resource": SANDBOX_ORDERS[name]}]}},
        "prefetch": {"patient": {"resourceType": "Patient", "id": "pat1"}},
    }  # fmt: skip
    answer = client.post(SIGN, json=body)
    assert answer.status_code == 200
    assert answer.get_json() == {"cards": []}


def test_CK43_the_sandbox_call_without_draft_orders_is_400(client: FlaskClient) -> None:
    context = {"patientId": "pat1", "userId": "Practitioner/COREPRACTITIONER1"}
    body = {"hookInstance": "x", "hook": "order-sign", "context": context}
    assert_explained(client.post(SIGN, json=body), 400, "$.context.draftOrders")


@pytest.mark.parametrize("entry", ODD_ENTRIES, ids=repr)
def test_CK44_an_odd_entry_does_not_cost_the_other_orders_their_answer(client: FlaskClient, entry: Any) -> None:
    body = with_entries([entry, {"resource": order(NEEDS_NO_RECORD)}])
    assert outcomes(client.post(SIGN, json=body)) == ["not-covered"]


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "no-such-type", None])
def test_CK44_draft_orders_are_read_whatever_the_type_of_the_bundle(client: FlaskClient, kind: str | None) -> None:
    body = with_entries([{"resource": order(NEEDS_NO_RECORD)}])
    body["context"]["draftOrders"] |= {"type": kind} if kind else {}
    assert outcomes(client.post(SIGN, json=body)) == ["not-covered"]


def test_CK44_an_order_without_an_id_is_named_by_its_full_url(client: FlaskClient) -> None:
    nameless = {key: value for key, value in order(NEEDS_NO_RECORD).items() if key != "id"}
    (card,) = client.post(SIGN, json=with_entries([{"fullUrl": "urn:uuid:1f", "resource": nameless}])).json["cards"]
    assert card["extension"]["coverage-hooks.determination"]["order"] == "urn:uuid:1f"


@pytest.mark.parametrize("orders", [None, [], "x", 7, {}, {"resourceType": "ServiceRequest"}, {"entry": []}])
def test_CK44_draft_orders_that_are_no_bundle_are_400(client: FlaskClient, orders: Any) -> None:
    body = with_entries([])
    body["context"]["draftOrders"] = orders
    assert_explained(client.post(SIGN, json=body), 400, "$.context.draftOrders")
