"""The mock EHR of the 2.2.1 suite: US Core's types and search parameters, and errors for everything else."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.conformance.conftest import Holds
from tests.conformance.ehr import Ehr, found
from tests.conformance.wire import GRANT, OPERATION_OUTCOME, example, outcomes
from tests.conftest import EHR, Json
from tests.crd.calls import ASKED_BY, HOOKS, V2_2, VERSIONS, all_statements, covered, dispatching, post

NOT_OF_US_CORE = ("BodyStructure", "ImagingStudy", "MedicationStatement")
SIGNED = example("hcc-covered")
(ORDER,) = (entry["resource"] for entry in SIGNED["context"]["draftOrders"]["entry"])


@pytest.fixture
def mock(ehr_holds: Holds) -> Ehr:
    """It holds the record of a patient who is covered, and the order; a type it does not know is a 400."""
    held = {**SIGNED["prefetch"], "order": {"resourceType": "Bundle", "entry": [{"resource": ORDER}]}}
    ehr = ehr_holds(held)
    ehr.instead = dict.fromkeys(NOT_OF_US_CORE, lambda: found(OPERATION_OUTCOME, 400))
    return ehr


def asked(hook: str, version: Json) -> Json:
    """A call that leaves everything to be read."""
    more = {"fhirServer": EHR, "fhirAuthorization": GRANT, "extension": version}
    if hook == "order-dispatch":
        body = dispatching(f"ServiceRequest/{ORDER['id']}", prefetch={}, **more)
    else:
        body = ASKED_BY[hook](ORDER, prefetch={}, **more)
    body["context"]["patientId"] = SIGNED["context"]["patientId"]
    return body


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("version", VERSIONS)
def test_found_5_everything_is_read_from_an_ehr_that_knows_us_core_only(
    client: FlaskClient, mock: Ehr, hook: str, version: Json
) -> None:
    answer = post(client, asked(hook, version))
    assert outcomes(answer) == ["covered"]
    assert covered(answer) == ["covered"]
    assert mock.authorizations() == {f"Bearer {GRANT['access_token']}"}


@pytest.mark.parametrize("hook", HOOKS)
def test_CRD48_only_parameters_every_server_has_are_sent(client: FlaskClient, mock: Ehr, hook: str) -> None:
    """An unknown parameter is a 500 there; no _include, no modifier, ids in one list."""
    post(client, asked(hook, V2_2))
    names = {name for url in mock.urls() for name, _ in parse_qsl(urlsplit(url).query)}
    assert names == {"patient", "code", "status", *(["_id"] if hook == "order-dispatch" else [])}
    assert all(re.match(rf"{EHR}/[A-Z][A-Za-z]+\\?", url) for url in mock.urls())


@pytest.mark.parametrize("hook", HOOKS)
def test_resp_43_a_token_it_does_not_take_is_technical_trouble(client: FlaskClient, mock: Ehr, hook: str) -> None:
    for kind in ("Condition", "Observation", "Procedure"):
        mock.instead[kind] = lambda: found(OPERATION_OUTCOME, 401)
    answer = post(client, asked(hook, V2_2))
    assert outcomes(answer) == ["undetermined"]
    assert "technical" in str(all_statements(answer))
