"""What holds no patient data: the CapabilityStatement, forms, code system and value sets, open to all."""

import pytest
from flask.testing import FlaskClient

from fhir_mappings.form_codes import FORM_STATEMENTS, LINK_IDS, STATEMENTS
from tests.conftest import Json
from tests.dtr.conftest import Start
from tests.dtr.wire import ADAPTIVE, BASE, FORM, REPORT, fhir, parameters, refused

FACTS = f"{BASE}/CodeSystem/liver-ablation-facts"


def found(service: FlaskClient, query: str) -> list[Json]:
    bundle = fhir(service.get(f"/fhir/{query}"))
    assert (bundle["type"], bundle["total"]) == ("searchset", len(bundle.get("entry", [])))
    return [entry["resource"] for entry in bundle.get("entry", [])]


def test_the_capability_statement_names_what_there_is(service: FlaskClient) -> None:
    (rest,) = fhir(service.get("/fhir/metadata"))["rest"]
    offered = {one["type"]: {op["name"] for op in one.get("operation", [])} for one in rest["resource"]}
    assert offered["Questionnaire"] == {"questionnaire-package", "next-question", "log-questionnaire-errors"}
    assert offered["ValueSet"] == {"expand"}
    assert "QuestionnaireResponse" in offered


def test_without_a_key_no_form_is_said_to_be_taken(start: Start) -> None:
    (rest,) = fhir(start().get("/fhir/metadata"))["rest"]
    assert "QuestionnaireResponse" not in {one["type"] for one in rest["resource"]}


@pytest.mark.parametrize(
    ("query", "urls"),
    [
        (f"Questionnaire?url={FORM}", [FORM]),
        (f"Questionnaire?url={FORM}&version=2025-05-06", [FORM]),
        (f"Questionnaire?url={FORM}|2025-05-06", [FORM]),
        (f"Questionnaire?url={FORM}&version=1999", []),
        ("Questionnaire?url=http://other.example/Questionnaire/x", []),
        ("Questionnaire", [FORM, ADAPTIVE]),
        (f"CodeSystem?url={FACTS}", [FACTS]),
        (f"ValueSet?url={BASE}/ValueSet/lt-status", [f"{BASE}/ValueSet/lt-status"]),
    ],
)
def test_they_are_found_by_url_and_version(service: FlaskClient, query: str, urls: list[str]) -> None:
    assert [one["url"] for one in found(service, query)] == urls


@pytest.mark.parametrize("kind", ["Questionnaire", "CodeSystem", "ValueSet"])
def test_each_is_read_by_its_id(service: FlaskClient, kind: str) -> None:
    for one in found(service, kind):
        assert fhir(service.get(f"/fhir/{kind}/{one['id']}")) == one
    refused(service.get(f"/fhir/{kind}/nothing"), 404)


def test_the_code_system_has_every_code_of_the_readers(service: FlaskClient) -> None:
    (system,) = found(service, "CodeSystem")
    codes = {concept["code"] for concept in system["concept"]}
    choices = {code for listed in (STATEMENTS | FORM_STATEMENTS).values() for code in listed or ()}
    assert codes == LINK_IDS | choices
    assert system["count"] == len(system["concept"])


class TestExpansion:
    URL = f"{BASE}/ValueSet/lt-status"

    def codes(self, value_set: Json) -> list[str]:
        return [one["code"] for one in value_set["expansion"].get("contains", [])]

    def test_CRDF75_by_url_by_id_and_posted_it_is_the_same(self, service: FlaskClient) -> None:
        whole = ["not-awaiting", "evaluating", "listed", "asked-unknown"]
        posted = {"resourceType": "Parameters", "parameter": [{"name": "url", "valueUri": self.URL}]}
        for answer in (
            service.get(f"/fhir/ValueSet/$expand?url={self.URL}"),
            service.get("/fhir/ValueSet/lt-status/$expand"),
            service.post("/fhir/ValueSet/$expand", json=posted),
        ):
            expanded = fhir(answer)
            assert self.codes(expanded) == whole
            assert expanded["expansion"]["timestamp"] == "2026-11-24"

    def test_by_words(self, service: FlaskClient) -> None:
        answer = fhir(service.get(f"/fhir/ValueSet/$expand?url={self.URL}&filter=LISTED"))
        assert self.codes(answer) == ["listed"]
        nothing = fhir(service.get(f"/fhir/ValueSet/$expand?url={self.URL}&filter=zzz"))
        assert (self.codes(nothing), nothing["expansion"]["total"]) == ([], 0)

    def test_what_cannot_be_expanded_is_refused(self, service: FlaskClient) -> None:
        refused(service.get("/fhir/ValueSet/$expand"), 400)
        refused(service.get("/fhir/ValueSet/$expand?url=http://other.example/ValueSet/x"), 404)
        inline = parameters(valueSet={"resourceType": "ValueSet", "status": "draft"})
        assert refused(service.post("/fhir/ValueSet/$expand", json=inline), 400)["expression"] == ["$.parameter[0]"]


OUTCOME: Json = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "exception", "diagnostics": "Zebulon of Patient/p"}],
}


class TestReportedErrors:
    def test_CRDF75_they_are_logged_by_form_and_severity_without_their_words(
        self, service: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        fhir(service.post(REPORT, json=parameters(questionnaire=f"{FORM}|2025-05-06", operationOutcome=OUTCOME)))
        (line,) = [record for record in caplog.records if "trouble" in record.getMessage()]
        assert (line.form, line.issues) == ("liver-tumor-ablation|2025-05-06", {"error": 1})
        assert "Zebulon" not in caplog.text

    def test_a_form_that_is_not_ours_is_not_logged_by_name(
        self, service: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        fhir(service.post(REPORT, json=parameters(questionnaire="http://x/Zebulon", operationOutcome=OUTCOME)))
        assert [record.form for record in caplog.records if "trouble" in record.getMessage()] == ["not of this service"]

    def test_a_version_nobody_knows_is_not_logged_as_it_was_written(
        self, service: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        fhir(service.post(REPORT, json=parameters(questionnaire=f"{FORM}|Zebulon", operationOutcome=OUTCOME)))
        assert "Zebulon" not in str([record.__dict__ for record in caplog.records])

    def test_a_report_without_its_parts_is_refused(self, service: FlaskClient) -> None:
        refused(service.post(REPORT, json=parameters(questionnaire=FORM)), 400)
        refused(service.post(REPORT, json=parameters(operationOutcome=OUTCOME)), 400)
