"""Who may call and what may be read for them, over HTTP."""

import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import responses
from flask.testing import FlaskClient

from cds_service import anywhere, check_of, create_app, may_reach
from cds_service.settings import Settings
from fhir_mappings.addresses import MayReach
from tests.conftest import TODAY, determinations, hook_call, order, searchset
from tests.security.building import FHIR, ISSUER, JWKS_URL, PUBLISHED, header, token

SIGN = "/cds-services/order-sign-crd"
PUBLIC = "https://coverage.example"


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[FlaskClient]:
    """The service with one registered client."""
    (tmp_path / "keys.json").write_bytes(PUBLISHED)
    client: Any = {
        "name": "General Hospital", "issuer": ISSUER, "jwks_file": tmp_path / "keys.json", "jku": [JWKS_URL],
        "fhir_servers": [FHIR],
    }  # fmt: skip
    app = create_app(Settings(auth="jwt", today=TODAY, public_url=PUBLIC, clients=[client]))
    yield app.test_client()
    app.extensions["record of answers"].engine.dispose()


def bearer(jti: str, path: str = SIGN, **more: Any) -> dict[str, str]:
    now = int(time.time())
    claims = {"aud": PUBLIC + path, "iat": now, "exp": now + 300, "jti": jti, **more}
    return {"Authorization": f"Bearer {token(header(), **claims)}"}


def test_a_registered_client_is_answered(hospital: FlaskClient) -> None:
    assert hospital.post(SIGN, json=hook_call(order("0686T")), headers=bearer("a1")).status_code == 200


def test_a_token_is_good_for_one_call(hospital: FlaskClient) -> None:
    headers = bearer("a2")
    codes = [hospital.post(SIGN, json=hook_call(order("0686T")), headers=headers).status_code for _ in range(2)]
    assert codes == [200, 401]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x.y.z"}, bearer("a3", iss="https://elsewhere.example"), bearer("a4", exp=1)],
    ids=["no token", "no JWT", "an issuer nobody knows", "expired"],
)
def test_a_refusal_is_bare_and_counted(hospital: FlaskClient, headers: dict[str, str]) -> None:
    answer = hospital.post(SIGN, json=hook_call(order("0686T")), headers=headers)
    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    counted = hospital.get("/metrics").get_data(as_text=True)
    assert "coverage_hooks_auth_failures_total{" in counted


@pytest.mark.parametrize("path", [f"{SIGN}/feedback", SIGN])
def test_feedback_is_admitted_for_either_address(hospital: FlaskClient, path: str) -> None:
    headers = bearer(f"feedback-{len(path)}", path)
    assert hospital.post(f"{SIGN}/feedback", json={"feedback": []}, headers=headers).status_code == 200


def test_discovery_is_open(hospital: FlaskClient) -> None:
    assert hospital.get("/cds-services").status_code == 200


@responses.activate
def test_only_the_servers_of_the_client_are_read(hospital: FlaskClient) -> None:
    for kind in ("Coverage", "Condition", "Observation", "Procedure"):
        responses.get(f"{FHIR}/{kind}", json=searchset())
    elsewhere = hook_call(order(), fhirServer="https://elsewhere.example/fhir")
    assert hospital.post(SIGN, json=elsewhere, headers=bearer("r1")).status_code == 412
    assert len(responses.calls) == 0
    answer = hospital.post(SIGN, json=hook_call(order(), fhirServer=FHIR), headers=bearer("r2"))
    assert determinations(answer)[0]["order"] == "ServiceRequest/sr-1"
    assert {call.request.url.split("/")[2] for call in responses.calls} == {FHIR.split("/")[2]}


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost", "::1", True),
        ("ehr.example", "127.0.0.1", False),
        ("localhost", "10.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", False),
        ("ehr.example", "192.168.0.9", False),
        ("ehr.example", "169.254.169.254", False),
        ("ehr.example", "fd00::1", False),
        ("ehr.example", "8.8.8.8", True),
    ],
)
def test_a_name_must_not_lead_into_a_private_network(host: str, address: str, allowed: bool) -> None:
    assert may_reach(host, ip_address(address)) is allowed
    assert anywhere(host, ip_address(address))


@pytest.mark.parametrize(("setting", "reaches"), [("false", may_reach), ("true", anywhere)])
def test_private_addresses_are_reached_only_where_that_is_set(
    setting: str, reaches: MayReach, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[MayReach] = []
    monkeypatch.setenv("COVERAGE_HOOKS_ALLOW_PRIVATE_ADDRESSES", setting)
    monkeypatch.setattr("cds_service.FhirClient", lambda reached, **_: given.append(reached))
    check_of(Settings())
    assert given == [reaches]
