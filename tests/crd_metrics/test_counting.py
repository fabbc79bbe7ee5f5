"""What the record keeps of a call for the CRD metrics (metric-1): codes and counts, and nothing of the patient."""

import json
from typing import Any

import pytest

from cds_service.crd_metrics.counting import failed_metric_data, lines_of_business, metric_data, token_use
from cds_service.crd_metrics.responses import responses_of
from fhir_mappings.coverage import Payer
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.practitioners import US_NPI
from fhir_mappings.record import PatientRecord, Retrieved, ServerRead
from tests.crd.building import CPT, draft, order
from tests.crd_metrics.building import USER, Json, action, asked, card, checked, resolved

DETAIL = {"coding": [{"system": CPT, "code": "47382"}]}


def metric(request: Any, found: Any, cards: tuple[Json, ...] = (), actions: tuple[Json, ...] = ()) -> Json:
    return metric_data(request, found, responses_of(cards, actions, lines_of_business(found)))


def test_an_answered_call_tells_its_order_with_card_and_statement() -> None:
    told = metric(asked(order()), checked(order()), (card(),), (action(),))
    (request,) = told["request"]
    assert (told["payer"], told["tokenUse"]) == ("northlake", "not-used")
    assert (request["type"], request["orderDetail"]) == ("ServiceRequest", DETAIL)
    assert [response["type"] for response in request["response"]] == ["guideline", "coverage-info"]
    assert request["response"][1]["coverageInfo"][0]["businessLine"] == {"text": "commercial"}


def test_two_orders_each_have_their_own_responses() -> None:
    other = draft({**order().body, "id": "sr-2"})
    told = metric(asked(order(), other), checked(order(), other), (card("ServiceRequest/sr-2"),), (action(),))
    assert [[r["type"] for r in request["response"]] for request in told["request"]] == [
        ["coverage-info"],
        ["guideline"],
    ]


def test_two_orders_under_one_id_are_told_together() -> None:
    """Nothing on the wire says which of them an answer is about."""
    other = draft({**order().body, "code": order("0686T").body["code"]})
    told = metric(asked(order(), other), checked(order(), other), (card(),), (action(), action(other)))
    (request,) = told["request"]
    assert [coding["code"] for coding in request["orderDetail"]["coding"]] == ["47382", "0686T"]
    assert [response["type"] for response in request["response"]] == ["guideline", "coverage-info", "coverage-info"]


def test_what_is_about_none_of_the_orders_is_told_with_all_of_them() -> None:
    other = draft({**order().body, "id": "sr-2"})
    problem = card(**{"davinci-crd.associated-resource": ["Coverage/c"]}, topic="insurance")
    told = metric(asked(order(), other), checked(order(), other), (problem,))
    assert [[r["focus"] for r in request["response"]] for request in told["request"]] == [
        [["Coverage"]],
        [["Coverage"]],
    ]


def test_a_statement_on_an_appointment_stands_beside_the_order_it_books() -> None:
    appointment = draft({"resourceType": "Appointment", "id": "a"})
    told = metric(asked(order(), hook="appointment-book"), checked(order()), (), (action(appointment),))
    assert [request["type"] for request in told["request"]] == ["ServiceRequest", "Appointment"]
    assert [r["type"] for r in told["request"][1]["response"]] == ["coverage-info"]


def test_an_encounter_hook_is_about_the_encounter() -> None:
    request = asked(hook="encounter-start", encounter_id="e1")
    told = metric(request, checked(), (card(**{"davinci-crd.associated-resource": ["Coverage/c"]}, topic="insurance"),))
    assert told["request"] == [
        {"type": "Encounter", "response": [{"type": "insurance", "focus": ["Coverage"], "card": "card-1"}]}
    ]


def test_an_order_that_could_not_be_read_is_told_by_its_type() -> None:
    unread = DraftOrder(b"", {}, "ServiceRequest/sr-9")
    assert metric(asked(), checked(unread))["request"] == [{"type": "ServiceRequest"}]


