"""A completed form that is submitted to the service: checked as a whole before anything of it is kept."""

from datetime import datetime
from typing import Any, Final

from cds_service.dtr.answers import read_answers
from cds_service.dtr.desk import Desk
from cds_service.dtr.holding import owner_of
from cds_service.dtr.order_of_response import patient_of, statement_of
from cds_service.dtr.refusals import BadParameters, NotKept, Unprocessable
from cds_service.dtr.statement import Statement
from cds_service.security.tokens import Caller
from cds_service.store.submitted_forms import SubmittedForm
from fhir_mappings.dates import clinical_date, days_old
from fhir_mappings.elements import own_reference
from fhir_mappings.forms import is_by_patient, is_ours
from fhir_mappings.models import problems

Json = dict[str, Any]

_COMPLETE: Final = ("completed", "amended")


def read_submission(response: Json, caller: Caller, desk: Desk, now: datetime) -> SubmittedForm:
    """Check a form that was submitted. Raises RequestError: then nothing of it is kept."""
    if not desk.shelf.keeps_forms:
        raise NotKept
    _refuse_shape(response)
    stated = statement_of(response, caller, desk)
    if stated is None or stated.order is None:
        raise Unprocessable(
            "the response carries no assertion id this service knows: keep the identifier the form came with",
            "$.identifier",
            "required",
        )
    _refuse_answers(response, now)
    return _form(response, stated, caller, now)


def _refuse_shape(response: Json) -> None:
    places = problems(response)
    if places:
        raise BadParameters("the QuestionnaireResponse is not valid FHIR here", places[0])
    if not is_ours(response):
        raise Unprocessable("it answers no form of this service", "$.questionnaire", "not-supported")
    if response["status"] not in _COMPLETE:
        raise Unprocessable("only a completed form is taken: finish it, or keep it in the EHR", "$.status")


def _refuse_answers(response: Json, now: datetime) -> None:
    if is_by_patient(response):
        raise Unprocessable("clinical questions are answered by clinical staff (reading A37)", "$.source.reference")
    given = read_answers(response)
    if given.faults:
        raise Unprocessable(given.faults[0].message, given.faults[0].place, "value")
    if not given.answers:
        raise Unprocessable("it answers no question", "$.item", "required")
    when = clinical_date(response)
    if when is not None and days_old(when, now.date()) < 0:
        raise Unprocessable("it was completed in the future", "$.authored")


def _form(response: Json, stated: Statement, caller: Caller, now: datetime) -> SubmittedForm:
    dated = {"authored": now.isoformat(timespec="seconds"), **response}
    identity = own_reference(stated.order or {})
    return SubmittedForm(owner_of(caller, stated.fhir_server, patient_of(response)), identity, dated)
