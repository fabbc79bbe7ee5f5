"""What a client sees over HTTP: discovery, calls, errors, CORS."""

import logging
from typing import Any

import pytest
import responses
from fhir.resources.R4B.operationoutcome import OperationOutcome
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.settings import Settings
from tests.conftest import EHR, EMPTY_RECORD, Json, determinations, hook_call, order, searchset


def assert_outcome(response: Any, status: int, place: str | None = None) -> None:
    assert response.status_code == status
    assert response.mimetype == "application/fhir+json"
    outcome = OperationOutcome.model_validate(response.get_json())
    if place is not None:
        assert outcome.issue[0].expression == [place]


class TestDiscovery:
    def test_it_offers_order_sign_with_the_standard_strings(self, client: FlaskClient) -> None:
        service = client.get("/cds-services").get_json()["services"][0]
        assert (service["id"], service["hook"]) == ("order-sign-crd", "order-sign")
        assert service["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert service["prefetch"]["encounter"] == "Encounter/{{context.encounterId}}"
        assert service["prefetch"]["coverage"] == "Coverage?patient={{context.patientId}}&status=active"

    def test_a_trailing_slash_is_no_other_page(self, client: FlaskClient) -> None:
        assert client.get("/cds-services/").get_json() == client.get("/cds-services").get_json()

    def test_D20_every_clinical_template_is_one_plain_search_by_patient(self, client: FlaskClient) -> None:
        service = client.get("/cds-services").get_json()["services"][0]
        clinical = {k: v for k, v in service["prefetch"].items() if k not in ("patient", "encounter", "coverage")}
        assert {"conditions", "observations", "procedures"} <= clinical.keys()
        for template in clinical.values():
            query = template.partition("?")[2].split("&")
            names = [part.partition("=")[0] for part in query]
            assert query[0] == "patient={{context.patientId}}"
            assert len(names) == len(set(names))
            assert set(names) <= {"patient", "code"}


class TestCalls:
    def test_an_order_outside_every_policy_gets_no_card_and_needs_no_record(self, sign: Any) -> None:
        assert sign(hook_call(order("99213"))).get_json() == {"cards": []}

    def test_one_card_for_each_order_the_policy_addresses(self, sign: Any) -> None:
        answer = sign(hook_call(order("0686T"), order("99213"), order("0944T")))
        assert [d["criteria"] for d in determinations(answer)] == [["VI"], ["IX"]]

    def test_an_order_that_is_not_to_be_performed_is_none(self, sign: Any) -> None:
        assert sign(hook_call(order("0686T", doNotPerform=True))).get_json() == {"cards": []}

    @pytest.mark.parametrize("status", ["draft", "active", "on-hold", None])
    def test_V33_an_order_signed_again_is_judged_whatever_its_status(self, sign: Any, status: str | None) -> None:
        signed = order("0686T", status=status) if status else {k: v for k, v in order("0686T").items() if k != "status"}
        assert determinations(sign(hook_call(signed)))[0]["outcome"] == "not-covered"

    def test_answers_about_patients_are_not_cached(self, sign: Any) -> None:
        assert sign(hook_call(order("0686T"))).headers["Cache-Control"] == "no-store"

    def test_unknown_members_are_ignored(self, sign: Any) -> None:
        body = hook_call(order("0686T"), extension={"org.example": 1}, surprise=[None])
        assert sign(body).status_code == 200


class TestRecordNeeded:
    def test_R22_nothing_sent_and_nothing_to_ask_is_412_naming_the_keys(self, sign: Any) -> None:
        answer = sign(hook_call(order()))
        assert_outcome(answer, 412, "$.prefetch")
        text = answer.get_json()["issue"][0]["details"]["text"]
        assert all(key in text for key in ("conditions", "observations", "procedures"))

    def test_a_server_that_is_not_allowed_cannot_be_asked(self, sign: Any) -> None:
        assert_outcome(sign(hook_call(order(), fhirServer="https://elsewhere.example/fhir")), 412)

    @pytest.mark.parametrize("code", ["0686T", "0944T", "C8004", "C2616"])
    def test_codes_without_patient_criteria_need_no_record(self, sign: Any, code: str) -> None:
        assert sign(hook_call(order(code))).status_code == 200

    def test_a_part_of_the_record_is_judged_and_the_rest_is_unread_not_empty(self, sign: Any) -> None:
        (found,) = determinations(sign(hook_call(order(), prefetch={"conditions": searchset()})))
        assert found["outcome"] == "undetermined"
        assert any("Observation was not read" in note for note in found["notes"])

    def test_R16_an_operation_outcome_as_value_is_a_failed_read(self, sign: Any) -> None:
        failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
        (found,) = determinations(sign(hook_call(order(), prefetch={**EMPTY_RECORD, "observations": failed})))
        assert found["outcome"] == "undetermined"

    def test_R13_null_is_a_search_without_matches(self, sign: Any) -> None:
        nothing = dict.fromkeys(EMPTY_RECORD)
        (found,) = determinations(sign(hook_call(order(), prefetch=nothing)))
        assert found["outcome"] == "missing-documentation"

    @responses.activate
    def test_what_was_not_sent_is_asked_with_the_token(self, sign: Any) -> None:
        responses.get(url := f"{EHR}/Observation", json=searchset())
        for kind in ("Coverage", "ServiceRequest", "DiagnosticReport", "ImagingStudy", "BodyStructure"):
            responses.get(f"{EHR}/{kind}", json=searchset())
        for kind in ("QuestionnaireResponse", "MedicationRequest", "MedicationStatement"):
            responses.get(f"{EHR}/{kind}", status=404)
        sent = {key: value for key, value in EMPTY_RECORD.items() if key != "observations"}
        token = {"access_token": "secret-token", "token_type": "Bearer", "expires_in": 300, "scope": "user/*.read"}
        answer = sign(hook_call(order(), prefetch=sent, fhirServer=EHR, fhirAuthorization=token))
        assert determinations(answer)[0]["outcome"] == "missing-documentation"
        asked = [call.request for call in responses.calls]
        assert all(request.headers["Authorization"] == "Bearer secret-token" for request in asked)
        assert sum(request.url.startswith(url) for request in asked) == 1
        assert not any("/Condition" in request.url for request in asked)


class TestErrors:
    def test_an_unknown_service_is_404(self, client: FlaskClient) -> None:
        assert_outcome(client.post("/cds-services/nothing-here", json={}), 404)

    def test_a_body_that_is_no_json_is_400(self, client: FlaskClient) -> None:
        answer = client.post("/cds-services/order-sign-crd", data=b"{not json", content_type="application/json")
        assert_outcome(answer, 400, "$")

    def test_a_body_of_another_type_is_415(self, client: FlaskClient) -> None:
        assert_outcome(client.post("/cds-services/order-sign-crd", data=b"<a/>", content_type="application/xml"), 415)

    def test_another_method_is_405_and_says_which_are_allowed(self, client: FlaskClient) -> None:
        answer = client.get("/cds-services/order-sign-crd")
        assert_outcome(answer, 405)
        assert "POST" in answer.headers["Allow"]

    def test_a_body_beyond_the_limit_is_413(self) -> None:
        small = create_app(Settings(auth="off", max_body_bytes=1024)).test_client()
        assert_outcome(small.post("/cds-services/order-sign-crd", json={"hook": "x" * 2000}), 413)

    def test_deep_nesting_is_400_and_no_crash(self, client: FlaskClient) -> None:
        deep = b'{"hook":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
        answer = client.post("/cds-services/order-sign-crd", data=deep, content_type="application/json")
        assert_outcome(answer, 400)

    def test_a_failure_inside_is_500_and_neither_body_nor_log_quotes_the_record(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(*_: Any) -> None:
            raise ValueError("Jane Roe has hepatocellular carcinoma")

        monkeypatch.setattr("cds_service.views.check_orders", fail)
        with caplog.at_level(logging.DEBUG):
            answer = client.post("/cds-services/order-sign-crd", json=hook_call(order()))
        assert_outcome(answer, 500)
        assert "Jane" not in answer.get_data(as_text=True) + caplog.text
        assert "ValueError" in caplog.text


class TestCors:
    @pytest.mark.parametrize("path", ["/cds-services", "/cds-services/order-sign-crd", "/nowhere"])
    def test_X14_a_preflight_needs_no_token(self, client: FlaskClient, path: str) -> None:
        answer = client.options(path, headers={"Access-Control-Request-Headers": "authorization,content-type"})
        assert answer.status_code == 204
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()

    def test_X14_errors_carry_the_headers_too(self, client: FlaskClient, sign: Any) -> None:
        for answer in (client.get("/nowhere"), sign({}), sign(hook_call(order()))):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_nothing_of_a_patient_is_logged(sign: Any, caplog: pytest.LogCaptureFixture) -> None:
    condition: Json = {
        "resourceType": "Condition", "id": "very-private-id", "subject": {"reference": "Patient/p1"},
        "code": {"text": "very private text", "coding": [{"code": "C22.0"}]},
    }  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        sign(hook_call(order(), prefetch={**EMPTY_RECORD, "conditions": searchset(condition)}))
    assert "private" not in caplog.text
    assert "p1" not in caplog.text


def test_health_is_public(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"status": "ok"}
