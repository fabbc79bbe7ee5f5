"""The alternate-request card: an ablation the policy can cover in place of what it never covers (resp-53 to 56)."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from responses import RequestsMock

from cds_service.policies.policy_151.alternatives_2025_05_06 import LABELS
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, CODES
from tests.cards.building import DECLARED, call, created, drafted, ordered, post, suggested
from tests.conformance.wire import GRANT, OPERATION_OUTCOME, example_names
from tests.conftest import CPT, EHR, Json, cards_on, determinations, order

TOPIC = "therapy-alternatives-opt"
REPLACEABLE = "histotripsy-alternative"
SNOMED = "http://snomed.info/sct"
PERCUTANEOUS, LAPAROSCOPIC = ["47382", "47383"], ["47370", "47371"]


def coded(*codes: tuple[str, str]) -> Json:
    return {"coding": [{"system": system, "code": code} for system, code in codes]}


def suggested_codes(answer: Any) -> list[str]:
    return [created(one)["code"]["coding"][0]["code"] for one in suggested(answer, TOPIC)]


@pytest.mark.parametrize(
    ("code", "instead"),
    [
        pytest.param(coded((CPT, "0686T")), PERCUTANEOUS, id="histotripsy"),
        pytest.param(coded((CPT, "C9734")), PERCUTANEOUS, id="focused ultrasound"),
        pytest.param(coded((SNOMED, "448012004")), PERCUTANEOUS, id="focused ultrasound in SNOMED CT"),
        pytest.param(coded((CPT, "47399"), (SNOMED, "448012004")), PERCUTANEOUS, id="focused ultrasound, unlisted"),
        pytest.param(coded((CPT, "47379"), (SNOMED, "448012004")), LAPAROSCOPIC, id="laparoscopic, unlisted"),
        pytest.param(coded((CPT, "0944T")), [], id="contour simulation treats nothing"),
        pytest.param(coded((CPT, "C8004")), [], id="a simulation angiogram treats nothing"),
        pytest.param(coded((CPT, "E0767")), [], id="a device worn at home"),
        pytest.param(coded((CPT, "47382")), [], id="an ablation is judged itself"),
        pytest.param(coded((CPT, "C2616")), [], id="no criterion"),
        pytest.param(coded((CPT, "99213")), [], id="outside the policy"),
    ],
)
def test_a_technique_never_covered_can_be_exchanged_for_an_ablation_of_the_same_approach(
    client: FlaskClient, code: Json, instead: list[str]
) -> None:
    assert suggested_codes(post(client, ordered(call(REPLACEABLE), code=code))) == instead


@pytest.mark.parametrize("name", sorted(set(example_names()) - {"y90-source"}))
def test_it_is_offered_exactly_where_the_ablation_would_be_covered(client: FlaskClient, name: str) -> None:
    """One order of each demonstration patient, once as an ablation and once as histotripsy."""
    body = call(name)
    body["context"]["draftOrders"]["entry"] = body["context"]["draftOrders"]["entry"][:1]
    (ablation,) = determinations(post(client, ordered(body, code=coded((CPT, "47382")))))
    offered = suggested_codes(post(client, ordered(body, code=coded((CPT, "0686T")))))
    assert offered == (PERCUTANEOUS if ablation["outcome"] == "covered" else [])


def test_resp_53_resp_3_one_of_them_may_be_chosen_and_it_takes_the_orders_place(client: FlaskClient) -> None:
    (card,) = cards_on(TOPIC, post(client, call(REPLACEABLE)))
    assert card["selectionBehavior"] == "at-most-one"
    assert "links" not in card
    assert {reason["code"] for reason in card["overrideReasons"]} >= {"not-suitable", "clinically-indicated"}
    for suggestion in card["suggestions"]:
        removed, added = suggestion["actions"]
        assert removed.keys() == {"type", "description", "resourceId"}
        assert (removed["type"], added["type"]) == ("delete", "create")
        assert removed["resourceId"] == f"ServiceRequest/{REPLACEABLE}-order-1"


def test_it_says_which_criterion_is_met_and_by_which_resources(client: FlaskClient) -> None:
    (card,) = cards_on(TOPIC, post(client, call(REPLACEABLE)))
    assert "criterion I.D.1.a is met" in card["summary"]
    assert "revision 2025-05-06" in card["detail"]
    assert "not covered under criterion VI" in card["detail"]
    assert "Condition/hcc-covered-hcc" in card["detail"]
    assert "not a guarantee of coverage or payment" in card["detail"]


INTENT = {
    "url": "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent",
    "valueCodeableConcept": coded((SNOMED, "373808002")),
}
STATED = {"url": "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information", "extension": []}


def test_resp_55_the_new_order_keeps_indication_time_payer_and_intent_and_no_coverage_statement(
    client: FlaskClient,
) -> None:
    body = ordered(
        call(REPLACEABLE), extension=[INTENT, STATED], occurrenceDateTime="2026-12-01", priority="urgent",
        orderDetail=[coded((SNOMED, "774013003"))], note=[{"text": "as discussed"}],
    )  # fmt: skip
    first = created(suggested(post(client, body), TOPIC)[0])
    assert first["extension"] == [INTENT]
    assert (first["occurrenceDateTime"], first["priority"]) == ("2026-12-01", "urgent")
    assert first["reasonReference"] == [{"reference": "Condition/hcc-covered-hcc"}]
    assert first["insurance"] == [{"reference": "Coverage/hcc-covered-coverage"}]
    assert not {"orderDetail", "note", "id"} & first.keys()


def test_signed_in_its_place_it_is_covered(client: FlaskClient) -> None:
    new = created(suggested(post(client, call(REPLACEABLE)), TOPIC)[0]) | {"id": "in-its-place"}
    body = call(REPLACEABLE)
    body["context"]["draftOrders"]["entry"] = [{"resource": new}]
    assert [found["outcome"] for found in determinations(post(client, body))] == ["covered"]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"id": None}, id="it has no id to delete it by"),
        pytest.param({"reasonCode": "odd"}, id="what it would carry over is no FHIR"),
        pytest.param({"occurrenceDateTime": "tomorrow"}, id="its time is no time"),
        pytest.param(
            {"resourceType": "DeviceRequest", "codeCodeableConcept": coded((CPT, "0686T"))}, id="it is no procedure"
        ),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_exchanged_keeps_its_other_cards(client: FlaskClient, changed: Json) -> None:
    answer = post(client, ordered(call(REPLACEABLE), **changed))
    assert suggested(answer, TOPIC) == []
    assert [found["outcome"] for found in determinations(answer)] == ["not-covered"]


@pytest.mark.parametrize("key", ["conditions", "observations", "procedures"])
def test_nothing_of_the_patient_is_asked_for_it(client: FlaskClient, key: str) -> None:
    """V4: no patient criterion decides the order itself, so what prefetch does not bring is not read."""
    body = {**call(REPLACEABLE), "fhirServer": EHR, "fhirAuthorization": GRANT}
    del body["prefetch"][key]
    with RequestsMock() as net:
        assert suggested_codes(post(client, body)) == []
        assert len(net.calls) == 0


@pytest.mark.parametrize("key", ["conditions", "observations", "questionnaireResponses"])
def test_a_record_that_was_not_read_meets_no_criterion(client: FlaskClient, key: str) -> None:
    body = call(REPLACEABLE)
    body["prefetch"][key] = OPERATION_OUTCOME
    assert suggested_codes(post(client, body)) == []


def test_beside_an_ablation_there_is_nothing_to_suggest(client: FlaskClient) -> None:
    ablation = order("47383", id="beside", subject={"reference": "Patient/hcc-covered"})
    assert suggested_codes(post(client, drafted(call(REPLACEABLE), ablation))) == []


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
def test_it_is_for_hooks_that_have_drafts(client: FlaskClient, hook: str) -> None:
    assert suggested_codes(post(client, call(REPLACEABLE, hook=hook))) == PERCUTANEOUS


def test_a_declaring_client_gets_it_too(client: FlaskClient) -> None:
    assert suggested_codes(post(client, call(REPLACEABLE, extension=DECLARED))) == PERCUTANEOUS


def test_what_is_suggested_is_an_ablation_of_the_code_table() -> None:
    assert {code for code in LABELS if CODES[code] == ABLATION} == set(LABELS) == {*PERCUTANEOUS, *LAPAROSCOPIC}
