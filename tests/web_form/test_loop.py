"""The loop over HTTP alone, tokens on: sign, see what is missing, answer, save, sign again. No log tells of it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds_service.operations.logs import JsonFormatter
from cds_service.settings import ClientSettings
from tests.conformance.wire import SIGN, assert_refused, bearing, example, fresh_token
from tests.conftest import EHR, determinations, identifying_words
from tests.security.building import ISSUER, JWKS_URL, PUBLIC_URL, PUBLISHED
from tests.web_form.building import CLASS_A, OPEN, fields, links, send, words
from tests.web_form.conftest import Start


@pytest.fixture
def hospital(start: Start, tmp_path: Path) -> FlaskClient:
    keys = tmp_path / "keys.json"
    keys.write_bytes(PUBLISHED)
    registered = ClientSettings(
        name="General Hospital", issuer=ISSUER, jku=(JWKS_URL,), fhir_servers=(EHR,), jwks_file=keys
    )
    return start(auth="jwt", public_url=PUBLIC_URL, clients=(registered,), log_level="debug")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every log line as it would be written."""
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(self.format(record))

    handler = Kept()
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield told
    logging.getLogger().removeHandler(handler)


def sign(client: FlaskClient, **more: str) -> list[dict[str, object]]:
    answer = client.post(SIGN, json={**example(OPEN), "fhirServer": EHR, **more}, headers=bearing(fresh_token()))
    return determinations(answer)


def test_sign_see_what_is_missing_answer_save_sign_again_covered(hospital: FlaskClient, lines: list[str]) -> None:
    assert_refused(hospital.post(SIGN, json=example(OPEN)))
    answer = hospital.post(SIGN, json={**example(OPEN), "fhirServer": EHR}, headers=bearing(fresh_token()))
    (before,) = determinations(answer)
    assert (before["outcome"], before["criteria"]) == ("missing-documentation", ["I.C"])
    path = links(answer)[0].removeprefix(PUBLIC_URL)
    form = fields(hospital.get(path))
    hospital.post(f"{path}/outcome", data={**form, "child-pugh-class": CLASS_A})
    hospital.post(path, data={**form, "child-pugh-class": "Tanabe", "author_name": "Tanabe", "action": "save"})
    saved = send(hospital, path, {"child-pugh-class": CLASS_A}, follow_redirects=True)
    assert "The form is saved" in words(saved)
    hospital.get(path + "x")
    (after,) = sign(hospital)
    assert (after["outcome"], after["criteria"]) == ("covered", ["I.D.1.a"])
    assert lines
    whole = "\n".join(lines)
    secrets = (path.rpartition("/")[2], "Ines Okafor", OPEN, CLASS_A)
    assert [word for word in (*identifying_words(), *secrets) if word in whole] == []


def test_the_form_of_a_patient_counts_for_that_patient_of_that_client_alone(hospital: FlaskClient) -> None:
    answer = hospital.post(SIGN, json={**example(OPEN), "fhirServer": EHR}, headers=bearing(fresh_token()))
    send(hospital, links(answer)[0].removeprefix(PUBLIC_URL), {"child-pugh-class": CLASS_A})
    assert sign(hospital)[0]["outcome"] == "covered"
    assert sign(hospital, fhirServer="https://other.example/fhir")[0]["outcome"] == "missing-documentation"
    tenant = bearing(fresh_token(tenant="another"))
    other = hospital.post(SIGN, json={**example(OPEN), "fhirServer": EHR}, headers=tenant)
    assert determinations(other)[0]["outcome"] == "missing-documentation"


def test_a_form_on_record_and_a_newer_record_that_contradicts_it_leave_it_open(hospital: FlaskClient) -> None:
    body = {**example(OPEN), "fhirServer": EHR}
    answer = hospital.post(SIGN, json=body, headers=bearing(fresh_token()))
    send(hospital, links(answer)[0].removeprefix(PUBLIC_URL), {"ecog-grade": "4", "child-pugh-class": CLASS_A})
    contradicting = json.loads(json.dumps(body))
    for entry in contradicting["prefetch"]["observations"]["entry"]:
        if entry["resource"]["id"].endswith("ecog"):
            entry["resource"]["effectiveDateTime"] = "2026-11-24"
    (found,) = determinations(hospital.post(SIGN, json=contradicting, headers=bearing(fresh_token())))
    assert found["answers"]["I.A.ecog"] == "unknown"  # type: ignore[index]
