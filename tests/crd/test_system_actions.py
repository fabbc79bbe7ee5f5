"""System actions: the received order, byte for byte, with nothing but our statement added (resp-26 to resp-48)."""

import json
import logging
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from fhir.resources.R4B.devicerequest import DeviceRequest
from fhir.resources.R4B.servicerequest import ServiceRequest

from cds_service.crd.extension import URL
from cds_service.crd.rendering import render
from cds_service.crd.system_actions import is_stated_on, system_action
from cds_service.crd.terms import PlanTable
from cds_service.crd.versions import Version
from cds_service.policy.determination import Outcome
from fhir_mappings.order_reads import DraftOrder
from tests.crd.building import ON, Json, decided, determination, draft, order, said
from tests.crd.generated import digits_kept

V2_0, V2_2 = Version.V2_0, Version.V2_2
LABEL = "Northlake Health Plan"
COVERED = determination(Outcome.COVERED, "I.D.1.a")
MISSING = determination(Outcome.MISSING, "I.C")


def acted(one: DraftOrder, *decisions: Any, version: Version = V2_2) -> Json | None:
    return system_action(one, decisions or (decided(COVERED),), version, LABEL)


def resource(action: Json | None) -> bytes:
    assert action is not None
    assert isinstance(action["resource"], msgspec.Raw)
    return bytes(action["resource"])


def again(action: Json | None) -> DraftOrder:
    """The order as the client sends it back after it stored our statement."""
    text = resource(action)
    body = msgspec.json.decode(text)
    return DraftOrder(text, body, f"{body['resourceType']}/{body['id']}")


@pytest.mark.parametrize("version", Version)
def test_resp_48_and_resp_52_an_action_is_an_update_with_description_and_resource(version: Version) -> None:
    action = acted(order(), version=version)
    assert action is not None
    assert set(action) == {"type", "description", "resource"}
    assert action["type"] == "update"
    assert action["description"] == "Record the coverage information of Northlake Health Plan on ServiceRequest/sr-1"
    answer = json.loads(msgspec.json.encode({"cards": [], "systemActions": [action]}))
    assert answer["systemActions"][0]["resource"] == {
        **order().body,
        "extension": [render(decided(COVERED), version)],
    }


@pytest.mark.parametrize(
    ("kind", "versions"),
    [
        ("ServiceRequest", {V2_0, V2_2}), ("DeviceRequest", {V2_0, V2_2}), ("MedicationRequest", {V2_0, V2_2}),
        ("NutritionOrder", {V2_0, V2_2}), ("CommunicationRequest", {V2_0, V2_2}), ("Appointment", {V2_0, V2_2}),
        ("Encounter", {V2_0, V2_2}), ("VisionPrescription", {V2_2}), ("SupplyRequest", set()), ("Task", set()),
    ],
)  # fmt: skip
def test_only_the_resources_of_a_version_carry_a_statement(kind: str, versions: set[Version]) -> None:
    one = draft({"resourceType": kind, "id": "1"})
    assert {v for v in Version if is_stated_on(one.body, v)} == versions
    assert {v for v in Version if acted(one, version=v)} == versions


@pytest.mark.parametrize(
    "more", [{"doNotPerform": True}, {"status": "revoked"}, {"status": "entered-in-error"}, {"id": ""}, {"id": None}]
)
def test_nothing_is_stated_on_what_is_not_to_be_done_or_has_no_id(more: Json) -> None:
    assert acted(order(**more)) is None


@pytest.mark.parametrize("written", [b"{}", b'"x"', b"7"])
def test_an_order_whose_extensions_are_no_list_is_left_alone(written: bytes) -> None:
    text = order().text[:-1] + b', "extension": ' + written + b"}"
    assert acted(DraftOrder(text, json.loads(text), "ServiceRequest/sr-1")) is None


