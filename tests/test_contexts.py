"""The context of each hook: valid once, broken one way at a time, and the names clients give its members."""

import json
from typing import Any

import pytest

from cds_service.errors import UnreadableRequest
from cds_service.hook_request import HookRequest, parse_request
from tests.conftest import Json, order

WHO = {"userId": "Practitioner/dr-1", "patientId": "p1"}
ALTERNATE = "http://hl7.org/fhir/StructureDefinition/alternate-reference"


def bundle(*resources: Json) -> Json:
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]}


def appointment(identity: str = "a-1", based_on: Any = ..., **more: Any) -> Json:
    named = [{"reference": "ServiceRequest/sr-1"}] if based_on is ... else based_on
    return {"resourceType": "Appointment", "id": identity, "status": "proposed", "basedOn": named, **more}


VALID: dict[str, Json] = {
    "order-sign": {**WHO, "draftOrders": bundle(order())},
    "order-select": {**WHO, "draftOrders": bundle(order(), order(id="sr-2")), "selections": ["ServiceRequest/sr-2"]},
    "order-dispatch": {
        "patientId": "p1",
        "dispatchedOrders": ["ServiceRequest/sr-1", "DeviceRequest/dr-2"],
        "performer": "Organization/o-1",
        "fulfillmentTasks": [{"resourceType": "Task", "id": "t-1"}],
    },
    "appointment-book": {**WHO, "appointments": bundle(appointment())},
    "encounter-start": {**WHO, "encounterId": "e-1"},
    "encounter-discharge": {**WHO, "encounterId": "e-1"},
}


def parse(hook: str, context: Json, **more: Any) -> HookRequest:
    body = {"hook": hook, "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": context, **more}
    return parse_request(json.dumps(body).encode(), hook)


def changed(hook: str, **changes: Any) -> HookRequest:
    context = {**VALID[hook], **changes}
    return parse(hook, {name: value for name, value in context.items() if value is not ...})


def names(orders: Any) -> list[str]:
    return [one.reference for one in orders]


def test_order_sign_is_about_every_draft() -> None:
    read = parse("order-sign", VALID["order-sign"])
    assert (names(read.orders), read.background, read.to_fetch) == (["ServiceRequest/sr-1"], (), ())


def test_order_select_is_about_the_selected_drafts() -> None:
    read = parse("order-select", VALID["order-select"])
    assert (names(read.orders), names(read.background)) == (["ServiceRequest/sr-2"], ["ServiceRequest/sr-1"])


def test_order_dispatch_names_its_orders() -> None:
    read = parse("order-dispatch", VALID["order-dispatch"])
    assert (read.patient_id, read.user_id, read.orders) == ("p1", "", ())
    assert read.to_fetch == ("ServiceRequest/sr-1", "DeviceRequest/dr-2")
    assert (read.performer, [task["id"] for task in read.tasks]) == ("Organization/o-1", ["t-1"])


def test_appointment_book_names_the_orders_its_appointments_are_based_on() -> None:
    read = parse("appointment-book", VALID["appointment-book"])
    assert (names(read.appointments), read.orders) == (["Appointment/a-1"], ())
    assert read.to_fetch == ("ServiceRequest/sr-1",)


@pytest.mark.parametrize("hook", ["encounter-start", "encounter-discharge"])
def test_an_encounter_hook_is_about_its_encounter_and_no_order(hook: str) -> None:
    read = parse(hook, VALID[hook])
    assert (read.encounter_id, read.orders, read.to_fetch) == ("e-1", (), ())


@pytest.mark.parametrize(
    ("hook", "member"),
    [(hook, member) for hook, context in VALID.items() for member in context if member != "fulfillmentTasks"],
)
@pytest.mark.parametrize("broken", [..., None, 7], ids=["missing", "null", "a number"])
def test_a_member_that_is_missing_or_no_member_is_named_by_its_path(hook: str, member: str, broken: Any) -> None:
    with pytest.raises(UnreadableRequest) as refused:
        changed(hook, **{member: broken})
    assert refused.value.place == f"$.context.{member}"


@pytest.mark.parametrize(
    ("hook", "member", "broken"),
    [
        ("order-select", "draftOrders", {"resourceType": "OperationOutcome"}),
        ("order-dispatch", "dispatchedOrders", []),
        ("order-dispatch", "dispatchedOrders", ["ServiceRequest/sr-1", 7]),
        ("order-dispatch", "dispatchedOrders", [{"display": "an order"}]),
        ("order-dispatch", "dispatchedOrders", " "),
        ("order-dispatch", "performer", {}),
        ("order-dispatch", "performer", []),
        ("appointment-book", "appointments", "all"),
        ("appointment-book", "appointments", appointment()),
        ("encounter-start", "encounterId", " "),
    ],
)
def test_a_member_of_another_shape_is_named_by_its_path(hook: str, member: str, broken: Any) -> None:
    with pytest.raises(UnreadableRequest) as refused:
        changed(hook, **{member: broken})
    assert refused.value.place == f"$.context.{member}"


