"""Routes of what is about a patient: packages, next questions, submitted forms, reported errors."""

import logging
from typing import Any, Final

from flask import Blueprint, Response

from cds_service.dtr.adaptive import with_next_question
from cds_service.dtr.cases import open_cases
from cds_service.dtr.error_report import read_report
from cds_service.dtr.order_of_response import order_of, patient_of, statement_of
from cds_service.dtr.package_request import read_package_request
from cds_service.dtr.packaging import answer_package
from cds_service.dtr.parameters import Parameters, parameters, read_resource, resource_parameter
from cds_service.dtr.refusals import BadParameters, NotHere, Unprocessable
from cds_service.dtr.submission import read_submission
from cds_service.fhir_operations.office import Office, fhir_response
from cds_service.responding import json_body
from fhir_mappings.elements import own_reference
from fhir_mappings.forms import is_ours
from fhir_mappings.models import problems, told
from fhir_mappings.orders import read_order

_STATUSES: Final = ("in-progress", "completed", "amended", "stopped")

log = logging.getLogger(__name__)

Json = dict[str, Any]


def form_routes(fhir: Blueprint, office: Office) -> None:
    """All of them need a caller."""

    @fhir.post("/Questionnaire/$questionnaire-package")
    def questionnaire_package() -> Response:
        caller = office.admission.caller()
        request = read_package_request(read_resource(json_body(), "Parameters"))
        return fhir_response(answer_package(request, caller, office.desk, office.now()), is_of_patient=True)

    @fhir.post("/Questionnaire/$next-question")
    def next_question() -> Response:
        return _next_question(office)

    @fhir.post("/Questionnaire/$log-questionnaire-errors")
    def log_questionnaire_errors() -> Response:
        office.admission.caller()
        report = read_report(read_resource(json_body(), "Parameters"), office.desk.base)
        log.warning("a client had trouble with a form", extra={"form": report.form, "issues": report.issues})
        return fhir_response(told(("information", "informational", "noted: by form and severity, without its words")))

    @fhir.post("/QuestionnaireResponse")
    def submit() -> Response:
        return _submit(office)

    @fhir.get("/QuestionnaireResponse/<identity>")
    def submitted(identity: str) -> Response:
        return _submitted(office, identity)


def _next_question(office: Office) -> Response:
    caller, at = office.admission.caller(), office.now()
    sent = read_resource(json_body(), "Parameters", "QuestionnaireResponse")
    response = _response_in(sent)
    stated = statement_of(response, caller, office.desk)
    body = order_of(response, stated)
    record = office.desk.record(caller, patient_of(response), stated.fhir_server if stated else "")
    order = read_order(body, own_reference(body))
    cases = open_cases([order] if order else [], record, at.today, office.desk.check.windows)
    answered = with_next_question(office.desk.base, response, cases, at.now)
    is_bare = sent["resourceType"] == "QuestionnaireResponse"
    return fhir_response(
        answered if is_bare else parameters(resource_parameter("return", answered)), is_of_patient=True
    )  # fmt: skip


def _response_in(sent: Json) -> Json:
    """The response sent, bare or as the parameter of the operation, if it is one of our adaptive form."""
    response, at = sent, "$"
    if sent["resourceType"] == "Parameters":
        held = Parameters(sent).resources("questionnaire-response", "QuestionnaireResponse")
        if len(held) != 1:
            raise BadParameters("questionnaire-response is given once", "$.parameter")
        response, at = held[0]
    wrong = problems(response)
    if response.get("status") not in _STATUSES:
        raise BadParameters("a status of QuestionnaireResponse is expected", f"{at}.status")
    if wrong:
        raise BadParameters("the QuestionnaireResponse is not valid FHIR here", f"{at}{wrong[0].removeprefix('$')}")
    if not is_ours(response) or not response["questionnaire"].startswith("#"):
        raise Unprocessable("it contains no form derived from the adaptive one", f"{at}.questionnaire")
    return response


def _submit(office: Office) -> Response:
    caller, at = office.admission.caller(), office.now()
    response = read_resource(json_body(), "QuestionnaireResponse")
    form = read_submission(response, caller, office.desk, at.now)
    identity = office.desk.shelf.keep_form(form)
    answer = fhir_response({**form.response, "id": identity}, 201, is_of_patient=True)
    answer.headers["Location"] = f"{office.desk.url}/QuestionnaireResponse/{identity}"
    return answer


def _submitted(office: Office, identity: str) -> Response:
    caller, found = office.admission.caller(), office.desk.shelf.form(identity)
    if found is None or (found.owner.issuer, found.owner.tenant) != (caller.issuer or caller.name, caller.tenant):
        raise NotHere("no form of this id was submitted by you")
    return fhir_response(dict(found.response), is_of_patient=True)