def test_resp_29_and_resp_35_nothing_new_is_no_action_whatever_the_date() -> None:
    back = again(acted(order()))
    assert acted(back) is None
    assert acted(back, replace(decided(COVERED), stated_on=decided(COVERED).stated_on.replace(day=30))) is None


HELD_UNTIL = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("stored", "now", "later", "is_new"),
    [
        pytest.param(HELD_UNTIL, ON, HELD_UNTIL, False, id="the same day"),
        pytest.param(HELD_UNTIL, date(2026, 12, 24), date(2027, 3, 2), False, id="while it holds"),
        pytest.param(HELD_UNTIL, HELD_UNTIL, date(2027, 4, 9), False, id="on its last day"),
        pytest.param(HELD_UNTIL, date(2027, 2, 1), date(2027, 4, 10), True, id="once it has expired"),
        pytest.param(HELD_UNTIL, ON, date(2026, 12, 31), True, id="when it is cut short"),
        pytest.param(None, ON, HELD_UNTIL, True, id="when it held without an end"),
        pytest.param(HELD_UNTIL, ON, None, False, id="when it now holds without an end"),
    ],
)
def test_resp_36_a_statement_is_reused_until_it_expires_or_is_cut_short(
    stored: date | None, now: date, later: date | None, is_new: bool
) -> None:
    earlier = replace(decided(COVERED), expiry=stored)
    renewed = replace(earlier, stated_on=now, expiry=later)
    back = again(acted(order(), earlier))
    action = acted(back, renewed)
    assert (action is not None) is is_new
    if action:
        assert json.loads(resource(action))["extension"] == [render(renewed, V2_2)]


def test_when_a_statement_ends_is_no_part_of_its_id() -> None:
    assert len({decided(COVERED, PlanTable(valid_days=days)).assertion_id for days in (None, 30, 90)}) == 1


def test_a_statement_an_ehr_wrote_down_in_its_own_way_is_known_again() -> None:
    body = again(acted(order())).body
    stored = body["extension"][0]
    stored["extension"].reverse()
    stored["id"] = "ext-1"
    stored["extension"][-1] = {
        "valueReference": {"reference": "https://ehr.example/fhir/Coverage/cov-7"},
        "url": "coverage",
    }
    assert acted(draft(body)) is None


def test_an_outdated_statement_of_ours_is_replaced_where_it_stood() -> None:
    other = {"url": "http://example.org/other", "valueDecimal": 1.5}
    first = msgspec.json.decode(resource(acted(order(), decided(MISSING))))["extension"][0]
    renewed = json.loads(resource(acted(order(extension=[first, other]))))
    assert renewed["extension"] == [render(decided(COVERED), V2_2), other]


def test_another_dialect_replaces_ours_under_the_same_id() -> None:
    back = again(acted(order(), version=V2_0))
    renewed = json.loads(resource(acted(back, version=V2_2)))
    assert renewed["extension"] == [render(decided(COVERED), V2_2)]
    assert said(back.body["extension"][0], "coverage-assertion-id") == said(
        renewed["extension"][0], "coverage-assertion-id"
    )


def test_two_outdated_statements_become_one() -> None:
    first = render(decided(MISSING), V2_2)
    renewed = json.loads(resource(acted(order(extension=[first, first]))))
    assert renewed["extension"] == [render(decided(COVERED), V2_2)]


@pytest.mark.parametrize(
    "foreign",
    [
        {"url": URL, "extension": [{"url": "coverage", "valueReference": {"reference": "Coverage/cov-7"}},
                                   {"url": "coverage-assertion-id", "valueString": "ANOTHER-1"}]},
        {"url": URL, "extension": [{"url": "coverage", "valueReference": {"reference": "Coverage/cov-8"}},
                                   {"url": "coverage-assertion-id", "valueString": "coverage-hooks-1"}]},
        {"url": URL}, {"url": URL, "extension": "x"}, None, 5, {},
    ],
)  # fmt: skip
def test_what_others_stated_and_what_is_no_statement_stays(foreign: Any) -> None:
    renewed = json.loads(resource(acted(order(extension=[foreign]))))
    assert renewed["extension"] == [foreign, render(decided(COVERED), V2_2)]


