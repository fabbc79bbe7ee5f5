"""The form-completion card: a task for the documentation form, where DTR does not ask (resp-59 to resp-65)."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION, I
from cds_service.policy.criteria import leaves
from cds_service.settings import Settings
from fhir_mappings.form_codes import LINK_IDS
from tests.cards.building import call, created, drafted, post, suggested
from tests.conformance.wire import OPERATION_OUTCOME
from tests.conftest import CPT, EMPTY_RECORD, TODAY, Json, cards_on, hook_call, order, searchset
from tests.test_named_orders import appointment, booking, dispatching

TOPIC = "clinical-reminder"
MISSING = "crc-unproven-confinement"
CANONICAL = "http://coverage-hooks.example.org/fhir/Questionnaire/liver-tumor-ablation|2025-05-06"
SDC = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp"
CRD_TEMP = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"


def tasks(answer: Any) -> list[Json]:
    found = [created(one) for one in suggested(answer, TOPIC)]
    return [one for one in found if one["resourceType"] == "Task"]


def coded(value: Json) -> tuple[str, str]:
    return value["coding"][0]["system"], value["coding"][0]["code"]


def test_resp_62_resp_65_a_plain_client_gets_a_task_with_the_form_and_its_version(client: FlaskClient) -> None:
    (task,) = tasks(post(client, call(MISSING)))
    assert (task["status"], task["intent"]) == ("ready", "order")
    assert coded(task["code"]) == (SDC, "complete-questionnaire")
    assert task["for"] == {"reference": f"Patient/{MISSING}"}
    assert task["authoredOn"] == "2026-11-24"
    assert task["requester"]["reference"] == "Organization/demo-payer"
    assert task["basedOn"] == [{"reference": f"ServiceRequest/{MISSING}-order-1"}]
    assert "I.D.1.b.iv" in task["reasonCode"]["text"]
    form, after = task["input"]
    assert (form["type"]["text"], coded(form["type"])) == ("questionnaire", (SDC, "questionnaire"))
    assert form["valueCanonical"] == CANONICAL
    assert coded(after["type"]) == (CRD_TEMP, "after-completion-action")
    assert coded(after["valueCodeableConcept"]) == (CRD_TEMP, "initial-claim-include")


def test_where_2_2_is_the_default_the_task_has_nothing_that_version_dropped() -> None:
    newer = create_app(Settings(auth="off", today=TODAY, crd_default_version="2.2")).test_client()
    (task,) = tasks(post(newer, call(MISSING)))
    assert [one["type"]["text"] for one in task["input"]] == ["questionnaire"]
    assert "focus" not in task


def test_the_encounter_of_the_call_is_the_tasks(client: FlaskClient) -> None:
    body = call(MISSING)
    body["context"]["encounterId"] = "e-9"
    assert tasks(post(client, body))[0]["encounter"] == {"reference": "Encounter/e-9"}


def test_a_payer_the_client_has_no_organization_for_is_named(client: FlaskClient) -> None:
    (task,) = tasks(post(client, hook_call(order(), prefetch=EMPTY_RECORD)))
    assert task["requester"] == {"type": "Organization", "display": "Providence Health Plan (demonstration)"}


@pytest.mark.parametrize(
    "extension", [{"davinci-crd.requestedVersion": "2.2"}, {"davinci-crd.configuration": {"max-cards": 9}}]
)
def test_resp_59_a_client_that_declares_crd_is_asked_by_dtr(client: FlaskClient, extension: Json) -> None:
    assert tasks(post(client, call(MISSING, extension=extension))) == []


def test_hook_19_no_documentation_is_asked_for_on_order_select(client: FlaskClient) -> None:
    assert tasks(post(client, call(MISSING, hook="order-select"))) == []


NAMED: Json = {**EMPTY_RECORD, "serviceRequests": searchset(order())}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(dispatching("ServiceRequest/sr-1", prefetch=NAMED), id="order-dispatch"),
        pytest.param(booking(appointment("ServiceRequest/sr-1"), prefetch=NAMED), id="appointment-book"),
    ],
)
def test_the_other_primary_hooks_ask_with_the_form_and_suggest_no_orders(client: FlaskClient, body: Json) -> None:
    (suggestion,) = suggested(post(client, body), TOPIC)
    assert created(suggestion)["resourceType"] == "Task"


FAILED = dict.fromkeys(("conditions", "observations", "procedures"), OPERATION_OUTCOME)


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        pytest.param(call("hcc-no-child-pugh"), True, id="Child-Pugh"),
        pytest.param(call("hcc-covered"), False, id="nothing is missing"),
        pytest.param(call("hcc-too-large"), False, id="denied"),
        pytest.param(call("medicaid-member"), False, id="other rules come first"),
        pytest.param(hook_call(order("47399"), prefetch=EMPTY_RECORD), True, id="what an unlisted code stands for"),
        pytest.param(
            hook_call(order("C9734"), prefetch=EMPTY_RECORD),
            True,
            id="the indication",
        ),
        pytest.param(hook_call(order(), prefetch=FAILED), False, id="a record that could not be read"),
    ],
)
def test_it_comes_where_the_form_asks_what_is_missing(client: FlaskClient, body: Json, asked: bool) -> None:
    assert bool(tasks(post(client, body))) is asked


def test_several_orders_share_one_task(client: FlaskClient) -> None:
    first = call(MISSING)["context"]["draftOrders"]["entry"][0]["resource"]
    cryo = {**first, "id": "second", "code": {"coding": [{"system": CPT, "code": "47383"}]}}
    answer = post(client, drafted(call(MISSING), cryo))
    (task,) = tasks(answer)
    assert [one["reference"].rpartition("/")[2] for one in task["basedOn"]] == [first["id"], "second"]
    (card,) = cards_on(TOPIC, answer)
    assert card["selectionBehavior"] == "at-most-one"
    assert card["detail"].count("I.D.1.b.iv") == 1


def test_the_version_is_the_revision_the_form_asks_about() -> None:
    assert CANONICAL.endswith(f"|{REVISION.id}")


def test_what_facts_call_a_statement_the_form_has_a_link_id_for() -> None:
    stated = {code for leaf in leaves(I) for code in leaf.fact.statements}
    assert stated
    assert stated <= LINK_IDS
