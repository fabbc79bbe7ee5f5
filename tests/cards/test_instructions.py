"""The instructions card: the coding notes on unlisted codes (contract 7, resp-23, resp-24)."""

import pytest
from flask.testing import FlaskClient

from cds_service.cards.detail import detail
from cds_service.judging import Judged
from cds_service.policy.determination import Determination, OpenQuestion, Outcome
from fhir_mappings.coverage import Resolved
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.orders import line_of
from tests.cards.building import DECLARED, call, post
from tests.conftest import CPT, EMPTY_RECORD, Json, cards_on, coverage_cards, hook_call, order

TOPIC = "claim"
SNOMED = "http://snomed.info/sct"


def unlisted(second: str = "", code: str = "47399") -> Json:
    listed = [{"system": CPT, "code": code}, *([{"system": SNOMED, "code": second}] if second else [])]
    return hook_call({**order(), "code": {"coding": listed}}, prefetch=EMPTY_RECORD)


@pytest.mark.parametrize(
    ("body", "summary", "detail"),
    [
        pytest.param(
            call("unlisted-ethanol"), "prior authorization is recommended", "advice, not a requirement",
            id="it stands for an ablation",
        ),
        pytest.param(
            unlisted("433876005"), "prior authorization is recommended", "advice, not a requirement",
            id="whatever the ablation's own answer is",
        ),
        pytest.param(
            unlisted("448012004"), "denied as not covered", "its claim is denied", id="it stands for what is denied"
        ),
        pytest.param(unlisted(), "reviewed by the service it stands for", "Name the service", id="it is not resolved"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("extension", [{}, {"davinci-crd.requestedVersion": "2.0"}, DECLARED])
def test_resp_23_an_unlisted_code_is_explained_to_who_claims_it_in_both_versions(
    client: FlaskClient, body: Json, summary: str, detail: str, extension: Json
) -> None:
    coverage = {"resourceType": "Coverage", "id": "c1", "status": "active", "payor": [{"display": "us"}]}
    patient = {"beneficiary": {"reference": f"Patient/{body['context']['patientId']}"}}
    prefetch = {**body["prefetch"], "coverage": {"resourceType": "Bundle", "entry": [{"resource": coverage | patient}]}}
    (card,) = cards_on(TOPIC, post(client, {**body, "prefetch": prefetch, "extension": extension}))
    assert summary in card["summary"]
    assert detail in card["detail"]
    assert "code 47399" in card["detail"]
    assert "revision 2025-05-06, coding notes" in card["detail"]
    assert not {"links", "suggestions", "selectionBehavior"} & card.keys()


@pytest.mark.parametrize("code", ["47382", "0686T", "C2616", "77799", "99213"])
def test_a_code_of_its_own_needs_no_instructions(client: FlaskClient, code: str) -> None:
    assert cards_on(TOPIC, post(client, hook_call(order(code), prefetch=EMPTY_RECORD))) == []


def test_resp_12_what_is_missing_is_said_by_the_coverage_card_alone(client: FlaskClient) -> None:
    """And how to supply it; a declaring client finds it in the coverage statement too."""
    answer = post(client, hook_call(order(), prefetch=EMPTY_RECORD))
    assert cards_on(TOPIC, answer) == []
    (card,) = coverage_cards(answer)
    assert "Record it in the chart, or answer it in the documentation form; then sign again." in card["detail"]


@pytest.mark.parametrize(("is_on_form", "said"), [(True, ", or answer it in the documentation form"), (False, "")])
def test_the_form_is_named_where_it_asks_what_is_missing(is_on_form: bool, said: str) -> None:
    question = OpenQuestion("I.C", "Child-Pugh", is_on_form=is_on_form)
    missing = Determination("ServiceRequest/x", "151", "2025-05-06", Outcome.MISSING, ("I.C",), (question,))
    judged = Judged(line_of({}, "ServiceRequest/x"), missing, Resolved((), None, LineOfBusiness.UNKNOWN))
    assert f"Record it in the chart{said}; then sign again." in detail(judged)