@pytest.mark.parametrize("kind", ["John", "Task", 7, None])
def test_what_is_no_order_type_is_not_told(kind: Any) -> None:
    assert "request" not in metric(asked(), checked(DraftOrder(b"", {"resourceType": kind}, "John/1")))


def test_resources_are_counted_by_type_and_way() -> None:
    retrieved = (Retrieved("Condition", 4, True), Retrieved("Condition", 2, False))
    told = metric(asked(order()), checked(order(), record=PatientRecord("p1", {}, retrieved=retrieved)))
    assert told["resources"] == [
        {"type": "Condition", "count": 4, "prefetch": True}, {"type": "Condition", "count": 2, "prefetch": False}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("token", "results", "use"),
    [
        ("secret", (), "not-used"), ("", ("ok",), "not-used"), ("secret", ("ok",), "used"),
        ("secret", ("ok", "failed", "not-offered"), "used"), ("secret", ("not-offered", "failed"), "rejected"),
        ("secret", ("deadline",), "rejected"),
    ],
)  # fmt: skip
def test_a_token_is_used_when_a_read_with_it_succeeded(token: str, results: tuple[str, ...], use: str) -> None:
    assert token_use(asked(token=token), [ServerRead("Condition", result) for result in results]) == use


def test_reads_of_orders_that_are_only_named_use_the_token_too() -> None:
    found = checked(order(), order_reads=(ServerRead("ServiceRequest", "ok"),))
    assert metric(asked(order(), token="secret"), found)["tokenUse"] == "used"


@pytest.mark.parametrize(
    ("payers", "told"),
    [(["a"], "a"), (["a", "a"], "a"), (["a", "b"], None), ([None], None), ([], None), (["a", None], "a")],
)
def test_the_payer_is_told_where_it_is_one(payers: list[str | None], told: str | None) -> None:
    coverages = tuple(resolved(payer=Payer(name, name) if name else None) for name in payers)
    found = checked(*(order() for _ in payers), coverages=coverages)
    assert metric(asked(order()), found).get("payer") == told


def test_an_unknown_line_of_business_is_not_told() -> None:
    told = metric(asked(order()), checked(order(), line=LineOfBusiness.UNKNOWN), (), (action(),))
    assert "businessLine" not in told["request"][0]["response"][0]["coverageInfo"][0]


def test_the_npi_of_the_user_is_told() -> None:
    signed = order(requester={"reference": USER, "identifier": {"system": US_NPI, "value": "1234567893"}})
    assert metric(asked(signed), checked(signed))["provider"] == "1234567893"
    assert failed_metric_data(asked(signed), (), "invalid")["provider"] == "1234567893"


class TestACallThatFailed:
    def test_it_tells_its_issue_and_what_was_ordered(self) -> None:
        assert failed_metric_data(asked(order()), (), "required") == {
            "issue": [{"code": "required"}],
            "tokenUse": "not-used",
            "request": [{"type": "ServiceRequest", "orderDetail": DETAIL}],
        }

    def test_a_body_that_was_no_request_tells_the_issue_alone(self) -> None:
        assert failed_metric_data(None, (), "invalid") == {"issue": [{"code": "invalid"}], "tokenUse": "not-used"}

    def test_what_was_read_before_an_unforeseen_error_is_not_known(self) -> None:
        assert "tokenUse" not in failed_metric_data(asked(order()), None, "exception")

    def test_reads_before_a_refusal_are_known(self) -> None:
        told = failed_metric_data(asked(order(), token="secret"), (ServerRead("Coverage", "ok"),), "not-found")
        assert told["tokenUse"] == "used"


def test_nothing_of_the_patient_is_counted() -> None:
    words = {"subject": {"reference": "Patient/p1", "display": "Miriam"}, "note": [{"text": "Miriam"}]}
    signed = order(**words, code={"text": "for Miriam", "coding": [{"system": "http://x.example", "code": "Miriam"}]})
    told = json.dumps(metric(asked(signed), checked(signed), (card(),), (action(signed),)))
    assert [word for word in ("Miriam", 'p1"', "Patient", "Coverage/", "sr-1") if word in told] == []