def test_the_encounter_is_kept_wherever_it_is_told_and_missed_nowhere_else() -> None:
    assert changed("order-sign", encounterId="e-1").encounter_id == "e-1"
    assert changed("order-dispatch", encounterId="Encounter/e-1").encounter_id == "e-1"
    assert changed("order-sign", encounterId=7).encounter_id == ""


def test_a_user_sent_with_order_dispatch_all_the_same_is_kept() -> None:
    assert changed("order-dispatch", userId="Practitioner/dr-1").user_id == "Practitioner/dr-1"


@pytest.mark.parametrize("extension", [None, [], "x", 7, {}])
def test_an_extension_of_any_shape_is_no_error(extension: Any) -> None:
    assert parse("order-sign", VALID["order-sign"], extension=extension).extension == {}


def test_the_extension_of_a_request_is_read() -> None:
    said = {"davinci-crd.requestedVersion": "2.2"}
    assert parse("order-sign", VALID["order-sign"], extension=said).extension == said
    assert parse("order-sign", VALID["order-sign"]).extension == {}


ONE, TWO = order(), order(id="sr-2")
NAMELESS = {name: value for name, value in order().items() if name != "id"}
DRUG = {"resourceType": "MedicationRequest", "id": "sr-1"}


@pytest.mark.parametrize(
    ("selections", "selected"),
    [
        (["ServiceRequest/sr-2"], ["ServiceRequest/sr-2"]),
        (["ServiceRequest/sr-2", "ServiceRequest/sr-1"], ["ServiceRequest/sr-1", "ServiceRequest/sr-2"]),
        ("ServiceRequest/sr-2", ["ServiceRequest/sr-2"]),
        ([{"reference": "ServiceRequest/sr-2"}], ["ServiceRequest/sr-2"]),
        (["sr-2"], ["ServiceRequest/sr-2"]),
        (["sr-1"], ["ServiceRequest/sr-1", "MedicationRequest/sr-1"]),
        (["MedicationRequest/sr-1"], ["MedicationRequest/sr-1"]),
        (["https://ehr.example/fhir/ServiceRequest/sr-2"], ["ServiceRequest/sr-2"]),
        (["ServiceRequest/sr-2/_history/3"], ["ServiceRequest/sr-2"]),
        (["urn:uuid:2"], ["ServiceRequest/sr-2"]),
        (["urn:uuid:4"], ["urn:uuid:4"]),
        (["ServiceRequest/sr-2", "ServiceRequest/none"], ["ServiceRequest/sr-2"]),
        (["ServiceRequest/sr-2", 7, None, ""], ["ServiceRequest/sr-2"]),
    ],
)
def test_selections_name_the_focus_and_the_rest_is_background(selections: Any, selected: list[str]) -> None:
    drafts = bundle(ONE, TWO, DRUG, NAMELESS)
    for number, entry in enumerate(drafts["entry"], 1):
        entry["fullUrl"] = f"urn:uuid:{number}"
    read = changed("order-select", draftOrders=drafts, selections=selections)
    assert names(read.orders) == selected
    everything = ["ServiceRequest/sr-1", "ServiceRequest/sr-2", "MedicationRequest/sr-1", "urn:uuid:4"]
    assert names(read.background) == [name for name in everything if name not in selected]


@pytest.mark.parametrize("selections", [[], ["103"], ["ServiceRequest/none"], [""], [7], [None], [{}], "#", ["a/b/c"]])
def test_M28_selections_that_name_no_draft_select_them_all(selections: Any) -> None:
    read = changed("order-select", selections=selections)
    assert (names(read.orders), read.background) == (["ServiceRequest/sr-1", "ServiceRequest/sr-2"], ())


def test_S15_the_sandbox_choosing_a_drug_is_read() -> None:
    drug = {"resourceType": "MedicationRequest", "id": "request-123", "status": "draft", "reasonCode": {"coding": []}}
    read = changed("order-select", draftOrders=bundle(drug), selections=["MedicationRequest/request-123"])
    assert names(read.orders) == ["MedicationRequest/request-123"]


