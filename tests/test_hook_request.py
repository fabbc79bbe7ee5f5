"""A valid hook call, broken one way at a time; and the odd bodies real clients send."""

import json
from typing import Any

import pytest

from cds_service.errors import UnreadableRequest
from cds_service.hook_request import HookRequest, parse_request
from tests.conftest import Json, hook_call, order

VALID = hook_call(order())
CONTEXT = VALID["context"]


def parse(body: Any) -> HookRequest:
    return parse_request(json.dumps(body).encode(), "order-sign")


def without(name: str) -> Json:
    return {key: value for key, value in VALID.items() if key != name}


def context(**changes: Any) -> Json:
    changed = {**CONTEXT, **changes}
    return {**VALID, "context": {key: value for key, value in changed.items() if value is not ...}}


def test_a_valid_call_is_read() -> None:
    read = parse(VALID)
    assert (read.patient_id, read.user_id) == ("p1", "Practitioner/dr-1")
    assert [o.reference for o in read.orders] == ["ServiceRequest/sr-1"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "$"),
        ("order-sign", "$"),
        (without("hook"), "$.hook"),
        ({**VALID, "hook": "order-select"}, "$.hook"),
        (without("hookInstance"), "$.hookInstance"),
        ({**VALID, "hookInstance": ""}, "$.hookInstance"),
        ({**VALID, "hookInstance": 7}, "$.hookInstance"),
        (without("context"), "$.context"),
        ({**VALID, "context": None}, "$.context"),
        ({**VALID, "context": []}, "$.context"),
        (context(patientId=...), "$.context.patientId"),
        (context(patientId=17), "$.context.patientId"),
        (context(userId=...), "$.context.userId"),
        (context(draftOrders=...), "$.context.draftOrders"),
        (context(draftOrders=None), "$.context.draftOrders"),
        (context(draftOrders="all"), "$.context.draftOrders"),
        (context(draftOrders={"resourceType": "Patient"}), "$.context.draftOrders"),
        ({**VALID, "prefetch": []}, "$.prefetch"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(body: Any, place: str) -> None:
    with pytest.raises(UnreadableRequest) as refused:
        parse(body)
    assert refused.value.place == place


@pytest.mark.parametrize(
    "draft_orders",
    [
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "entry": []},
        {"resourceType": "Bundle", "type": "collection", "entry": [{}, {"resource": None}, {"resource": 5}, 9]},
    ],
    ids=["no entries", "empty entries", "entries without a resource"],
)
def test_a_bundle_without_readable_orders_orders_nothing(draft_orders: Json) -> None:
    assert parse(context(draftOrders=draft_orders)).orders == ()


def test_one_unreadable_entry_does_not_hide_the_others() -> None:
    bundle = {"resourceType": "Bundle", "entry": [7, {"resource": order()}]}
    assert [o.reference for o in parse(context(draftOrders=bundle)).orders] == ["ServiceRequest/sr-1"]


def test_an_order_without_an_id_is_referred_to_by_its_full_url_or_its_place() -> None:
    nameless = {key: value for key, value in order().items() if key != "id"}
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": nameless, "fullUrl": "urn:uuid:1"}, {"resource": nameless}],
    }
    references = [o.reference for o in parse(context(draftOrders=bundle)).orders]
    assert references == ["urn:uuid:1", "draftOrders.entry[1].resource"]


def test_a_patient_id_written_as_a_reference_is_understood() -> None:
    assert parse(context(patientId="Patient/p1")).patient_id == "p1"


@pytest.mark.parametrize("prefetch", [None, {}], ids=["null", "empty"])
def test_no_prefetch_is_no_error(prefetch: Any) -> None:
    assert parse({**VALID, "prefetch": prefetch}).prefetch == {}


def test_S14_the_sandbox_signing_a_drug_is_read() -> None:
    drug = {
        "resourceType": "MedicationRequest", "id": "request-123", "status": "draft",
        "category": {"coding": [{"code": "community"}]},
        "medicationCodeableConcept": {"text": "x", "coding": [{"code": "199901"}]},
    }  # fmt: skip
    assert len(parse(context(draftOrders={"resourceType": "Bundle", "entry": [{"resource": drug}]})).orders) == 1


def test_S16_the_sandbox_without_draft_orders_is_a_clear_400() -> None:
    with pytest.raises(UnreadableRequest, match="draftOrders is required"):
        parse(context(draftOrders=...))


def test_bad_utf8_is_refused() -> None:
    with pytest.raises(UnreadableRequest):
        parse_request(b'{"hook": "\xff"}', "order-sign")


def test_nan_is_no_json() -> None:
    with pytest.raises(UnreadableRequest):
        parse_request(b'{"hook": "order-sign", "context": {"patientId": NaN}}', "order-sign")