def test_resp_32_one_action_carries_the_statements_on_all_coverages() -> None:
    two = (decided(COVERED), replace(decided(COVERED), coverage="Coverage/b", assertion_id="coverage-hooks-b"))
    text = resource(acted(order(), *two))
    assert [said(e, "coverage") for e in json.loads(text)["extension"]] == [
        [{"reference": "Coverage/cov-7"}],
        [{"reference": "Coverage/b"}],
    ]
    assert acted(again(acted(order(), *two)), *two) is None


def test_a_statement_that_breaks_an_invariant_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    broken = replace(decided(COVERED), pa_needed="satisfied")
    with caplog.at_level(logging.ERROR):
        assert acted(order(), broken) is None
        assert acted(order(), broken, decided(COVERED)) is not None
    assert "crd-ci-q5" in caplog.text
    assert "p1" not in caplog.text


def test_numbers_members_and_blanks_stay_as_they_came() -> None:
    text = (
        b'{ "resourceType" : "ServiceRequest","x-unknown":{ "b":1E+2 , "a":[1.50,-0.0, 100000000000000000001] },'
        b'"id":"sr-1", "quantityQuantity":{"value":1.50},"note":[{"text":"\\u00e9\xc3\xa9\\/ \\ud83d\\ude00"}],'
        b'"extension": [ {"url":"http://x", "valueDecimal":0.10 } ],"modifierExtension":[{"url":"http://m","valueDecimal":2.0}],'
        b'"contained":[{"resourceType":"Device","id":"d","z":1e-7}]}'
    )  # fmt: skip
    kept = resource(acted(DraftOrder(text, msgspec.json.decode(text), "ServiceRequest/sr-1")))
    for piece in (
        b'{ "b":1E+2 , "a":[1.50,-0.0, 100000000000000000001] }', b'{"value":1.50}',
        b'"\\u00e9\xc3\xa9\\/ \\ud83d\\ude00"',
        b'[{"url":"http://x", "valueDecimal":0.10 },', b'[{"resourceType":"Device","id":"d","z":1e-7}]',
    ):  # fmt: skip
        assert piece in kept
    before, after = digits_kept(text), digits_kept(kept)
    assert list(before) == list(after)
    assert after.pop("extension")[:1] == before.pop("extension")
    assert after == before


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("outcome", Outcome)
def test_resp_47_a_valid_order_stays_valid(outcome: Outcome, version: Version) -> None:
    found = determination(outcome, "I.C")
    full = order(
        authoredOn="2026-11-24",
        requester={"reference": "Practitioner/1"},
        quantityQuantity={"value": 1.5},
        contained=[{"resourceType": "Device", "id": "d"}],
        extension=[{"url": "http://example.org/x", "valueDecimal": 1.5}],
    )
    text = resource(
        acted(full, decided(found, questionnaires=("http://example.org/Questionnaire/q|1",)), version=version)
    )
    read = ServiceRequest.model_validate_json(text)
    assert len(read.extension) == 2
    device = draft({
        "resourceType": "DeviceRequest", "id": "d-1", "status": "draft", "intent": "order",
        "codeCodeableConcept": {"text": "x"}, "subject": {"reference": "Patient/p1"},
    })  # fmt: skip
    DeviceRequest.model_validate_json(resource(acted(device, decided(found, order=device), version=version)))


def test_digits_are_those_of_the_client() -> None:
    text = order().text[:-1] + b', "quantityQuantity": {"value": 1.50}}'
    kept = resource(acted(DraftOrder(text, json.loads(text), "ServiceRequest/sr-1")))
    assert json.loads(kept, parse_float=Decimal)["quantityQuantity"]["value"].as_tuple().digits == (1, 5, 0)
    assert re.search(rb"1\.50", kept)