def test_S17_the_sandbox_before_a_study_is_chosen_is_read() -> None:
    empty = order(id="example-request-id", intent="plan", code={"coding": [{}]}, reasonCode=[])
    read = changed("order-select", draftOrders=bundle(empty), selections=["ServiceRequest/example-request-id"])
    assert names(read.orders) == ["ServiceRequest/example-request-id"]


def test_S16_the_sandbox_with_patient_and_user_alone_is_a_clear_400() -> None:
    with pytest.raises(UnreadableRequest, match="draftOrders is required"):
        parse("order-select", WHO)


DISPATCHED = {"patientId": "p1", "performer": "Organization/o-1"}
TASK = {"resourceType": "Task", "id": "t-1"}


@pytest.mark.parametrize(
    "written",
    [
        {"dispatchedOrders": ["ServiceRequest/sr-1"], "fulfillmentTasks": [TASK]},
        {"dispatched-orders": ["ServiceRequest/sr-1"], "fulfillment-tasks": [TASK]},
        {"order": "ServiceRequest/sr-1", "task": TASK},
        {"dispatchedOrders": "ServiceRequest/sr-1", "fulfillmentTask": TASK},
        {"dispatchedOrders": [{"reference": "ServiceRequest/sr-1"}], "fulfillmentTask": [TASK]},
        {"dispatchedOrders": ["ServiceRequest/sr-1", "ServiceRequest/sr-1"], "fulfillmentTasks": [TASK]},
        {"dispatchedOrders": None, "order": "ServiceRequest/sr-1", "fulfillmentTasks": None, "task": TASK},
    ],
)
def test_the_names_clients_give_a_dispatch_read_the_same(written: Json) -> None:
    read = parse("order-dispatch", DISPATCHED | written)
    assert (read.to_fetch, read.tasks) == (("ServiceRequest/sr-1",), (TASK,))


@pytest.mark.parametrize("tasks", [..., None, [], "t", [7]])
def test_a_dispatch_without_readable_tasks_is_a_dispatch(tasks: Any) -> None:
    assert changed("order-dispatch", fulfillmentTasks=tasks).tasks == ()


def test_an_order_name_of_another_version_is_named_in_the_error() -> None:
    with pytest.raises(UnreadableRequest) as refused:
        parse("order-dispatch", DISPATCHED | {"order": 7})
    assert refused.value.place == "$.context.order"


@pytest.mark.parametrize(
    ("based_on", "named"),
    [
        (None, ()),
        ([], ()),
        ([{"display": "an order"}, 7], ()),
        ({"reference": "ServiceRequest/sr-1"}, ("ServiceRequest/sr-1",)),
        ([{"reference": "ServiceRequest/sr-1"}, {"reference": "ServiceRequest/sr-1"}], ("ServiceRequest/sr-1",)),
        (
            [{"extension": [{"url": ALTERNATE, "valueReference": {"reference": "DeviceRequest/d"}}]}],
            ("DeviceRequest/d",),
        ),
        ([{"extension": [{"url": "other", "valueReference": {"reference": "DeviceRequest/d"}}]}], ()),
    ],
)
def test_what_an_appointment_is_based_on(based_on: Any, named: tuple[str, ...]) -> None:
    read = changed("appointment-book", appointments=bundle(appointment(based_on=based_on)))
    assert (read.to_fetch, names(read.appointments)) == (named, ["Appointment/a-1"])


def test_an_order_of_two_appointments_is_named_once() -> None:
    read = changed("appointment-book", appointments=bundle(appointment(), appointment("a-2")))
    assert (read.to_fetch, len(read.appointments)) == (("ServiceRequest/sr-1",), 2)


def test_an_order_sent_beside_its_appointment_need_not_be_fetched_and_others_there_are_not_judged() -> None:
    read = changed("appointment-book", appointments=bundle(appointment(), ONE, TWO))
    assert (names(read.orders), read.to_fetch) == (["ServiceRequest/sr-1"], ())


@pytest.mark.parametrize("empty", [{"resourceType": "Bundle"}, bundle(), bundle(ONE)])
def test_a_bundle_without_appointments_books_nothing(empty: Json) -> None:
    read = changed("appointment-book", appointments=empty)
    assert (read.appointments, read.orders, read.to_fetch) == ((), (), ())


def test_a_member_that_is_not_utf8_is_named_by_its_path() -> None:
    body = (
        b'{"hook":"encounter-start","hookInstance":"1","context":{"patientId":"p1","userId":"u","encounterId":"\xff"}}'
    )
    with pytest.raises(UnreadableRequest) as refused:
        parse_request(body, "encounter-start")
    assert refused.value.place == "$.context.encounterId"
