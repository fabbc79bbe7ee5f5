"""An EHR that fails: whatever it does, the answer is 200, says so, and denies nothing."""

from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from tests.conformance.conftest import Holds
from tests.conformance.ehr import Ehr, found
from tests.conformance.test_reads import fails
from tests.conformance.wire import GRANT, OPERATION_OUTCOME, outcomes
from tests.conftest import EHR, Json, order, searchset
from tests.crd.calls import (
    ASKED_BY,
    COVERAGE,
    HOOKS,
    PRIMARY,
    V2_0,
    V2_2,
    VERSIONS,
    actions,
    all_statements,
    covered,
    dispatching,
    parts,
    post,
)  # fmt: skip
from tests.crd.suites import assert_answer

IN_BOTH: Any = pytest.mark.parametrize("version", VERSIONS, ids=lambda v: v["davinci-crd.requestedVersion"])
TYPES = (
    "Condition", "Observation", "Procedure", "Coverage", "ServiceRequest", "DiagnosticReport", "ImagingStudy",
    "BodyStructure", "QuestionnaireResponse", "MedicationRequest", "MedicationStatement", "DeviceRequest",
)  # fmt: skip
FAILURES = {
    **{str(status): (lambda s=status: found(OPERATION_OUTCOME, s)) for status in (400, 401, 403, 404, 429, 500, 503)},
    "200 with an OperationOutcome": lambda: found(OPERATION_OUTCOME),
    "200 with HTML": lambda: (200, {}, "<html>"),
    "no connection": fails(requests.ConnectionError("p1")),
    "no answer in time": fails(requests.ReadTimeout("p1")),
}
WITH_TOKEN: Json = {"fhirServer": EHR, "fhirAuthorization": {**GRANT, "access_token": "TRIGGER_500_STATUS"}}
ONLY_COVERAGE: Json = {"coverage": searchset(COVERAGE)}


@pytest.fixture
def failing(ehr_holds: Holds) -> Ehr:
    """An EHR that answers 500 to everything."""
    ehr = ehr_holds({})
    ehr.instead = dict.fromkeys(TYPES, FAILURES["500"])
    return ehr


@pytest.mark.parametrize("hook", HOOKS)
def test_resp_43_an_ehr_that_answers_500_to_everything_is_technical_trouble(
    client: FlaskClient, failing: Ehr, hook: str
) -> None:
    answer = post(client, ASKED_BY[hook](order(), prefetch=ONLY_COVERAGE, extension=V2_2, **WITH_TOKEN))
    assert_answer(answer)
    assert outcomes(answer) == ["undetermined"]
    assert covered(answer) == ["indeterminate"]
    (statement,) = all_statements(answer)
    reason = parts(statement)["reason"]
    assert [coding["code"] for coding in reason["coding"]] == ["technical"]
    assert "could not be read" in reason["text"]
    assert "doc-needed" not in parts(statement)
    assert failing.authorizations() == {"Bearer TRIGGER_500_STATUS"}


@pytest.mark.parametrize("hook", HOOKS)
def test_resp_43_in_2_0_technical_trouble_is_conditional_and_told(client: FlaskClient, failing: Ehr, hook: str) -> None:
    """That version has neither `indeterminate` nor `technical`: the reason says it in words."""
    answer = post(client, ASKED_BY[hook](order(), prefetch=ONLY_COVERAGE, extension=V2_0, **WITH_TOKEN))
    assert_answer(answer)
    (statement,) = all_statements(answer)
    said = parts(statement)
    assert (said["covered"], said["pa-needed"], said["info-needed"]) == ("conditional", "conditional", "OTH")
    assert (
        "could not be read"
        in next(p for p in statement["extension"] if p["url"] == "reason")["valueCodeableConcept"]["text"]
    )
    assert failing.asked


@IN_BOTH
@pytest.mark.parametrize("hook", PRIMARY)
@pytest.mark.parametrize("failure", FAILURES)
def test_impl_2_found_34_however_the_ehr_fails_nothing_is_denied(
    client: FlaskClient, ehr_holds: Holds, hook: str, version: Json, failure: str
) -> None:
    ehr = ehr_holds({})
    ehr.instead = dict.fromkeys(TYPES, FAILURES[failure])
    answer = post(client, ASKED_BY[hook](order(), prefetch=ONLY_COVERAGE, extension=version, **WITH_TOKEN))
    assert_answer(answer)
    assert outcomes(answer) == ["undetermined"]
    assert covered(answer) == ["indeterminate" if version is V2_2 else "conditional"]


@IN_BOTH
@pytest.mark.parametrize("hook", ["order-sign", "appointment-book", "order-select"])
@pytest.mark.parametrize("failure", FAILURES)
def test_nothing_readable_not_even_the_coverage_is_an_undetermined_card_without_a_statement(
    client: FlaskClient, ehr_holds: Holds, hook: str, version: Json, failure: str
) -> None:
    """Contract 7. A Coverage that could not be read is not a patient without one: no 400."""
    ehr = ehr_holds({})
    ehr.instead = dict.fromkeys(TYPES, FAILURES[failure])
    answer = post(client, ASKED_BY[hook](order(), prefetch={}, extension=version, **WITH_TOKEN))
    assert outcomes(answer) == ["undetermined"]
    assert actions(answer) == []


@IN_BOTH
def test_an_order_that_cannot_be_read_is_undetermined_and_not_stated_on(
    client: FlaskClient, failing: Ehr, version: Json
) -> None:
    answer = post(client, dispatching("ServiceRequest/sr-1", extension=version, **WITH_TOKEN))
    assert outcomes(answer) == ["undetermined"]
    assert actions(answer) == []
    assert failing.asked


@IN_BOTH
def test_a_prefetched_coverage_that_failed_at_the_client_is_no_patient_without_one(
    client: FlaskClient, version: Json
) -> None:
    failed = {"conditions": OPERATION_OUTCOME, "observations": None, "procedures": None, "coverage": OPERATION_OUTCOME}
    answer = post(client, ASKED_BY["order-sign"](order(), prefetch=failed, extension=version))
    assert answer.status_code == 200
    assert actions(answer) == []


@IN_BOTH
@pytest.mark.parametrize("coverage", [searchset(), None])
def test_hook_13_a_patient_without_a_coverage_of_ours_is_a_400_for_who_declares_crd(
    client: FlaskClient, ehr_holds: Holds, version: Json, coverage: Any
) -> None:
    ehr_holds({})
    body = ASKED_BY["order-sign"](order(), prefetch={"coverage": coverage}, extension=version, **WITH_TOKEN)
    answer = post(client, body)
    assert (answer.status_code, answer.get_json()["issue"][0]["code"]) == (400, "not-found")


def test_hook_13_a_coverage_the_ehr_was_asked_for_and_does_not_have_is_a_400(
    client: FlaskClient, ehr_holds: Holds
) -> None:
    ehr = ehr_holds({})
    answer = post(client, ASKED_BY["order-sign"](order(), prefetch={}, extension=V2_2, **WITH_TOKEN))
    assert answer.status_code == 400
    assert "Coverage" in ehr.types()


@IN_BOTH
def test_found_34_what_was_sent_is_enough_where_the_rest_cannot_be_read(
    client: FlaskClient, failing: Ehr, version: Json
) -> None:
    """A service that is never covered is judged without the record: no trouble of the EHR changes it."""
    answer = post(
        client, ASKED_BY["order-sign"](order("0686T"), prefetch=ONLY_COVERAGE, extension=version, **WITH_TOKEN)
    )
    assert covered(answer) == ["not-covered"]
    assert failing.asked == []
