"""appointment-book: the statement stands where each version wants it, on every appointment that needs one."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import Json, order
from tests.crd.calls import (
    ASKED_BY,
    ORDERS,
    RECORD,
    V2_0,
    V2_2,
    VERSIONS,
    actions,
    appointment,
    booking,
    covered,
    post,
)  # fmt: skip
from tests.crd.suites import without_statements


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("service", "says"), [("0686T", "not-covered"), ("99213", "conditional")])
def test_hook_16_an_appointment_without_an_order_carries_the_statement_itself(
    client: FlaskClient, version: Json, service: str, says: str
) -> None:
    asked = appointment(serviceType=[order(service)["code"]], start="2026-12-01T09:00:00Z", minutesDuration=45)
    answer = post(client, booking(asked, prefetch=RECORD, extension=version))
    assert covered(answer) == [says]
    assert without_statements(actions(answer)[0]["resource"]) == asked


def test_hook_16_two_appointments_for_one_order_each_carry_the_statement_in_2_0(client: FlaskClient) -> None:
    """The 2.0 dialect annotates the Appointment: none of a series goes without."""
    series = (appointment("ServiceRequest/sr-1"), appointment("ServiceRequest/sr-1", identity="a-2"))
    answer = post(client, booking(*series, order("0686T"), prefetch=RECORD, extension=V2_0))
    assert [action["resource"]["id"] for action in actions(answer)] == ["a-1", "a-2"]
    assert covered(answer) == ["not-covered"] * 2


def test_hook_16_two_appointments_for_one_order_make_one_statement_on_it_in_2_2(client: FlaskClient) -> None:
    series = (appointment("ServiceRequest/sr-1"), appointment("ServiceRequest/sr-1", identity="a-2"))
    answer = post(client, booking(*series, order("0686T"), prefetch=RECORD, extension=V2_2))
    assert [action["resource"]["id"] for action in actions(answer)] == ["sr-1"]


@pytest.mark.parametrize("version", VERSIONS)
def test_CRDF4_appointments_are_answered_with_and_without_an_order(client: FlaskClient, version: Json) -> None:
    for entries in ((appointment(),), (ORDERS["ServiceRequest"],), (appointment(), ORDERS["DeviceRequest"])):
        answer = post(client, ASKED_BY["appointment-book"](*entries, extension=version))
        assert len(actions(answer)) == len(entries)
