"""conf-4, conf-12: the elements an order and a record may have: each that is there counts, none is required."""

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Json, determinations
from tests.crd.calls import (
    ASKED_BY,
    HOOKS,
    ORDERS,
    V2_2,
    VERSIONS,
    actions,
    covered,
    post,
)  # fmt: skip
from tests.crd.test_us_core import FIT
from tests.crd.us_core import plain_request, resources_of

ON_EACH: Any = pytest.mark.parametrize("hook", HOOKS)


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


CONDITION = "http://terminology.hl7.org/CodeSystem/condition-"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
REFUTED, RESOLVED = coded(f"{CONDITION}ver-status", "refuted"), coded(f"{CONDITION}clinical", "resolved")
ELSEWHERE = {"reference": "Patient/somebody-else"}
CHANGES: list[tuple[str, str, Json, str, list[str]]] = [
    ("order", "status", {"status": "revoked"}, "no card", []),
    ("order", "doNotPerform", {"doNotPerform": True}, "no card", []),
    ("order", "code", {"code": coded("http://www.ama-assn.org/go/cpt", "0686T")}, "not-covered", ["not-covered"]),
    ("order", "code", {"code": coded("http://www.ama-assn.org/go/cpt", "99213")}, "no card", ["conditional"]),
    ("Condition", "clinicalStatus", {"clinicalStatus": RESOLVED}, "missing-documentation", ["conditional"]),
    ("Condition", "verificationStatus", {"verificationStatus": REFUTED}, "missing-documentation", ["conditional"]),
    ("Condition", "code", {"code": coded(ICD_10_CM, "C22.1")}, "not-covered", ["not-covered"]),
    ("Observation", "status", {"status": "cancelled"}, "missing-documentation", ["conditional"]),
    ("Observation", "value", {"valueInteger": 4}, "missing-documentation", ["conditional"]),
    ("Observation", "effective", {"effectiveDateTime": "2020-01-01"}, "missing-documentation", ["conditional"]),
    ("Procedure", "status", {"status": "not-done"}, "missing-documentation", ["conditional"]),
    ("Procedure", "subject", {"subject": ELSEWHERE}, "missing-documentation", ["conditional"]),  # about somebody else
    ("Coverage", "status", {"status": "cancelled"}, "undetermined", ["not-covered"]),
    ("Coverage", "period", {"period": {"end": "2026-11-23"}}, "undetermined", ["not-covered"]),
    ("Coverage", "beneficiary", {"beneficiary": ELSEWHERE}, "covered", []),
    ("Coverage", "type", {"type": coded("https://nahdo.org/sopt", "2")}, "refer", ["indeterminate"]),
]


def changed(kind: str, changes: Json) -> Json:
    """The call of a patient who meets every criterion, with the first resource of a type changed."""
    body = copy.deepcopy(plain_request(FIT))
    wanted = "ServiceRequest" if kind == "order" else kind
    next(one for one in resources_of(body) if one["resourceType"] == wanted).update(changes)
    return body


def said(client: FlaskClient, body: Json) -> tuple[str, list[str]]:
    """What the card says of the order, and what is stated; without who declares CRD no Coverage is no error."""
    plain, declared = post(client, body), post(client, {**body, "extension": V2_2})
    found = [one["outcome"] for one in determinations(plain)]
    return (found or ["no card"])[0], covered(declared) if declared.status_code == 200 else []


def test_the_patient_unchanged_is_covered(client: FlaskClient) -> None:
    assert said(client, changed("order", {})) == ("covered", ["covered"])


@pytest.mark.parametrize(("kind", "element", "changes", "outcome", "statements"), CHANGES)
def test_conf_4_an_element_that_is_there_counts(
    client: FlaskClient, kind: str, element: str, changes: Json, outcome: str, statements: list[str]
) -> None:
    assert next(iter(changes)).startswith(element)
    assert said(client, changed(kind, changes)) == (outcome, statements)


def test_conf_4_the_coverage_an_order_names_is_the_one_that_counts(client: FlaskClient) -> None:
    body = changed("order", {"insurance": [{"reference": "Coverage/second"}]})
    (only,) = body["prefetch"]["coverage"]["entry"]
    second = {**only["resource"], "id": "second", "type": coded("https://nahdo.org/sopt", "1")}
    body["prefetch"]["coverage"] = {"resourceType": "Bundle", "entry": [only, {"resource": second}]}
    assert said(client, body) == ("refer", ["indeterminate"])


@pytest.mark.parametrize("kind", ORDERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_conf_12_an_order_with_nothing_but_its_type_and_id_is_answered(
    client: FlaskClient, kind: str, version: Json
) -> None:
    answer = post(client, ASKED_BY["order-sign"]({"resourceType": kind, "id": "bare"}, extension=version))
    has_statement = version is V2_2 or kind != "VisionPrescription"
    assert covered(answer) == (["conditional"] if has_statement else [])


@ON_EACH
@pytest.mark.parametrize("kind", ["ServiceRequest", "DeviceRequest"])
def test_CRD11_an_order_not_to_do_something_gets_neither_card_nor_statement(
    client: FlaskClient, hook: str, kind: str
) -> None:
    ask = ASKED_BY[hook]
    usual = post(client, ask(ORDERS[kind], extension=V2_2))
    answer = post(client, ask({**ORDERS[kind], "doNotPerform": True}, extension=V2_2))
    assert actions(usual)
    assert (answer.get_json()["cards"], actions(answer)) == ([], [])


@ON_EACH
def test_CRD11_an_order_not_to_do_something_does_not_silence_the_others(client: FlaskClient, hook: str) -> None:
    two = (ORDERS["ServiceRequest"], {**ORDERS["DeviceRequest"], "doNotPerform": True})
    found = actions(post(client, ASKED_BY[hook](*two, extension=V2_2)))
    assert [action["resource"]["resourceType"] for action in found] == ["ServiceRequest"]


@ON_EACH
def test_CRDF26_an_order_with_an_unknown_modifier_is_stated_on_by_what_is_understood(
    client: FlaskClient, hook: str
) -> None:
    """Contract 7: with a note, and never with silence."""
    odd = {**ORDERS["ServiceRequest"], "modifierExtension": [{"url": "http://x.example", "valueBoolean": True}]}
    answer = post(client, ASKED_BY[hook](odd, extension=V2_2))
    assert covered(answer) == ["conditional"]
    assert any("modifier" in note for note in determinations(answer)[0]["notes"])
