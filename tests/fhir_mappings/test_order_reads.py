"""Orders named by reference: found in prefetch, else read by id, and each one not found says why."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import responses

from fhir_mappings.client import FhirClient
from fhir_mappings.gathering import NOT_SENT, Source, deadline_in
from fhir_mappings.order_reads import (
    ELSEWHERE,
    NO_ORDER,
    NOT_FOUND,
    PREFETCH_KEYS,
    STRANGER,
    FoundOrders,
    find_orders,
    read_draft,
)
from fhir_mappings.reads import Access
from fhir_mappings.record import RawResource, ServerRead

BASE = "https://ehr.example/fhir"
PATIENT = "p1"

Json = dict[str, Any]


@pytest.fixture
def ehr() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture(scope="module")
def client() -> FhirClient:
    return FhirClient(threads=4)


def order(identity: str = "1", kind: str = "ServiceRequest", patient: str = PATIENT) -> Json:
    return {"resourceType": kind, "id": identity, "subject": {"reference": f"Patient/{patient}"}}


def searchset(*resources: Json) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in resources]}


def find(client: FhirClient, *references: str, may_ask: bool = True, **prefetch: Any) -> FoundOrders:
    """`prefetch` values are JSON, bytes as they are."""
    sent = {
        key: msgspec.Raw(value if isinstance(value, bytes) else json.dumps(value).encode())
        for key, value in prefetch.items()
    }
    access = Access(BASE, "token") if may_ask else None
    return find_orders(references, Source(PATIENT, sent, access, deadline_in(30)), client)


def names(found: FoundOrders) -> list[str]:
    return [order.reference for order in found.orders]


def asked(ehr: responses.RequestsMock) -> list[str]:
    return sorted(str(call.request.url).removeprefix(f"{BASE}/").replace("%2C", ",") for call in ehr.calls)


def test_an_order_in_prefetch_is_taken_as_it_was_written_and_not_asked_for(
    client: FhirClient, ehr: responses.RequestsMock
) -> None:
    text = b'{"resourceType": "ServiceRequest","id":"1",  "quantityQuantity":{"value":1.50}}'
    found = find(
        client, "ServiceRequest/1", serviceRequests=b'{"resourceType":"Bundle","entry":[{"resource":%s}]}' % text
    )
    assert found.orders[0].text == text
    assert (found.orders[0].body["id"], found.unread, asked(ehr)) == ("1", {}, [])


@pytest.mark.parametrize(("kind", "key"), PREFETCH_KEYS.items())
def test_every_order_type_of_crd_is_looked_for_under_its_key(client: FhirClient, kind: str, key: str) -> None:
    found = find(client, f"{kind}/1", may_ask=False, **{key: searchset(order("2", kind), order("1", kind))})
    assert (names(found), found.unread) == ([f"{kind}/1"], {})


@pytest.mark.parametrize(
    "reference",
    ["ServiceRequest/1", "1", "ServiceRequest/1/_history/2", "https://elsewhere.example/r4/ServiceRequest/1"],
)
def test_a_reference_may_be_written_in_any_form(client: FhirClient, reference: str) -> None:
    assert names(find(client, reference, may_ask=False, serviceRequests=searchset(order()))) == ["ServiceRequest/1"]


def test_an_order_without_an_id_is_found_by_its_full_url(client: FhirClient) -> None:
    nameless = {"resourceType": "ServiceRequest"}
    sent = {"resourceType": "Bundle", "entry": [{"resource": nameless, "fullUrl": "urn:uuid:1"}]}
    assert names(find(client, "urn:uuid:1", may_ask=False, serviceRequests=sent)) == ["urn:uuid:1"]


def test_a_single_order_is_taken_for_the_search_it_answers(client: FhirClient) -> None:
    assert names(find(client, "ServiceRequest/1", may_ask=False, serviceRequests=order())) == ["ServiceRequest/1"]


def test_a_bare_id_means_an_order_and_nothing_that_came_along(client: FhirClient) -> None:
    sent = searchset(order("1", "Practitioner"), order())
    assert names(find(client, "1", may_ask=False, serviceRequests=sent)) == ["ServiceRequest/1"]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        searchset(),
        searchset(order("11")),
        {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]},
        "ServiceRequest/1",
        7,
        b'{"resourceType":"Bundle","entry":[{"resource":{"id":"1",}}]}',
    ],
    ids=["null", "empty", "others", "a failure", "a string", "a number", "no JSON"],
)
def test_S21_whatever_prefetch_says_a_missing_order_is_asked_for(
    client: FhirClient, ehr: responses.RequestsMock, sent: Any
) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset(order()))
    found = find(client, "ServiceRequest/1", serviceRequests=sent)
    assert (names(found), found.unread) == (["ServiceRequest/1"], {})


def test_orders_are_asked_for_by_id_once_for_each_type_with_the_token(
    client: FhirClient, ehr: responses.RequestsMock
) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset(order("1"), order("2")))
    ehr.get(f"{BASE}/DeviceRequest", json=searchset(order("3", "DeviceRequest")))
    found = find(client, "ServiceRequest/2", "DeviceRequest/3", f"{BASE}/ServiceRequest/1", "ServiceRequest/2")
    assert names(found) == ["ServiceRequest/2", "DeviceRequest/3", "ServiceRequest/1"]
    assert asked(ehr) == ["DeviceRequest?_id=3", "ServiceRequest?_id=2,1"]
    assert {call.request.headers["Authorization"] for call in ehr.calls} == {"Bearer token"}


def test_only_what_prefetch_lacks_is_asked_for(client: FhirClient, ehr: responses.RequestsMock) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset(order("2")))
    found = find(client, "ServiceRequest/1", "ServiceRequest/2", serviceRequests=searchset(order("1")))
    assert (names(found), asked(ehr)) == (["ServiceRequest/1", "ServiceRequest/2"], ["ServiceRequest?_id=2"])


def test_an_order_read_keeps_its_text(client: FhirClient, ehr: responses.RequestsMock) -> None:
    text = b'{"resourceType":"ServiceRequest", "id":"1", "quantityQuantity":{"value":1.50}}'
    ehr.get(f"{BASE}/ServiceRequest", body=b'{"resourceType":"Bundle","entry":[{"resource":%s}]}' % text)
    assert find(client, "ServiceRequest/1").orders[0].text == text


def test_a_server_that_ignores_the_ids_brings_no_other_orders(client: FhirClient, ehr: responses.RequestsMock) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset(order("7"), order("1"), order("8")))
    assert names(find(client, "ServiceRequest/1")) == ["ServiceRequest/1"]


def test_an_order_named_twice_is_found_once(client: FhirClient) -> None:
    found = find(client, "ServiceRequest/1", "1", may_ask=False, serviceRequests=searchset(order()))
    assert names(found) == ["ServiceRequest/1"]


@pytest.mark.parametrize("odd", ["1&patient=p2", "1,2", "a b", "../Patient"])
def test_an_odd_id_stays_an_id(client: FhirClient, ehr: responses.RequestsMock, odd: str) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset())
    find(client, f"ServiceRequest/{odd}")
    assert all("&" not in str(c.request.url) and "/Patient" not in str(c.request.url) for c in ehr.calls)


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("1", NO_ORDER),
        ("", NO_ORDER),
        ("#1", NO_ORDER),
        ("urn:uuid:1", NO_ORDER),
        ("Patient/1", NO_ORDER),
        ("ServiceRequest/", NO_ORDER),
        ("https://elsewhere.example/fhir/ServiceRequest/1", ELSEWHERE),
        ("https://ehr.example/fhir2/ServiceRequest/1", ELSEWHERE),
    ],
)
def test_what_is_no_order_of_this_server_is_not_asked_for(
    client: FhirClient, ehr: responses.RequestsMock, reference: str, why: str
) -> None:
    found = find(client, reference)
    assert (found.orders, found.unread, asked(ehr)) == ((), {reference: why}, [])


def test_without_a_server_an_order_not_sent_is_unread(client: FhirClient) -> None:
    found = find(client, "ServiceRequest/1", may_ask=False)
    assert (found.orders, found.unread) == ((), {"ServiceRequest/1": NOT_SENT})


def test_each_reference_fails_by_itself(client: FhirClient, ehr: responses.RequestsMock) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset(order("1")))
    ehr.get(f"{BASE}/DeviceRequest", status=500)
    ehr.get(f"{BASE}/NutritionOrder", status=404)
    found = find(client, "ServiceRequest/1", "ServiceRequest/2", "DeviceRequest/3", "NutritionOrder/4")
    assert names(found) == ["ServiceRequest/1"]
    assert found.unread == {
        "ServiceRequest/2": NOT_FOUND,
        "DeviceRequest/3": "HTTP status 500",
        "NutritionOrder/4": "HTTP status 404",
    }


def test_an_order_of_another_patient_is_refused_however_it_came(
    client: FhirClient, ehr: responses.RequestsMock
) -> None:
    ehr.get(f"{BASE}/DeviceRequest", json=searchset(order("2", "DeviceRequest", patient="p2")))
    sent = searchset(order("1", patient="p2"))
    found = find(client, "ServiceRequest/1", "DeviceRequest/2", serviceRequests=sent)
    assert (found.orders, found.unread) == ((), {"ServiceRequest/1": STRANGER, "DeviceRequest/2": STRANGER})


def test_nothing_named_is_nothing_found(client: FhirClient, ehr: responses.RequestsMock) -> None:
    assert find(client, serviceRequests=searchset(order())) == FoundOrders()
    assert asked(ehr) == []


@pytest.mark.parametrize("text", [b"{", b"5", b"null", b"[]"])
def test_what_is_no_resource_is_no_order(text: bytes) -> None:
    assert read_draft(RawResource(msgspec.Raw(text), "", "")) is None


@pytest.mark.parametrize(("status", "result"), [(200, "ok"), (404, "not-offered"), (500, "failed")])
def test_reads_of_orders_tell_what_became_of_them(
    client: FhirClient, ehr: responses.RequestsMock, status: int, result: str
) -> None:
    ehr.get(f"{BASE}/ServiceRequest", json=searchset(order()), status=status)
    assert find(client, "ServiceRequest/1").reads == (ServerRead("ServiceRequest", result),)
    assert find(client, "ServiceRequest/1", serviceRequests=searchset(order())).reads == ()
