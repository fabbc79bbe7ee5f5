"""Who may ask: registered clients by their tokens, each for what it was told itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient

from tests.conformance.ehr import Ehr
from tests.conftest import EHR, Json
from tests.dtr.conftest import Start
from tests.dtr.wire import (
    NEXT,
    PACKAGE,
    REPORT,
    RESPONSES,
    coverage_of,
    fhir,
    filled,
    named,
    parameters,
    refused,
    signing,
    stated,
)  # fmt: skip
from tests.security.building import ISSUER, JWKS_URL, PUBLISHED
from tests.test_admission import PUBLIC, SIGN, bearer

NAME = "hcc-no-child-pugh"
CLASS_A = {"child-pugh-class": {"valueCoding": {"system": "http://snomed.info/sct", "code": "710065009"}}}
Open = Callable[[str], Ehr]


@pytest.fixture
def hospital(start: Start, tmp_path: Path) -> FlaskClient:
    """The service with one registered client."""
    (tmp_path / "keys.json").write_bytes(PUBLISHED)
    client: Any = {
        "name": "General Hospital", "issuer": ISSUER, "jwks_file": tmp_path / "keys.json", "jku": [JWKS_URL],
        "fhir_servers": [EHR],
    }  # fmt: skip
    return start(auth="jwt", public_url=PUBLIC, clients=[client], record_keys=Fernet.generate_key().decode())


def stated_to(hospital: FlaskClient, tenant: str, jti: str) -> Json:
    answer = hospital.post(SIGN, json=signing(NAME), headers=bearer(jti, tenant=tenant))
    return dict(stated(answer.get_json()))


def asked_for(said: Json) -> Json:
    return parameters(coverage=coverage_of(NAME), context=said["coverage-assertion-id"])


@pytest.mark.parametrize("path", [PACKAGE, NEXT, REPORT, RESPONSES])
def test_spec_120_what_is_about_a_patient_needs_a_token_for_the_url_called(hospital: FlaskClient, path: str) -> None:
    assert hospital.post(path, json={}).status_code == 401
    assert hospital.post(path, json={}, headers=bearer(f"for another {path}")).status_code == 401
    refused(hospital.post(path, json={}, headers=bearer(f"for {path}", path)), 400)


@pytest.mark.parametrize("path", ["/fhir/metadata", "/fhir/Questionnaire", "/fhir/ValueSet/lt-status/$expand"])
def test_what_is_not_is_open_to_all(hospital: FlaskClient, path: str) -> None:
    fhir(hospital.get(path))


def test_a_statement_made_to_one_organization_of_a_client_is_unknown_to_another(
    hospital: FlaskClient, open_ehr: Open
) -> None:
    open_ehr(NAME)
    said = stated_to(hospital, "north", "n1")
    fhir(hospital.post(PACKAGE, json=asked_for(said), headers=bearer("n2", PACKAGE, tenant="north")))
    issue = refused(hospital.post(PACKAGE, json=asked_for(said), headers=bearer("s1", PACKAGE, tenant="south")), 422)
    assert issue["code"] == "not-found"


def test_so_is_its_form(hospital: FlaskClient, open_ehr: Open) -> None:
    open_ehr(NAME)
    said = stated_to(hospital, "north", "n1")
    answer = fhir(hospital.post(PACKAGE, json=asked_for(said), headers=bearer("n2", PACKAGE, tenant="north")))
    form, draft, *_ = [entry["resource"] for entry in named(answer, "packagebundle")[0]["entry"]]
    done = filled(draft, form, CLASS_A)
    refused(hospital.post(RESPONSES, json=done, headers=bearer("s1", RESPONSES, tenant="south")), 422)
    kept = fhir(hospital.post(RESPONSES, json=done, headers=bearer("n3", RESPONSES, tenant="north")), 201)
    path = f"{RESPONSES}/{kept['id']}"
    fhir(hospital.get(path, headers=bearer("n4", path, tenant="north")))
    refused(hospital.get(path, headers=bearer("s2", path, tenant="south")), 404)
