"""CK61 and CK62: what a client sees when the service fails, and what the logs never hold."""

import json
import logging
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conformance.conftest import Holds
from tests.conformance.wire import FEEDBACK, GRANT, SIGN, assert_explained, bearing, example, fresh_token
from tests.conftest import EHR, EMPTY_RECORD, Json, hook_call, order, searchset

NAME, FAMILY, NUMBER, BORN, PHONE = "Zebulon", "Quimby-Thorne", "MRN-4711-0815", "1951-03-07", "555-0142"
COMMENT = "she prefers the other hospital"
PATIENT: Json = {
    "resourceType": "Patient", "id": "patient-zq-77", "birthDate": BORN, "telecom": [{"value": PHONE}],
    "identifier": [{"value": NUMBER}], "name": [{"given": [NAME], "family": FAMILY}],
}  # fmt: skip
SECRETS = (NAME, FAMILY, NUMBER, BORN, PHONE, COMMENT, PATIENT["id"], GRANT["access_token"])
FAILURES = [ValueError(NAME), KeyError(NUMBER), ZeroDivisionError(BORN), RecursionError(NAME), MemoryError(FAMILY)]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["check_orders", "cards_of"], ids=["judging", "writing the card"])
def test_CK61_a_failure_inside_is_told_and_never_an_answer_without_cards(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(f"cds_service.views.{where}", fail)
    answer = client.post(SIGN, json=example("hcc-covered"))
    assert_explained(answer, 500)
    assert not [secret for secret in SECRETS if secret in answer.get_data(as_text=True)]


def test_CK61_after_a_failure_the_next_call_is_answered(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("cds_service.views.check_orders", None)
        assert_explained(client.post(SIGN, json=example("hcc-covered")), 500)
    assert len(client.post(SIGN, json=example("hcc-covered")).get_json()["cards"]) == 1


def private_call(**more: Any) -> Json:
    """A call in which every text tells of the patient."""
    tumor = {
        "resourceType": "Condition", "id": "c1", "subject": {"reference": f"Patient/{PATIENT['id']}", "display": NAME},
        "code": {"text": FAMILY, "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C22.0"}]},
        "note": [{"text": NUMBER}], "recordedDate": "2026-11-01",
    }  # fmt: skip
    draft = order(subject={"reference": f"Patient/{PATIENT['id']}", "display": f"{NAME} {FAMILY}"}, note=BORN)
    sent = {**EMPTY_RECORD, "patient": PATIENT, "conditions": searchset(tumor)}
    body = hook_call(draft, prefetch=sent, fhirServer=EHR, fhirAuthorization=GRANT)
    body["context"]["patientId"] = PATIENT["id"]
    return {**body, **more}


BATCH: list[Json] = [
    private_call(),
    private_call(prefetch={"patient": PATIENT}),
    private_call(prefetch={"conditions": [NAME], "observations": FAMILY}),
    private_call(hook=NAME),
    private_call(hookInstance=[NUMBER]),
    private_call(context={"patientId": PATIENT["id"], "userId": NAME}),
    private_call(fhirServer=f"https://elsewhere.example/{NUMBER}", prefetch={}),
    private_call(fhirAuthorization=[NAME]),
]


def run_batch(hospital: FlaskClient) -> tuple[list[int], list[str]]:
    """Call in every way, well and badly; the statuses, and the tokens that were used."""
    tokens = [fresh_token() for _ in BATCH]
    answers = [hospital.post(SIGN, json=b, headers=bearing(t)) for b, t in zip(BATCH, tokens, strict=True)]
    answers.append(hospital.post(SIGN, json=BATCH[0], headers=bearing(tokens[0])))
    answers.append(hospital.post(f"{SIGN}/{NUMBER}?name={NAME}", json=BATCH[0], headers=bearing(tokens[0])))
    answers.append(hospital.post(SIGN, data=f'{{"hook": {NAME}', headers=bearing(fresh_token())))
    entry = {"card": str(uuid.uuid4()), "outcome": "overridden", "outcomeTimestamp": "2026-11-22T12:24:43Z"}
    for reason in ({"userComment": COMMENT}, {"userComment": [COMMENT]}):
        tokens.append(fresh_token(FEEDBACK))
        body = {"feedback": [{**entry, "overrideReason": reason}]}
        answers.append(hospital.post(FEEDBACK, json=body, headers=bearing(tokens[-1])))
    return [answer.status_code for answer in answers], tokens


@pytest.mark.parametrize("fails", [False, True], ids=["as usual", "with a failure inside"])
def test_CK62_logs_hold_no_token_and_nothing_of_the_patient(
    hospital: FlaskClient, ehr_holds: Holds, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], fails: bool,
) -> None:  # fmt: skip
    def fail(*_: Any) -> None:
        raise ValueError(f"{NAME} {FAMILY}, {NUMBER}")

    ehr = ehr_holds({})
    ehr.instead["Observation"] = lambda: (500, {}, NAME)
    if fails:
        monkeypatch.setattr("cds_service.views.cards_of", fail)
    with caplog.at_level(logging.DEBUG):
        statuses, tokens = run_batch(hospital)
    assert {200, 400, 401} <= set(statuses)
    assert (500 in statuses) == fails
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len([line for line in lines if line["event"] == "call answered"]) == len(BATCH) + 2
    told = caplog.text + json.dumps(lines, ensure_ascii=False)
    parts = [part for compact in tokens for part in (compact, *compact.split(".")[1:])]
    assert [secret for secret in (*SECRETS, *parts) if secret in told] == []


def test_CK62_errors_told_to_the_client_quote_nothing_of_the_body(hospital: FlaskClient, ehr_holds: Holds) -> None:
    ehr_holds({})
    for body in BATCH:
        answer = hospital.post(SIGN, json=body, headers=bearing(fresh_token()))
        quoted = [secret for secret in SECRETS if secret in answer.get_data(as_text=True)]
        assert answer.status_code == 200 or quoted == []
