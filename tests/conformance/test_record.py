"""CK30 to CK35 and CK38: the record by prefetch, from the EHR, in part, and not at all."""

from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from tests.conformance.conftest import Holds
from tests.conformance.wire import (
    DISCOVERY,
    GRANT,
    OPERATION_OUTCOME,
    SIGN,
    advice,
    assert_explained,
    bearing,
    example,
    fresh_token,
    outcomes,
)  # fmt: skip
from tests.conftest import EHR, EMPTY_RECORD, Json, hook_call, order, searchset

CORE = ("conditions", "observations", "procedures")
MALFORMED: list[Any] = [
    "Condition/1", 7, True, [], {}, [searchset()], {"resourceType": "Patient", "id": "p1"},
    {"resourceType": "Bundle", "entry": "none"}, {"resourceType": "Bundle", "entry": [None, 7, {"resource": 7}, {}]},
    {"resourceType": ["Bundle"]}, {"entry": []},
]  # fmt: skip


def template(client: FlaskClient, key: str, patient: str) -> str:
    service = client.get(DISCOVERY).get_json()["services"][0]
    return f"{EHR}/{service['prefetch'][key].replace('{{context.patientId}}', patient)}"


def call_without(*keys: str, **more: Any) -> Json:
    """The covered example, with the EHR to ask, and these keys left out."""
    body = {**example("hcc-covered"), "fhirServer": EHR, "fhirAuthorization": GRANT, **more}
    return {**body, "prefetch": {key: value for key, value in body["prefetch"].items() if key not in keys}}


@pytest.mark.parametrize("prefetch", [None, {}, {"patient": {"resourceType": "Patient", "id": "p1"}}])
def test_CK30_without_record_or_server_it_is_412_that_names_the_keys(client: FlaskClient, prefetch: Any) -> None:
    text = assert_explained(client.post(SIGN, json=hook_call(order(), prefetch=prefetch)), 412, "$.prefetch")
    assert all(key in text for key in CORE)


def test_CK30_a_server_that_is_not_registered_for_the_client_cannot_be_asked(
    hospital: FlaskClient, net: responses.RequestsMock
) -> None:
    body = hook_call(order(), fhirServer="https://elsewhere.example/fhir", fhirAuthorization=GRANT)
    assert_explained(hospital.post(SIGN, json=body, headers=bearing(fresh_token())), 412, "$.prefetch")
    assert len(net.calls) == 0


def test_CK31_keys_that_are_no_core_of_the_record_may_be_absent(client: FlaskClient) -> None:
    assert outcomes(client.post(SIGN, json=hook_call(order(), prefetch=EMPTY_RECORD))) == ["missing-documentation"]


@pytest.mark.parametrize("key", sorted(set(example("hcc-covered")["prefetch"]) - set(CORE)))
def test_CK31_each_optional_key_may_be_absent(client: FlaskClient, key: str) -> None:
    body = example("hcc-covered")
    del body["prefetch"][key]
    assert set(outcomes(client.post(SIGN, json=body))) <= {"covered", "missing-documentation", "undetermined"}


@pytest.mark.parametrize("key", CORE)
def test_CK32_CK33_just_the_missing_key_is_asked_by_its_template_with_the_token(
    client: FlaskClient, ehr_holds: Holds, key: str
) -> None:
    ehr = ehr_holds(example("hcc-covered")["prefetch"])
    answer = client.post(SIGN, json=call_without(key))
    assert ehr.urls() == [template(client, key, "hcc-covered")]
    assert ehr.authorizations() == {f"Bearer {GRANT['access_token']}"}
    assert advice(answer) == advice(client.post(SIGN, json=example("hcc-covered")))


def test_CK32_a_signed_call_reads_with_the_grant_and_not_with_its_own_token(
    hospital: FlaskClient, ehr_holds: Holds
) -> None:
    ehr = ehr_holds(example("hcc-covered")["prefetch"])
    answer = hospital.post(SIGN, json=call_without(*CORE), headers=bearing(fresh_token()))
    assert outcomes(answer) == ["covered"]
    assert ehr.authorizations() == {f"Bearer {GRANT['access_token']}"}


def test_CK33_nothing_is_asked_when_everything_was_sent(client: FlaskClient, net: responses.RequestsMock) -> None:
    assert outcomes(client.post(SIGN, json=call_without())) == ["covered"]
    assert len(net.calls) == 0


@pytest.mark.parametrize("nothing", [
    None, searchset(), {"resourceType": "Bundle", "type": "searchset"}, {"resourceType": "Bundle", "entry": []},
    {"resourceType": "Bundle", "type": "searchset", "total": 0},
])  # fmt: skip
def test_CK34_a_search_without_matches_is_known_and_not_asked_again(
    client: FlaskClient, net: responses.RequestsMock, nothing: Any
) -> None:
    keys = call_without()["prefetch"]
    body = hook_call(order(), prefetch=dict.fromkeys(keys, nothing), fhirServer=EHR, fhirAuthorization=GRANT)
    assert outcomes(client.post(SIGN, json=body)) == ["missing-documentation"]
    assert len(net.calls) == 0


@pytest.mark.parametrize(("key", "outcome"), [
    ("conditions", "undetermined"), ("observations", "undetermined"), ("procedures", "covered"),
])  # fmt: skip
def test_CK35_a_query_that_failed_at_the_client_is_neither_data_nor_asked_again(
    client: FlaskClient, net: responses.RequestsMock, key: str, outcome: str
) -> None:
    """This order's coverage does not hang on procedures; the card still says that they were not read."""
    body = call_without()
    body["prefetch"][key] = OPERATION_OUTCOME
    (card,) = advice(client.post(SIGN, json=body))
    found = card["extension"]["coverage-hooks.determination"]
    assert found["outcome"] == outcome
    assert [note for note in found["notes"] if "was not read: the client's own query failed" in note]
    assert len(net.calls) == 0


def test_CK35_a_record_of_failed_queries_is_said_to_be_undetermined(client: FlaskClient) -> None:
    """Contract 4: 412 is for what was neither sent nor can be asked; a failed read is a technical failure."""
    body = hook_call(order(), prefetch=dict.fromkeys(CORE, OPERATION_OUTCOME))
    assert outcomes(client.post(SIGN, json=body)) == ["undetermined"]


def test_CK35_a_warning_inside_a_bundle_is_no_data(client: FlaskClient) -> None:
    plain, body = example("hcc-covered"), example("hcc-covered")
    warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational"}]}
    body["prefetch"]["conditions"]["entry"].insert(0, {"resource": warning, "search": {"mode": "outcome"}})
    assert advice(client.post(SIGN, json=body)) == advice(client.post(SIGN, json=plain))


@pytest.mark.parametrize("value", MALFORMED, ids=repr)
@pytest.mark.parametrize("key", [*CORE, "coverage", "patient", "questionnaireResponses"])
def test_CK38_a_malformed_value_denies_nothing_and_breaks_nothing(client: FlaskClient, key: str, value: Any) -> None:
    body = example("hcc-covered")
    body["prefetch"][key] = value
    assert set(outcomes(client.post(SIGN, json=body))) <= {"covered", "missing-documentation", "undetermined"}
