"""What the 2.2.1 suite asserts of discovery: versions, options, and the standard prefetch expressions."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conformance.conftest import Holds
from tests.conformance.wire import GRANT, outcomes
from tests.conftest import EHR, TODAY, Json, order, searchset
from tests.crd.calls import ASKED_BY, COVERAGE, HOOKS, ORDERS, PRIMARY, V2_2, actions, post

CARD_TYPES = {
    "coverage-info", "unsolicited-determ", "claim", "insurance", "limits", "network", "appropriate-use", "cost",
    "therapy-alternatives-opt", "therapy-alternatives-req", "clinical-reminder", "duplicate-therapy",
    "contraindication", "guideline", "off-guideline",
}  # fmt: skip
STANDARD = {
    "patient": "Patient/{{context.patientId}}",
    "encounter": "Encounter/{{context.encounterId}}",
    "coverage": "Coverage?patient={{context.patientId}}&status=active",
}
TYPES = {"boolean": bool, "integer": int}


@pytest.fixture(scope="module")
def services(client: FlaskClient) -> list[Json]:
    return list(client.get("/cds-services").get_json()["services"])


def options(service: Json) -> list[Json]:
    return list(service["extension"]["davinci-crd.configuration-options"])


def test_dev_1_dev_2_each_service_declares_every_version_it_speaks(services: list[Json]) -> None:
    for service in services:
        spoken = service["extension"]["davinci-crd.version"]
        assert spoken == ["2.0", "2.2"]
        assert all(re.fullmatch(r"[1-9]\d*\.\d+", version) for version in spoken)


def test_dev_2_every_version_declared_is_spoken_on_every_hook(client: FlaskClient, services: list[Json]) -> None:
    for service in (one for one in services if one["hook"] in HOOKS):
        for version in service["extension"]["davinci-crd.version"]:
            asked = ASKED_BY[service["hook"]](
                ORDERS["ServiceRequest"], extension={"davinci-crd.requestedVersion": version}
            )
            assert actions(post(client, asked))


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("version", ["1.0", "2.1", "3.0", "2", "newest"])
def test_dev_3_a_version_nobody_speaks_is_an_error(client: FlaskClient, hook: str, version: str) -> None:
    asked = ASKED_BY[hook](ORDERS["ServiceRequest"], extension={"davinci-crd.requestedVersion": version})
    answer = post(client, asked)
    assert answer.status_code == 400
    (issue,) = answer.get_json()["issue"]
    assert (issue["code"], issue["expression"]) == ("not-supported", ['$.extension["davinci-crd.requestedVersion"]'])


def test_dev_4_every_option_says_what_it_is(services: list[Json]) -> None:
    for service in services:
        for option in options(service):
            assert option.keys() == {"code", "type", "name", "description", "default"}
            assert isinstance(option["default"], TYPES[option["type"]])
            assert all(isinstance(option[name], str) and option[name] for name in ("code", "name", "description"))


def test_dev_5_primary_hooks_have_a_switch_for_coverage_information(services: list[Json]) -> None:
    for service in (one for one in services if one["hook"] in PRIMARY):
        switches = {option["code"] for option in options(service) if option["type"] == "boolean"}
        assert "coverage-info" in switches


def test_dev_7_dev_10_codes_are_the_guides_card_types_and_the_limit(services: list[Json]) -> None:
    for service in services:
        codes = {option["code"] for option in options(service)}
        assert codes - CARD_TYPES == {"max-cards"}
        assert len(codes) > 1


def test_dev_8_no_two_options_of_a_service_share_a_name(services: list[Json]) -> None:
    for service in services:
        for name in ("code", "name", "description"):
            said = [option[name] for option in options(service)]
            assert len(set(said)) == len(said)


def test_dev_9_an_option_says_the_same_on_every_hook(services: list[Json]) -> None:
    by_code: dict[str, Json] = {}
    for option in (option for service in services for option in options(service)):
        assert by_code.setdefault(option["code"], option) == option


def test_found_29_standard_data_is_asked_for_by_the_standard_expressions(services: list[Json]) -> None:
    for service in services:
        has_encounter = service["hook"] != "order-dispatch"  # its context tells none
        asked = {key: service["prefetch"].get(key) for key in STANDARD}
        assert asked == {**STANDARD, "encounter": STANDARD["encounter"] if has_encounter else None}


@pytest.fixture(scope="module")
def sparing() -> FlaskClient:
    """The service with nothing but the standard data asked for by prefetch."""
    settings = Settings(auth="off", today=TODAY, fhir_servers=(EHR,), clinical_prefetch=False)
    return create_app(settings).test_client()


def test_found_27_prefetch_can_be_left_to_what_every_call_needs(sparing: FlaskClient) -> None:
    for service in sparing.get("/cds-services").get_json()["services"]:
        assert service["prefetch"].keys() <= STANDARD.keys()
        assert service["prefetch"]["coverage"] == STANDARD["coverage"]


@pytest.mark.parametrize(("code", "asked"), [("99213", False), ("0686T", False), ("47382", True)])
def test_found_28_what_only_some_orders_need_is_queried_for_them_alone(
    sparing: FlaskClient, ehr_holds: Holds, code: str, asked: bool
) -> None:
    ehr = ehr_holds({})
    body = ASKED_BY["order-sign"](
        order(code), prefetch={"coverage": searchset(COVERAGE)}, fhirServer=EHR, fhirAuthorization=GRANT, extension=V2_2
    )
    assert actions(post(sparing, body))
    assert ({"Condition", "Observation", "Procedure"} <= ehr.types()) is asked
    assert asked or ehr.asked == []


def test_found_24_the_same_record_by_prefetch_and_by_query_gets_the_same_answer(
    client: FlaskClient, ehr_holds: Holds
) -> None:
    sent: Any = {
        "coverage": searchset(COVERAGE),
        "conditions": searchset(),
        "observations": None,
        "procedures": searchset(),
    }
    ehr_holds({name: value for name, value in sent.items() if value})
    by_prefetch = post(client, ASKED_BY["order-sign"](order(), prefetch=sent))
    by_query = post(client, ASKED_BY["order-sign"](order(), prefetch={}, fhirServer=EHR, fhirAuthorization=GRANT))
    assert outcomes(by_prefetch) == outcomes(by_query) == ["missing-documentation"]


@pytest.mark.parametrize("hook", HOOKS)
def test_found_32_data_values_that_are_missing_are_no_412(client: FlaskClient, hook: str) -> None:
    """Sent, and empty: that is an answer, and what is not there is asked of a person."""
    answer = post(client, ASKED_BY[hook](order(), extension=V2_2))
    assert outcomes(answer) == ["missing-documentation"]
