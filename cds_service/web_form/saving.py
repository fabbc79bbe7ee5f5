"""Saving the form of a link: once, whole or not at all."""

import logging
from dataclasses import replace
from typing import Any, Final

from cds_service.store.submitted_forms import SubmittedForm
from cds_service.web_form.completed import Signed, authored, completed, counting
from cds_service.web_form.desk import WebDesk
from cds_service.web_form.fields import Posted, read_fields
from cds_service.web_form.kept_case import KeptCase
from cds_service.web_form.opened import Opened
from cds_service.web_form.permit import access_by
from cds_service.web_form.refusals import AlreadySaved, AnotherCase, BeingSaved, UnusableAnswers
from cds_service.web_form.respondent import NAME, read_respondent

log = logging.getLogger(__name__)

CASE: Final = "case"
EXPIRED: Final = "the EHR's permission had expired"
NOTHING_SAID: Final = "nothing is answered yet, so that there is nothing to save"


def save(found: Opened, posted: Posted, desk: WebDesk) -> None:
    """Save what was posted as a completed form of the patient.

    Raises AlreadySaved, AnotherCase, UnusableAnswers, BeingSaved, StoreError: then nothing is saved.
    """
    if found.is_saved:
        raise AlreadySaved
    if posted.get(CASE) != [found.kept.id]:
        raise AnotherCase
    response = _response(found, posted, desk)
    if not desk.shelf.claim_link(found.token, desk.clock()):
        raise BeingSaved
    try:
        kept = _written(found, response, desk)
        if not kept.saved_as:
            desk.shelf.keep_form(SubmittedForm(kept.owner, kept.id, response))
        desk.shelf.finish_link(found.token, kept.as_payload())
    except Exception:
        desk.shelf.release_link(found.token)
        raise


def _written(found: Opened, response: dict[str, Any], desk: WebDesk) -> KeptCase:
    """The case with the form saved: in the EHR where that is allowed and works, else it is for this service to keep."""
    kept = replace(found.kept, saved=response, permit=None)
    access = access_by(found.kept.permit, found.token, desk.clock())
    if access is None:
        return replace(kept, not_in_ehr=EXPIRED if found.kept.permit else "")
    named = response["identifier"]
    identifier = f"{named['system']}|{named['value']}"
    written = desk.check.client.create(access, response, identifier, desk.check.fhir_deadline_seconds)
    if written.failure:
        log.warning("a form could not be saved in the EHR: %s", written.failure)
        return replace(kept, not_in_ehr=written.failure)
    return replace(kept, saved_as=written.reference or response["resourceType"])


def _response(found: Opened, posted: Posted, desk: WebDesk) -> dict[str, Any]:
    questions = (*found.form.asked, *(item.question for item in found.form.on_record))
    said = read_fields(posted, questions)
    by, faults = read_respondent(posted)
    counted = counting(found.form, said)
    faults = {**said.faults, **faults}
    if not faults and not (counted.answers or counted.left_open):
        faults = {questions[0].link_id if questions else NAME: NOTHING_SAID}
    if faults:
        raise UnusableAnswers(faults)
    settings = desk.settings
    signed = Signed(by, authored(settings.on(), desk.clock()))
    return completed(settings.canonical_base, found.form, found.kept, counted, signed)
