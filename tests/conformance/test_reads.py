"""CK36, CK37 and CK39: pages of the EHR's server, addresses it gives, and what happens when it fails."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conformance.conftest import Holds
from tests.conformance.ehr import Answer, found, page
from tests.conformance.wire import GRANT, OPERATION_OUTCOME, SIGN, advice, example, outcomes
from tests.conftest import EHR, EMPTY_RECORD, TODAY, Json, hook_call, order, searchset

ELSEWHERE = "https://elsewhere.example"
NEXT = f"{EHR}/Condition?page=2"
ADDRESSES_ELSEWHERE = [
    f"{ELSEWHERE}/fhir/Condition?page=2", "http://ehr.example/fhir/Condition?page=2",
    "https://ehr.example:8443/fhir/Condition?page=2", "//elsewhere.example/fhir/Condition?page=2",
    "https://ehr.example@elsewhere.example/fhir/Condition?page=2",
]  # fmt: skip


def asking(**prefetch: Any) -> Json:
    """The covered example with the EHR to ask; of its prefetch some keys are replaced."""
    body = {**example("hcc-covered"), "fhirServer": EHR, "fhirAuthorization": GRANT}
    return {**body, "prefetch": {**body["prefetch"], **prefetch}}


def without(body: Json, key: str) -> Json:
    return {**body, "prefetch": {name: value for name, value in body["prefetch"].items() if name != key}}


def conditions() -> list[Json]:
    return [entry["resource"] for entry in example("hcc-covered")["prefetch"]["conditions"]["entry"]]


def test_CK36_the_next_page_of_a_prefetch_is_read(client: FlaskClient, ehr_holds: Holds) -> None:
    first, *rest = conditions()
    ehr = ehr_holds({})
    ehr.instead["Condition"] = lambda: found(page(rest))
    answer = client.post(SIGN, json=asking(conditions=page([first], NEXT)))
    assert ehr.urls() == [NEXT]
    assert advice(answer) == advice(client.post(SIGN, json=example("hcc-covered")))


@pytest.mark.parametrize("link", [NEXT, "Condition?page=2", "/fhir/Condition?page=2"])
def test_CK36_the_next_page_of_a_search_is_read(client: FlaskClient, ehr_holds: Holds, link: str) -> None:
    first, *rest = conditions()
    ehr = ehr_holds({})
    pages = iter([page([first], link), page(rest)])
    ehr.instead["Condition"] = lambda: found(next(pages))
    answer = client.post(SIGN, json=without(asking(), "conditions"))
    assert len(ehr.asked) == 2
    assert ehr.authorizations() == {f"Bearer {GRANT['access_token']}"}
    assert advice(answer) == advice(client.post(SIGN, json=example("hcc-covered")))


def test_CK36_a_page_without_a_server_to_ask_is_not_the_whole(client: FlaskClient) -> None:
    body = example("hcc-covered")
    body["prefetch"]["conditions"] = page(conditions(), NEXT)
    assert outcomes(client.post(SIGN, json=body)) == ["undetermined"]


@pytest.mark.parametrize("link", ADDRESSES_ELSEWHERE)
def test_CK37_a_next_page_elsewhere_is_not_fetched(
    client: FlaskClient, ehr_holds: Holds, net: responses.RequestsMock, link: str
) -> None:
    ehr = ehr_holds({})
    ehr.instead["Condition"] = lambda: found(page(conditions(), link))
    assert outcomes(client.post(SIGN, json=without(asking(), "conditions"))) == ["undetermined"]
    assert [str(call.request.url) for call in net.calls if not str(call.request.url).startswith(f"{EHR}/")] == []


@pytest.mark.parametrize("link", ADDRESSES_ELSEWHERE)
def test_CK37_a_link_elsewhere_in_a_prefetch_is_not_fetched(
    client: FlaskClient, ehr_holds: Holds, net: responses.RequestsMock, link: str
) -> None:
    ehr = ehr_holds(example("hcc-covered")["prefetch"])
    client.post(SIGN, json=asking(conditions=page(conditions()[:1], link)))
    assert ehr.types() == {"Condition"}
    assert len(net.calls) == len(ehr.asked)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_CK37_a_redirect_is_not_followed(
    client: FlaskClient, ehr_holds: Holds, net: responses.RequestsMock, status: int
) -> None:
    ehr = ehr_holds({})
    ehr.instead["Condition"] = lambda: found({}, status, Location=f"{ELSEWHERE}/Condition")
    assert outcomes(client.post(SIGN, json=without(asking(), "conditions"))) == ["undetermined"]
    assert len(net.calls) == len(ehr.asked) == 1


def fails(error: Exception) -> Callable[[], Answer]:
    def fail() -> Answer:
        raise error

    return fail


@pytest.mark.parametrize("failure", [
    *(pytest.param(lambda s=s: found(OPERATION_OUTCOME, s), id=str(s)) for s in (400, 401, 403, 404, 429, 500, 503)),
    pytest.param(lambda: found(OPERATION_OUTCOME), id="200 with an OperationOutcome"),
    pytest.param(lambda: found({"resourceType": "Patient"}), id="200 with something else"),
    pytest.param(lambda: (200, {}, "<html>"), id="200 with HTML"),
    pytest.param(fails(requests.ConnectTimeout("p1")), id="connect timeout"),
    pytest.param(fails(requests.ReadTimeout("p1")), id="read timeout"),
    pytest.param(fails(requests.ConnectionError("p1")), id="no connection"),
])  # fmt: skip
def test_CK39_a_server_that_fails_leaves_the_order_undetermined(
    client: FlaskClient, ehr_holds: Holds, failure: Callable[[], Answer]
) -> None:
    """Contract 4: a server that may be asked and fails is a technical failure, said on a card, and no 412."""
    ehr = ehr_holds({})
    ehr.instead = dict.fromkeys(("Condition", "Observation", "Procedure", "Coverage"), failure)
    answer = client.post(SIGN, json=hook_call(order(), fhirServer=EHR, fhirAuthorization=GRANT))
    assert outcomes(answer) == ["undetermined"]
    assert {"Condition", "Observation", "Procedure"} <= ehr.types()
    assert GRANT["access_token"] not in answer.get_data(as_text=True)


def test_CK39_a_server_that_never_answers_is_not_waited_for(ehr_holds: Holds) -> None:
    ehr, released = ehr_holds({}), threading.Event()
    overdue: list[bool] = []

    def hang() -> Answer:
        overdue.append(not released.wait(timeout=20))
        return found(searchset())

    ehr.instead["Condition"] = hang
    settings = Settings(auth="off", today=TODAY, fhir_servers=(EHR,), fhir_deadline_seconds=0.2)
    body = hook_call(order(), fhirServer=EHR, prefetch={k: v for k, v in EMPTY_RECORD.items() if k != "conditions"})
    answer = create_app(settings).test_client().post(SIGN, json=body)
    answered_while_it_hung = overdue == []
    released.set()
    assert outcomes(answer) == ["undetermined"]
    assert answered_while_it_hung
