"""Several payers at one endpoint: each order is answered by the payer of its Coverage, under the name patients know."""

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conftest import EMPTY_RECORD, TODAY, Json, coverage_cards, order, searchset
from tests.crd.calls import ASKED_BY, COVERAGE, V2_2, VERSIONS, actions, all_statements, covered, parts, post
from tests.crd.test_odd_coverages import PAYERS

PROVIDENCE, NORTHLAKE = (payer.label for payer in PAYERS)
BY_POLICY, OVER = "Policy 151, revision 2025-05-06", "No coverage of this payer is active for the patient on this date."
PAYORS = {PROVIDENCE: {"display": "Providence Health Plan"}, NORTHLAKE: {"display": "Northlake"}}


@pytest.fixture(scope="module")
def service() -> FlaskClient:
    return create_app(Settings(auth="off", today=TODAY, payers=PAYERS)).test_client()


def insured(*payors: Json, **more: object) -> Json:
    """The prefetch of a patient with a Coverage of each of these payors."""
    listed = [{**COVERAGE, "id": f"c{number}", "payor": [payor], **more} for number, payor in enumerate(payors, 1)]
    return {**EMPTY_RECORD, "coverage": searchset(*listed)}


@pytest.mark.parametrize("label", PAYORS)
@pytest.mark.parametrize("version", VERSIONS)
def test_found_14_found_15_resp_4_each_payer_answers_at_the_one_endpoint_in_its_own_name(
    service: FlaskClient, label: str, version: Json
) -> None:
    answer = post(service, ASKED_BY["order-sign"](order(), prefetch=insured(PAYORS[label]), extension=version))
    assert {card["source"]["label"] for card in answer.get_json()["cards"]} == {label}
    (action,) = actions(answer)
    assert label in action["description"]


def test_found_15_orders_of_one_call_are_answered_each_by_the_payer_of_its_coverage(service: FlaskClient) -> None:
    two = [order(id=f"sr-{n}", insurance=[{"reference": f"Coverage/c{n}"}]) for n in (1, 2)]
    answer = post(service, ASKED_BY["order-sign"](*two, prefetch=insured(*PAYORS.values()), extension=V2_2))
    assert [card["source"]["label"] for card in coverage_cards(answer)] == [PROVIDENCE, NORTHLAKE]
    assert [action["resource"]["id"] for action in actions(answer)] == ["sr-1", "sr-2"]
    assert covered(answer) == ["conditional", "conditional"]


def test_hook_13_a_coverage_of_a_payer_nobody_answers_for_is_a_400(service: FlaskClient) -> None:
    body = ASKED_BY["order-sign"](order(), prefetch=insured({"display": "Another payer"}))
    assert actions(post(service, body)) == []
    answer = post(service, {**body, "extension": V2_2})
    assert (answer.status_code, answer.get_json()["issue"][0]["code"]) == (400, "not-found")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"period": {"start": "2026-01-01", "end": "2026-11-24"}}, [BY_POLICY]),
        ({"period": {"start": "2026-01-01", "end": "2026-11-23"}}, [OVER]),
        ({"period": {"start": "2026-11-25"}}, [OVER]),
        ({"status": "cancelled"}, [OVER]),
        ({"status": "entered-in-error"}, []),
    ],
)
def test_CRDF67_a_coverage_counts_while_it_is_active(service: FlaskClient, more: Json, said: list[str]) -> None:
    body = ASKED_BY["order-sign"](order("0686T"), prefetch=insured(PAYORS[PROVIDENCE], **more))
    reasons = [parts(one)["reason"]["text"] for one in all_statements(post(service, body))]
    assert [reason.partition(":")[0] for reason in reasons] == said
