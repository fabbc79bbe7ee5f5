"""encounter-start and encounter-discharge: problems with the coverage record, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conformance.ehr import Ehr, found
from tests.conformance.wire import GRANT, OPERATION_OUTCOME, assert_explained
from tests.conftest import EHR, EMPTY_RECORD, TODAY, Json, cards_on, searchset
from tests.crd.test_answering import COVERAGE, DECLARED

HOOKS = ("encounter-start", "encounter-discharge")
ENDED = {**COVERAGE, "id": "c9", "period": {"end": "2026-11-23"}}
SECOND = {**COVERAGE, "id": "c2"}


def encounter(hook: str = "encounter-start", *coverages: Json, **more: Any) -> Json:
    context = {"userId": "Practitioner/dr-1", "patientId": "p1", "encounterId": "e-1"}
    return {"hook": hook, "hookInstance": "h-1", "context": context,
            "prefetch": {"coverage": searchset(*coverages)}, **more}  # fmt: skip


def post(client: FlaskClient, body: Json) -> Any:
    return client.post(f"/cds-services/{body['hook']}-crd", json=body)


@pytest.fixture
def net() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("extension", [{}, DECLARED])
def test_one_active_coverage_is_no_news(client: FlaskClient, hook: str, extension: Json) -> None:
    assert post(client, encounter(hook, COVERAGE, ENDED, extension=extension)).get_json() == {"cards": []}


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("coverages", [(), (ENDED,), ({**COVERAGE, "status": "cancelled"},)])
def test_CRDF6_CRDF7_none_in_force_is_told_to_a_plain_client(
    client: FlaskClient, hook: str, coverages: tuple[Json, ...]
) -> None:  # fmt: skip
    (card,) = cards_on("insurance", post(client, encounter(hook, *coverages)))
    assert card["summary"] == "No active coverage of Providence Health Plan (demonstration) was found"
    assert "Coverage was not checked" in card["detail"]
    assert card["extension"] == {"davinci-crd.associated-resource": ["Encounter/e-1"]}
    assert not {"links", "suggestions"} & card.keys()


@pytest.mark.parametrize("hook", HOOKS)
def test_contract_7_a_declaring_client_without_a_coverage_of_ours_is_refused(client: FlaskClient, hook: str) -> None:
    assert_explained(post(client, encounter(hook, extension=DECLARED)), 400, "$.prefetch.coverage")


@pytest.mark.parametrize(
    ("extension", "named"),
    [
        ({}, ["Coverage/c1", "Coverage/c2"]),
        (DECLARED, [{"reference": "Coverage/c1"}, {"reference": "Coverage/c2"}]),
    ],
)
def test_CRDF6_CRDF7_several_are_named(client: FlaskClient, extension: Json, named: list[Any]) -> None:
    answer = post(client, encounter("encounter-start", COVERAGE, SECOND, extension=extension))
    (card,) = cards_on("insurance", answer)
    assert card["summary"].startswith("2 active coverages")
    assert "Coverage/c1, Coverage/c2" in card["detail"]
    assert card["extension"]["davinci-crd.associated-resource"] == named
    assert "systemActions" not in answer.get_json()


def test_several_that_say_which_pays_first_are_no_news(client: FlaskClient) -> None:
    ordered = ({**COVERAGE, "order": 1}, {**SECOND, "order": 2})
    assert post(client, encounter("encounter-start", *ordered)).get_json() == {"cards": []}


def test_several_can_be_refused() -> None:
    refusing = create_app(Settings(auth="off", today=TODAY, several_coverages="refuse")).test_client()
    assert post(refusing, encounter("encounter-start", COVERAGE, SECOND)).status_code == 400


def test_another_payers_coverage_is_none_of_ours() -> None:
    payers: Any = [
        {"id": "ours", "label": "Our Plan", "identifiers": ["ours"]},
        {"id": "theirs", "label": "Their Plan", "identifiers": ["theirs"]},
    ]
    service = create_app(Settings(auth="off", today=TODAY, payers=payers)).test_client()
    (card,) = cards_on("insurance", post(service, encounter("encounter-start", COVERAGE)))
    assert card["summary"] == "No active coverage of a payer this service answers for was found"
    assert "Our Plan, Their Plan" in card["detail"]


def test_the_card_can_be_switched_off(client: FlaskClient) -> None:
    off = {"davinci-crd.configuration": {"insurance": False}}
    assert post(client, encounter("encounter-start", COVERAGE, SECOND, extension=off)).get_json() == {"cards": []}


class TestReading:
    def without_prefetch(self, **more: Any) -> Json:
        body = encounter(**more)
        return {name: value for name, value in body.items() if name != "prefetch"}

    def test_what_prefetch_lacks_is_read_from_the_server_and_only_coverage(
        self, client: FlaskClient, net: responses.RequestsMock
    ) -> None:
        ehr = Ehr(net, {"coverage": searchset(COVERAGE)})
        asked = self.without_prefetch(fhirServer=EHR, fhirAuthorization=GRANT)
        assert post(client, asked).get_json() == {"cards": []}
        assert ehr.types() == {"Coverage"}

    def test_clinical_prefetch_is_not_even_looked_at(self, client: FlaskClient) -> None:
        body = encounter("encounter-start", COVERAGE)
        body["prefetch"] |= {**EMPTY_RECORD, "conditions": {"resourceType": "Bundle", "entry": [{"resource": 7}]}}
        assert post(client, body).get_json() == {"cards": []}

    def test_neither_sent_nor_readable_is_412_that_names_the_key(self, client: FlaskClient) -> None:
        assert "coverage" in assert_explained(post(client, self.without_prefetch()), 412, "$.prefetch.coverage")

    @pytest.mark.parametrize("extension", [{}, DECLARED])
    def test_a_record_that_could_not_be_read_is_not_an_empty_one(self, client: FlaskClient, extension: Json) -> None:
        body = encounter(extension=extension)
        body["prefetch"]["coverage"] = OPERATION_OUTCOME
        (card,) = cards_on("insurance", post(client, body))
        assert card["summary"] == "Coverage could not be checked: the coverage record was not read"

    @pytest.mark.parametrize("status", [404, 500])
    def test_a_server_that_fails_or_knows_no_coverage_is_told_of(
        self, client: FlaskClient, net: responses.RequestsMock, status: int
    ) -> None:
        ehr = Ehr(net, {"coverage": searchset()})
        ehr.instead["Coverage"] = lambda: found(OPERATION_OUTCOME, status)
        (card,) = cards_on(
            "insurance", post(client, self.without_prefetch(fhirServer=EHR, fhirAuthorization=GRANT))
        )  # fmt: skip
        assert "was not read" in card["detail"]

    def test_the_encounter_is_required(self, client: FlaskClient) -> None:
        body = encounter("encounter-start", COVERAGE)
        del body["context"]["encounterId"]
        assert_explained(post(client, body), 400, "$.context.encounterId")
