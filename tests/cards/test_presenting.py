"""All cards of an answer together: their order, how many, which types a client wants, their topics per version."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.crd.options import KINDS
from cds_service.settings import Settings
from tests.cards.building import DECLARED, call, drafted, on_record, post
from tests.conftest import CPT, EMPTY_RECORD, TODAY, Json, hook_call, order, searchset
from tests.crd.test_answering import COVERAGE
from tests.test_encounter_hooks import encounter
from tests.test_named_orders import appointment, booking, dispatching

TEMP = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"
CARD_TYPE = "http://terminology.hl7.org/CodeSystem/cdshooks-card-type"


def unlisted(*snomed: str, **more: Any) -> Json:
    """The second order: an unlisted code, and what it stands for, if that is said."""
    resolved = [{"system": "http://snomed.info/sct", "code": code} for code in snomed]
    return {**order(id="sr-2", **more), "code": {"coding": [{"system": CPT, "code": "47399"}, *resolved]}}


HIFU = "448012004"


def topics(answer: Any) -> list[str]:
    return [card["source"]["topic"]["code"] for card in answer.get_json()["cards"]]


def said(answer: Any) -> list[str]:
    """Each card by how its summary begins."""
    return [card["summary"].partition(":")[0] for card in answer.get_json()["cards"]]


def everything(**more: Any) -> Json:
    """A signing that gets a card of every type: histotripsy, unlisted, for a patient of whom nothing is missing."""
    body = call("histotripsy-alternative", **more)
    patient = {"reference": "Patient/hcc-covered"}
    return drafted(body, unlisted(HIFU, subject=patient))


class TestOrder:
    def test_resp_8_denials_come_first_then_what_is_missing_then_what_is_covered(self, client: FlaskClient) -> None:
        orders = [order(code, id=f"sr-{code}") for code in ("C2616", "47382", "0686T")]
        answer = post(client, hook_call(*orders, prefetch=EMPTY_RECORD))
        assert said(answer)[:3] == ["Not covered", "Documentation missing", "No criterion"]

    def test_cards_on_one_order_come_after_all_coverage_cards_and_suggestions_last(self, client: FlaskClient) -> None:
        orders = [order(), unlisted()]
        answer = post(client, hook_call(*orders, prefetch=EMPTY_RECORD))
        assert topics(answer) == ["guideline", "guideline", "claim", "clinical-reminder", "clinical-reminder"]
        asked = "I.A.kps, I.A.ecog, I.B, I.C, I.D.1, order.detail-code"
        assert said(answer)[-2:] == [f"The documentation form asks {asked} (policy 151, 2025-05-06)",
                                     "Tests for Child-Pugh are missing"]  # fmt: skip

    def test_a_record_that_could_not_be_read_is_as_urgent_as_a_denial(self, client: FlaskClient) -> None:
        failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
        prefetch = {**EMPTY_RECORD, "observations": failed}
        orders = [order("C2616", id="sr-1"), order("47382", id="sr-2"), order("0686T", id="sr-3")]
        answer = post(client, hook_call(*orders, prefetch=prefetch))
        assert said(answer) == ["Not covered", "Could not be determined", "No criterion"]

    def test_orders_of_one_outcome_keep_their_order(self, client: FlaskClient) -> None:
        orders = [order(code, id=f"sr-{code}") for code in ("0944T", "0686T", "C8004")]
        cards = post(client, hook_call(*orders)).get_json()["cards"]
        assert [card["extension"]["coverage-hooks.determination"]["criteria"] for card in cards] == [
            ["IX"], ["VI"], ["VIII"]
        ]  # fmt: skip

    @pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 99])
    def test_max_cards_leaves_the_most_important(self, client: FlaskClient, limit: int) -> None:
        extension = {**DECLARED, "davinci-crd.configuration": {"max-cards": limit}}
        all_of_them = said(post(client, everything(extension=DECLARED)))
        assert len(all_of_them) == 5
        assert said(post(client, everything(extension=extension))) == all_of_them[:limit]


Scenario = Callable[[], Json]
NAMED: Json = {
    **EMPTY_RECORD,
    "serviceRequests": searchset(order(), unlisted(HIFU)),
    "coverage": searchset(COVERAGE),
}
BOTH = ("ServiceRequest/sr-1", "ServiceRequest/sr-2")
SCENARIOS: dict[str, list[Scenario]] = {
    "order-sign": [everything, lambda: call("hcc-no-child-pugh")],
    "order-select": [
        lambda: everything(hook="order-select"),
        lambda: on_record(call("hcc-no-child-pugh", hook="order-select"), "conditions"),
        lambda: call("unlisted-ethanol", hook="order-select"),
    ],
    "order-dispatch": [lambda: dispatching(*BOTH, prefetch=NAMED)],
    "appointment-book": [lambda: booking(appointment(*BOTH), prefetch=NAMED)],
    "encounter-start": [lambda: encounter("encounter-start")],
    "encounter-discharge": [lambda: encounter("encounter-discharge")],
}
"""Calls of plain clients that together get everything a hook can answer."""


class TestOptions:
    @pytest.mark.parametrize("hook", KINDS)
    def test_dev_5_a_hook_offers_exactly_the_types_it_answers_with(self, client: FlaskClient, hook: str) -> None:
        """Coverage information and its child are no card types: what is stated comes as a system action."""
        answers = [post(client, scenario()) for scenario in SCENARIOS[hook]]
        offered = {kind.code for kind in KINDS[hook]}
        stated = (
            {"coverage-info", "unsolicited-determ"}
            if any(a.get_json().get("systemActions") for a in answers)
            else set()
        )
        assert {topic for answer in answers for topic in topics(answer)} | stated == offered

    @pytest.mark.parametrize("topic", ["guideline", "claim", "therapy-alternatives-opt"])
    def test_dev_14_a_type_switched_off_is_not_sent(self, client: FlaskClient, topic: str) -> None:
        extension = {**DECLARED, "davinci-crd.configuration": {topic: False}}
        before = topics(post(client, everything(extension=DECLARED)))
        assert topic in before
        after = post(client, everything(extension=extension))
        assert topics(after) == [code for code in before if code != topic]
        assert after.get_json()["systemActions"]

    def test_reminders_can_be_switched_off(self, client: FlaskClient) -> None:
        extension = {**DECLARED, "davinci-crd.configuration": {"clinical-reminder": False}}
        assert "clinical-reminder" in topics(post(client, call("hcc-no-child-pugh", extension=DECLARED)))
        assert topics(post(client, call("hcc-no-child-pugh", extension=extension))) == ["guideline"]

    def test_dev_6_options_that_make_no_sense_are_logged_by_name(
        self, client: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        extension = {**DECLARED, "davinci-crd.configuration": {"claim": "Okafor", "max-cards": -1}}
        post(client, call(extension=extension))
        (line,) = [r.getMessage() for r in caplog.records if "options" in r.getMessage()]
        assert "claim" in line
        assert "max-cards" in line
        assert "Okafor" not in line


class TestVersions:
    @pytest.mark.parametrize(
        ("extension", "system"),
        [
            ({}, TEMP),
            ({"davinci-crd.requestedVersion": "2.0"}, TEMP),
            ({"davinci-crd.requestedVersion": "2.2"}, CARD_TYPE),
            ({"davinci-crd.configuration": {}}, TEMP),
        ],
    )
    def test_A2_CRDF51_topics_are_of_the_version_the_client_speaks(
        self, client: FlaskClient, extension: Json, system: str
    ) -> None:
        cards = post(client, everything(extension=extension)).get_json()["cards"]
        assert {card["source"]["topic"]["system"] for card in cards} == {system}
        assert all(card["source"]["topic"]["display"] for card in cards)

    @pytest.mark.parametrize(("version", "shape"), [("2.0", str), ("2.2", dict)])
    def test_dev_25_every_card_names_the_orders_it_is_about(
        self, client: FlaskClient, version: str, shape: type
    ) -> None:  # fmt: skip
        body = everything(extension={"davinci-crd.requestedVersion": version})
        cards = post(client, body).get_json()["cards"]
        named = [one for card in cards for one in card["extension"]["davinci-crd.associated-resource"]]
        assert {type(one) for one in named} == {shape}
        assert {one if shape is str else one["reference"] for one in named} == {
            "ServiceRequest/histotripsy-alternative-order-1", "ServiceRequest/sr-2"
        }  # fmt: skip

    def test_an_order_without_an_id_cannot_be_named(self, client: FlaskClient) -> None:
        nameless = {name: value for name, value in order().items() if name != "id"}
        (card, *_) = post(client, hook_call(nameless, prefetch=EMPTY_RECORD)).get_json()["cards"]
        assert card["extension"].keys() == {"coverage-hooks.determination"}


def test_the_payers_site_is_the_source_where_it_is_configured(client: FlaskClient) -> None:
    payer: Any = [{"id": "acme", "label": "Acme", "url": "https://acme.example/", "identifiers": ["Acme"]}]
    service = create_app(Settings(auth="off", today=TODAY, payers=payer)).test_client()
    covered = {**EMPTY_RECORD, "coverage": searchset({**COVERAGE, "payor": [{"display": "Acme"}]})}
    cards = post(service, hook_call(order(), prefetch=covered)).get_json()["cards"]
    assert {(card["source"]["label"], card["source"]["url"]) for card in cards} == {("Acme", "https://acme.example")}
    (card, *_) = post(client, hook_call(order(), prefetch=EMPTY_RECORD)).get_json()["cards"]
    assert "url" not in card["source"]


def test_contract_7_without_a_coverage_of_ours_the_card_says_that_it_was_not_checked(client: FlaskClient) -> None:
    for prefetch, is_checked in (
        (EMPTY_RECORD, False), ({**EMPTY_RECORD, "coverage": searchset(COVERAGE)}, True)
    ):  # fmt: skip
        (card, *_) = post(client, hook_call(order(), prefetch=prefetch)).get_json()["cards"]
        assert ("Coverage was not checked" not in card["detail"]) is is_checked
