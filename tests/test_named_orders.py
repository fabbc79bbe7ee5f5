"""order-dispatch and appointment-book: orders that are named, found, and judged like signed ones."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from tests.conformance.ehr import Ehr, found
from tests.conftest import EHR, Json, determinations, order, searchset
from tests.crd.calls import (
    COVERAGE,
    RECORD,
    V2_0,
    V2_2,
    VERSIONS,
    actions,
    appointment,
    booking,
    calling,
    dispatching,
    stated,
)  # fmt: skip

DISPATCH = "/cds-services/order-dispatch-crd"
BOOK = "/cds-services/appointment-book-crd"
HISTOTRIPSY, ABLATION = order("0686T"), order("47382")


@pytest.fixture
def net() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def outcomes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [(one["order"], one["outcome"]) for one in determinations(answer)]


class TestDispatch:
    @pytest.mark.parametrize(
        "context",
        [
            {"dispatchedOrders": ["ServiceRequest/sr-1"], "fulfillmentTasks": [{"resourceType": "Task", "id": "t"}]},
            {"dispatched-orders": ["ServiceRequest/sr-1"]},
            {"order": "ServiceRequest/sr-1", "task": {"resourceType": "Task", "id": "t"}},
        ],
    )
    def test_CK45_each_spelling_of_the_context_gives_the_same_answer(self, client: FlaskClient, context: Json) -> None:
        body = calling("order-dispatch", {"performer": "Organization/o-1", **context}, None)
        body["prefetch"] = {**RECORD, "serviceRequests": searchset(HISTOTRIPSY)}
        answer = client.post(DISPATCH, json=body)
        assert outcomes(answer) == [("ServiceRequest/sr-1", "not-covered")]
        assert stated(actions(answer)[0])["covered"] == "not-covered"

    def test_hook_30_only_the_orders_named_are_judged(self, client: FlaskClient) -> None:
        both = searchset(HISTOTRIPSY, order("0944T", id="sr-2"))
        body = dispatching("ServiceRequest/sr-2", prefetch={**RECORD, "serviceRequests": both})
        answer = client.post(DISPATCH, json=body)
        assert [reference for reference, _ in outcomes(answer)] == ["ServiceRequest/sr-2"]
        assert [action["resource"]["id"] for action in actions(answer)] == ["sr-2"]

    def test_an_order_that_was_not_sent_is_read_by_its_id(
        self, client: FlaskClient, net: responses.RequestsMock
    ) -> None:
        ehr = Ehr(net, {"serviceRequests": searchset(HISTOTRIPSY), "coverage": searchset(COVERAGE)})
        answer = client.post(DISPATCH, json=dispatching("ServiceRequest/sr-1", fhirServer=EHR))
        assert outcomes(answer) == [("ServiceRequest/sr-1", "not-covered")]
        assert f"{EHR}/ServiceRequest?_id=sr-1" in " ".join(ehr.urls())

    @pytest.mark.parametrize("status", [404, 500])
    def test_an_order_that_cannot_be_read_is_not_passed_over(
        self, client: FlaskClient, net: responses.RequestsMock, status: int
    ) -> None:
        ehr = Ehr(net, {"coverage": searchset(COVERAGE)})
        ehr.instead["ServiceRequest"] = lambda: found({}, status)
        answer = client.post(DISPATCH, json=dispatching("ServiceRequest/sr-1", fhirServer=EHR))
        assert outcomes(answer) == [("ServiceRequest/sr-1", "undetermined")]
        assert f"HTTP status {status}" in determinations(answer)[0]["notes"][0]
        assert actions(answer) == [], "nothing is stated on an order nobody has seen"

    def test_one_unread_order_does_not_cost_the_other_its_answer(self, client: FlaskClient) -> None:
        body = dispatching("ServiceRequest/gone", "ServiceRequest/sr-1")
        body["prefetch"] = {**RECORD, "serviceRequests": searchset(HISTOTRIPSY)}
        said = outcomes(client.post(DISPATCH, json=body))
        assert sorted(said) == [("ServiceRequest/gone", "undetermined"), ("ServiceRequest/sr-1", "not-covered")]

    def test_another_patients_order_is_not_judged(self, client: FlaskClient) -> None:
        strange = order("0686T", subject={"reference": "Patient/p2"})
        body = dispatching("ServiceRequest/sr-1", prefetch={**RECORD, "serviceRequests": searchset(strange)})
        assert outcomes(client.post(DISPATCH, json=body)) == [("ServiceRequest/sr-1", "undetermined")]

    @pytest.mark.parametrize("kind", ["NutritionOrder", "VisionPrescription", "CommunicationRequest"])
    def test_an_unread_order_of_a_type_no_policy_addresses_gets_no_card(self, client: FlaskClient, kind: str) -> None:
        body = dispatching(f"{kind}/x", "ServiceRequest/sr-1")
        body["prefetch"] = {**RECORD, "serviceRequests": searchset(HISTOTRIPSY)}
        assert outcomes(client.post(DISPATCH, json=body)) == [("ServiceRequest/sr-1", "not-covered")]

    def test_orders_that_were_not_sent_and_cannot_be_asked_for_are_412(self, client: FlaskClient) -> None:
        answer = client.post(DISPATCH, json=dispatching("ServiceRequest/sr-1"))
        assert (answer.status_code, answer.get_json()["issue"][0]["expression"]) == (412, ["$.prefetch"])

    def test_the_search_for_the_order_is_not_taken_for_all_the_patients_orders(
        self, client: FlaskClient, net: responses.RequestsMock
    ) -> None:
        """CRD's own `serviceRequests` holds what was dispatched; the patient's other orders are still asked for."""
        ehr = Ehr(net, {})
        prefetch = {**RECORD, "serviceRequests": searchset(ABLATION)}
        client.post(DISPATCH, json=dispatching("ServiceRequest/sr-1", prefetch=prefetch, fhirServer=EHR))
        assert f"{EHR}/ServiceRequest?patient=p1" in " ".join(ehr.urls())


class TestBooking:
    def test_the_order_an_appointment_is_based_on_is_judged(self, client: FlaskClient) -> None:
        answer = client.post(BOOK, json=booking(appointment("ServiceRequest/sr-1"), HISTOTRIPSY, prefetch=RECORD))
        assert outcomes(answer) == [("ServiceRequest/sr-1", "not-covered")]

    @pytest.mark.parametrize(("version", "carrier"), [(V2_0, "Appointment"), (V2_2, "ServiceRequest")])
    def test_hook_16_the_statement_stands_where_its_version_wants_it(
        self, client: FlaskClient, version: Json, carrier: str
    ) -> None:
        body = booking(appointment("ServiceRequest/sr-1"), HISTOTRIPSY, prefetch=RECORD, extension=version)
        (action,) = actions(client.post(BOOK, json=body))
        assert (action["resource"]["resourceType"], stated(action)["covered"]) == (carrier, "not-covered")

    @pytest.mark.parametrize("version", VERSIONS)
    def test_an_appointment_for_two_orders_leaves_each_its_own_statement(
        self, client: FlaskClient, version: Json
    ) -> None:
        both = appointment("ServiceRequest/sr-1", "ServiceRequest/sr-2")
        body = booking(both, HISTOTRIPSY, order("99213", id="sr-2"), prefetch=RECORD, extension=version)
        said = {action["resource"]["id"]: stated(action)["covered"] for action in actions(client.post(BOOK, json=body))}
        assert said == {"sr-1": "not-covered", "sr-2": "conditional"}

    @pytest.mark.parametrize("version", VERSIONS)
    @pytest.mark.parametrize(("service", "covered"), [("0686T", "not-covered"), ("99213", "conditional")])
    def test_an_appointment_based_on_no_order_is_itself_the_order(
        self, client: FlaskClient, version: Json, service: str, covered: str
    ) -> None:
        asked = appointment(serviceType=[order(service)["code"]])
        (action,) = actions(client.post(BOOK, json=booking(asked, prefetch=RECORD, extension=version)))
        assert (action["resource"]["resourceType"], stated(action)["covered"]) == ("Appointment", covered)

    def test_an_order_that_cannot_be_read_leaves_its_appointment_with_a_statement_in_the_old_version(
        self, client: FlaskClient
    ) -> None:
        two = (appointment("ServiceRequest/gone"), appointment(identity="a-2"))
        answer = client.post(BOOK, json=booking(*two, prefetch=RECORD, extension=V2_0))
        assert ("ServiceRequest/gone", "undetermined") in outcomes(answer)
        said = {action["resource"]["id"]: stated(action)["covered"] for action in actions(answer)}
        assert said == {"a-1": "conditional", "a-2": "conditional"}

    @pytest.mark.parametrize("status", ["cancelled", "noshow", "entered-in-error"])
    def test_an_appointment_nobody_will_keep_gets_no_statement(self, client: FlaskClient, status: str) -> None:
        asked = appointment(serviceType=[HISTOTRIPSY["code"]], status=status)
        answer = client.post(BOOK, json=booking(asked, prefetch=RECORD))
        assert (outcomes(answer), actions(answer)) == ([], [])

    def test_a_booking_without_appointments_is_answered_with_nothing(self, client: FlaskClient) -> None:
        assert client.post(BOOK, json=booking(prefetch=RECORD)).get_json() == {"cards": []}
