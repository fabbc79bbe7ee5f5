"""Primary hooks: every order in question comes back with a coverage statement, and with nothing else changed."""

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.crd.extension import URL, assertion_of
from tests.conformance.conftest import Holds
from tests.conformance.wire import GRANT, example, example_names
from tests.conftest import EHR, EMPTY_RECORD, Json, order, searchset
from tests.crd.calls import (
    ASKED_BY,
    COVERAGE,
    ORDERS,
    PREFETCH_KEYS,
    PRIMARY,
    RECORD,
    V2_0,
    V2_2,
    VERSIONS,
    actions,
    all_statements,
    as_call_of,
    booking,
    covered,
    dispatching,
    parts,
    post,
    statements,
)  # fmt: skip
from tests.crd.suites import assert_ids, without_statements

ON_PRIMARY: Any = pytest.mark.parametrize("hook", PRIMARY)
IN_BOTH: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
STATED_IN_2_0 = set(ORDERS) - {"VisionPrescription"}


@ON_PRIMARY
@pytest.mark.parametrize("kind", ORDERS)
def test_resp_26_an_order_of_each_type_comes_back_with_a_statement(client: FlaskClient, hook: str, kind: str) -> None:
    """hook-16, hook-26, hook-33: even where the answer is that more must be known."""
    (action,) = actions(post(client, ASKED_BY[hook](ORDERS[kind], extension=V2_2)))
    assert without_statements(action["resource"]) == ORDERS[kind]
    assert len(statements(action["resource"])) == 1


@ON_PRIMARY
@pytest.mark.parametrize("kind", ORDERS)
def test_in_2_0_a_statement_stands_on_the_types_that_version_has(client: FlaskClient, hook: str, kind: str) -> None:
    """2.0.1 does not let the extension stand on a VisionPrescription; on appointment-book it is the Appointment's."""
    found = all_statements(post(client, ASKED_BY[hook](ORDERS[kind], extension=V2_0)))
    assert len(found) == (1 if kind in STATED_IN_2_0 or hook == "appointment-book" else 0)


@IN_BOTH
@pytest.mark.parametrize("hook", ["order-sign", "order-dispatch"])
@pytest.mark.parametrize("name", example_names())
def test_hook_26_hook_33_every_example_is_stated_on(client: FlaskClient, hook: str, version: Json, name: str) -> None:
    orders = [entry["resource"] for entry in example(name)["context"]["draftOrders"]["entry"]]
    found = actions(post(client, as_call_of(hook, name, extension=version)))
    assert [without_statements(action["resource"]) for action in found] == orders


@ON_PRIMARY
@IN_BOTH
def test_resp_29_resp_35_an_order_that_carries_the_statement_gets_none_anew(
    client: FlaskClient, hook: str, version: Json
) -> None:
    first = actions(post(client, ASKED_BY[hook](order("0686T"), extension=version)))
    stored = [action["resource"] for action in first]
    others = [order("0686T")] if stored[0]["resourceType"] == "Appointment" else []
    asked = booking(*stored, *others, prefetch=RECORD, extension=version) if others else (
        ASKED_BY[hook](*stored, extension=version)
    )  # fmt: skip
    assert actions(post(client, asked)) == []


@ON_PRIMARY
def test_resp_29_one_that_carries_it_does_not_silence_the_other(client: FlaskClient, hook: str) -> None:
    (first,) = actions(post(client, ASKED_BY[hook](order("0686T"), extension=V2_2)))
    other = order("0944T", id="sr-2")
    answer = post(client, ASKED_BY[hook](first["resource"], other, extension=V2_2))
    assert [action["resource"]["id"] for action in actions(answer)] == ["sr-2"]


@ON_PRIMARY
def test_resp_36_the_same_call_again_gets_the_same_statement(client: FlaskClient, hook: str) -> None:
    """Nothing is remembered between calls: what is said again is said under the same id."""
    body = ASKED_BY[hook](order("47382"), extension=V2_2)
    assert all_statements(post(client, body)) == all_statements(post(client, body)) != []


@IN_BOTH
@ON_PRIMARY
def test_resp_32_each_coverage_has_a_statement_with_an_id_of_its_own(
    client: FlaskClient, hook: str, version: Json
) -> None:
    two = {**EMPTY_RECORD, "coverage": searchset(COVERAGE, {**COVERAGE, "id": "c2"})}
    answer = post(client, ASKED_BY[hook](order("47382"), prefetch=two, extension=version))
    (action,) = actions(answer)
    assert len(statements(action["resource"])) == 2
    assert_ids(statements(action["resource"]))


@IN_BOTH
@ON_PRIMARY
def test_resp_45_no_single_coverage_is_not_covered_with_the_reason(
    client: FlaskClient, hook: str, version: Json
) -> None:
    two = {**EMPTY_RECORD, "coverage": searchset(COVERAGE, {**COVERAGE, "id": "c2"})}
    answer = post(client, ASKED_BY[hook](order("47382"), prefetch=two, extension=version))
    assert covered(answer) == ["not-covered"] * 2
    for one in all_statements(answer):
        reason = parts(one)["reason"]
        assert "not resolved" in reason["text"]
        assert [c["code"] for c in reason.get("coding", [])] == (["coverage-not-found"] if version is V2_2 else [])


def test_two_orders_under_one_id_are_each_told_what_holds_for_them(client: FlaskClient) -> None:
    """An order is never told the verdict on another one that happens to share its id."""
    answer = post(client, ASKED_BY["order-sign"](order("0686T"), order("99213"), extension=V2_2))
    assert covered(answer) == ["not-covered", "conditional"]


STORED = searchset({**ORDERS["ServiceRequest"], "meta": {"versionId": "7"}, "implicitRules": "http://x.example/rules"})
REFERENCE = f"ServiceRequest/{ORDERS['ServiceRequest']['id']}"


@IN_BOTH
def test_resp_37_an_order_read_from_the_ehr_comes_back_as_it_was_read(
    client: FlaskClient, ehr_holds: Holds, version: Json
) -> None:
    ehr_holds({**RECORD, "serviceRequests": STORED})
    body = dispatching(REFERENCE, fhirServer=EHR, fhirAuthorization=GRANT, extension=version)
    (action,) = actions(post(client, body))
    assert without_statements(action["resource"]) == STORED["entry"][0]["resource"]


@pytest.mark.parametrize("kind", ORDERS)
def test_resp_37_a_dispatched_order_comes_back_as_prefetch_brought_it(client: FlaskClient, kind: str) -> None:
    sent = {**ORDERS[kind], "identifier": [{"value": "0042"}], "unheardOf": {"deep": [1.50, None]}}
    prefetch = {**RECORD, PREFETCH_KEYS[kind]: searchset(copy.deepcopy(sent))}
    body = dispatching(f"{kind}/{sent['id']}", prefetch=prefetch, extension=V2_2)
    assert without_statements(actions(post(client, body))[0]["resource"]) == sent


def test_other_payers_statements_stay_beside_ours(client: FlaskClient) -> None:
    foreign = {"url": URL, "extension": [
        {"url": "coverage", "valueReference": {"reference": "Coverage/other"}},
        {"url": "coverage-assertion-id", "valueString": "OTHER-1"}]}  # fmt: skip
    answer = post(client, ASKED_BY["order-sign"](order("0686T", extension=[foreign]), extension=V2_2))
    assert [assertion_of(one) == "OTHER-1" for one in all_statements(answer)] == [True, False]
