"""$questionnaire-package: what comes, in which order, and what is refused by its place with nothing given away."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conformance.ehr import Ehr
from tests.conformance.wire import example
from tests.conftest import Json, order
from tests.dtr.conftest import Start
from tests.dtr.wire import (
    ADAPTIVE,
    FORM,
    PACKAGE,
    coverage_of,
    fhir,
    items_of,
    named,
    package,
    parameters,
    refused,
    signed,
    stated,
)  # fmt: skip

NAME = "hcc-no-child-pugh"
COVERAGE = coverage_of(NAME)
ORDER = example(NAME)["context"]["draftOrders"]["entry"][0]["resource"]
Open = Callable[[str], Ehr]
QR_CONTEXT = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/qr-context"
ORIGIN = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin"


def warnings(answer: Json) -> list[tuple[str, str]]:
    return [(issue["severity"], issue["code"]) for one in named(answer, "outcome") for issue in one["issue"]]


def post(service: FlaskClient, **asked: Any) -> Json:
    return fhir(service.post(PACKAGE, json=parameters(**asked)))


class TestWhatComes:
    def test_CRDF73_the_draft_is_of_the_patient_the_order_and_the_coverage(
        self, service: FlaskClient, open_ehr: Open
    ) -> None:  # fmt: skip
        open_ehr(NAME)
        said = stated(signed(service, NAME))
        form, draft = package(service, coverage=COVERAGE, context=said["coverage-assertion-id"])
        extensions = {one["url"].rpartition("/")[2]: one for one in draft["extension"]}
        assert draft["subject"]["reference"].endswith(NAME)
        assert extensions["qr-coverage"]["valueReference"]["reference"] == f"Coverage/{COVERAGE['id']}"
        assert extensions["qr-context"]["valueReference"]["reference"] == f"ServiceRequest/{ORDER['id']}"
        assert draft["identifier"]["value"] == said["coverage-assertion-id"]
        assert (draft["status"], draft["questionnaire"]) == ("in-progress", f"{FORM}|{form['version']}")

    def test_what_is_filled_in_says_that_it_came_from_us(self, service: FlaskClient, open_ehr: Open) -> None:
        open_ehr(NAME)
        _, draft = package(service, coverage=COVERAGE, order=ORDER)
        origins = [e for item in items_of(draft) for e in item["answer"][0]["extension"] if e["url"] == ORIGIN]
        assert len(origins) == len(items_of(draft)) > 5
        assert {e["extension"][0]["valueCode"] for e in origins} == {"auto-server"}

    def test_the_value_sets_of_its_choices_come_expanded(self, service: FlaskClient, open_ehr: Open) -> None:
        open_ehr(NAME)
        (bundle,) = named(post(service, coverage=COVERAGE, order=ORDER), "packagebundle")
        form, _, *sets = [entry["resource"] for entry in bundle["entry"]]
        choices = {item["linkId"]: item["answerOption"] for item in items_of(form) if item["type"] == "choice"}
        assert {one["id"] for one in sets} == choices.keys()
        for one in sets:
            offered = [option["valueCoding"]["code"] for option in choices[one["id"]]]
            assert [code["code"] for code in one["expansion"]["contains"]] == offered

    def test_without_a_record_the_form_asks_all_that_is_open_and_says_why(self, start: Start) -> None:
        answer = post(start(fhir_servers=()), coverage=COVERAGE, order=ORDER)
        assert warnings(answer) == [("information", "incomplete")]
        form = named(answer, "packagebundle")[0]["entry"][0]["resource"]
        assert len(items_of(form)) > 15

    def test_the_record_may_be_brought_along(self, start: Start) -> None:
        brought = [
            entry["resource"] for bundle in example(NAME)["prefetch"].values() for entry in bundle.get("entry", [])
        ]
        service = start(fhir_servers=())
        without, _ = package(service, coverage=COVERAGE, order=ORDER)
        with_it, draft = package(service, coverage=COVERAGE, order=ORDER, referenced=brought)
        open_ = {item["linkId"] for item in items_of(with_it)} - {item["linkId"] for item in items_of(draft)}
        assert "child-pugh-class" in open_
        assert len(open_) < len(items_of(without))

    def test_a_coverage_without_an_id_is_not_referred_to(self, service: FlaskClient) -> None:
        nameless = {name: held for name, held in COVERAGE.items() if name != "id"}
        _, draft = package(service, coverage=nameless, questionnaire=FORM)
        assert not any(one["url"].endswith("qr-coverage") for one in draft["extension"])

    def test_a_form_asked_for_by_name_comes_whole_where_no_order_is_named(self, service: FlaskClient) -> None:
        form, draft = package(service, coverage=COVERAGE, questionnaire=FORM)
        assert len(items_of(form)) == 21
        assert "item" not in draft

    def test_two_forms_asked_for_come_as_two_packages(self, service: FlaskClient, open_ehr: Open) -> None:
        open_ehr(NAME)
        asked = [FORM, f"{ADAPTIVE}|2025-05-06"]
        answer = post(service, coverage=COVERAGE, order=ORDER, questionnaire=asked)
        urls = [bundle["entry"][0]["fullUrl"] for bundle in named(answer, "packagebundle")]
        assert urls == [FORM, ADAPTIVE]

    def test_the_codes_of_an_order_this_service_does_not_keep_travel_in_the_adaptive_draft(
        self, service: FlaskClient, open_ehr: Open
    ) -> None:
        open_ehr(NAME)
        _, draft = package(service, coverage=COVERAGE, order=ORDER, questionnaire=ADAPTIVE)
        contexts = [e["valueReference"]["reference"] for e in draft["extension"] if e["url"] == QR_CONTEXT]
        assert contexts == [f"ServiceRequest/{ORDER['id']}"]
        (form,) = draft["contained"]
        assert [code["code"] for code in form["code"]] == ["47382"]

    def test_spec_128_a_changed_order_is_judged_as_it_is_now(self, service: FlaskClient, open_ehr: Open) -> None:
        open_ehr(NAME)
        said = stated(signed(service, NAME))
        histotripsy = order("0686T", id=ORDER["id"], subject=ORDER["subject"])
        answer = post(service, coverage=COVERAGE, order=histotripsy, context=said["coverage-assertion-id"])
        assert named(answer, "packagebundle") == []
        assert warnings(answer) == [("information", "informational")]

    @pytest.mark.parametrize(
        ("changed_since", "packages"), [("2020-01-01T00:00:00Z", 1), ("2031-01-01T00:00:00+01:00", 0)]
    )
    def test_a_form_that_did_not_change_since_is_not_sent_again(
        self, service: FlaskClient, changed_since: str, packages: int
    ) -> None:
        answer = post(service, coverage=COVERAGE, questionnaire=FORM, changedsince=changed_since)
        assert len(named(answer, "packagebundle")) == packages


class TestWhatToKnowBeside:
    def test_a_form_that_is_not_held_is_a_warning(self, service: FlaskClient) -> None:
        asked = [FORM, "http://other.example/Questionnaire/x", f"{FORM}|1999"]
        answer = post(service, coverage=COVERAGE, questionnaire=asked)
        assert len(named(answer, "packagebundle")) == 1
        assert warnings(answer) == [("warning", "not-found")] * 2

    def test_where_nothing_is_missing_there_is_no_form_and_it_says_so(
        self, service: FlaskClient, open_ehr: Open
    ) -> None:
        open_ehr("hcc-covered")
        covered = example("hcc-covered")["context"]["draftOrders"]["entry"][0]["resource"]
        answer = post(service, coverage=coverage_of("hcc-covered"), order=covered)
        assert named(answer, "packagebundle") == []
        assert warnings(answer) == [("information", "informational")]

    def test_an_order_outside_every_policy_has_no_form(self, service: FlaskClient, open_ehr: Open) -> None:
        open_ehr(NAME)
        answer = post(service, coverage=COVERAGE, order=order("99213", subject=ORDER["subject"]))
        assert named(answer, "packagebundle") == []
        (outcome,) = named(answer, "outcome")
        assert "no policy held here addresses" in outcome["issue"][0]["details"]["text"]

    def test_a_parameter_nobody_knows_is_a_warning(self, service: FlaskClient) -> None:
        body = parameters(coverage=COVERAGE, questionnaire=FORM)
        body["parameter"].append({"name": "colour", "valueString": "Zebulon"})
        answer = fhir(service.post(PACKAGE, json=body))
        assert warnings(answer) == [("warning", "not-supported")]
        assert "Zebulon" not in str(answer)


OTHER_PATIENT = {**ORDER, "subject": {"reference": "Patient/another"}}


@pytest.mark.parametrize(
    ("asked", "status", "place"),
    [
        pytest.param({"order": ORDER}, 400, "$.parameter", id="no coverage"),
        pytest.param({"coverage": COVERAGE}, 400, "$.parameter", id="neither order, form nor context"),
        pytest.param({"coverage": [COVERAGE, COVERAGE], "order": ORDER}, 400, "$.parameter[1]", id="two coverages"),
        pytest.param(
            {"coverage": ORDER, "order": ORDER}, 400, "$.parameter[0].resource.resourceType", id="no Coverage",
        ),
        pytest.param(
            {"coverage": {"resourceType": "Coverage"}, "order": ORDER}, 400, "$.parameter[0].resource.beneficiary",
            id="a coverage of nobody",
        ),
        pytest.param(
            {"coverage": {**COVERAGE, "status": "cancelled"}, "order": ORDER}, 422,
            "$.parameter.where(name = 'coverage').resource", id="a coverage that is over",
        ),
        pytest.param(
            {"coverage": COVERAGE, "order": OTHER_PATIENT}, 422, "$.parameter[1].resource.subject",
            id="an order of another patient",
        ),
        pytest.param(
            {"coverage": COVERAGE, "order": {"resourceType": "Patient"}}, 400, "$.parameter[1].resource.resourceType",
            id="no order",
        ),
        pytest.param(
            {"coverage": COVERAGE, "context": "coverage-hooks-unknown"}, 422, "$.parameter.where(name = 'context')",
            id="an assertion nobody made",
        ),
        pytest.param(
            {"coverage": COVERAGE, "questionnaire": FORM, "changedsince": "yesterday"}, 400,
            "$.parameter[2].valueInstant", id="no instant",
        ),
    ],
)  # fmt: skip
def test_spec_130_what_is_wrong_is_refused_by_its_place(
    service: FlaskClient, asked: Json, status: int, place: str
) -> None:
    issue = refused(service.post(PACKAGE, json=parameters(**asked)), status)
    assert issue["expression"] == [place]
    assert "another" not in issue["details"]["text"] or "another patient" in issue["details"]["text"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"\xff", b'{"resourceType":"Bundle"}', b'{"resourceType":"Parameters","parameter":{}}',
     b'{"resourceType":"Parameters","parameter":["coverage"]}', b"{" * 5000],
)  # fmt: skip
def test_a_body_that_is_no_parameters_is_refused(service: FlaskClient, body: bytes) -> None:
    refused(service.post(PACKAGE, data=body, content_type="application/fhir+json"), 400)


def test_a_statement_about_another_patient_is_refused(service: FlaskClient, open_ehr: Open) -> None:
    open_ehr(NAME)
    said = stated(signed(service, NAME))
    other = coverage_of("hcc-covered")
    issue = refused(
        service.post(PACKAGE, json=parameters(coverage=other, context=said["coverage-assertion-id"])), 422
    )  # fmt: skip
    assert "another patient" in issue["details"]["text"]
    assert NAME not in str(issue)


def test_without_a_key_the_statement_is_known_and_the_order_is_sent_along(start: Start, open_ehr: Open) -> None:
    open_ehr(NAME)
    service = start()
    said = stated(signed(service, NAME))
    form, _ = package(service, coverage=COVERAGE, order=ORDER, context=said["coverage-assertion-id"])
    assert "child-pugh-class" in {item["linkId"] for item in items_of(form)}
    whole, _ = package(service, coverage=COVERAGE, context=said["coverage-assertion-id"])
    assert len(items_of(whole)) == 21, "without the order the whole form is what the statement named"


def test_get_is_not_offered(service: FlaskClient) -> None:
    assert service.get(PACKAGE).status_code in (404, 405)
