"""Saving the form of a link: once, whole or not at all."""

from dataclasses import replace
from typing import Final

from cds_service.store.submitted_forms import SubmittedForm
from cds_service.web_form.completed import Signed, authored, completed, counting
from cds_service.web_form.desk import Desk
from cds_service.web_form.fields import Posted, read_fields
from cds_service.web_form.opened import Opened
from cds_service.web_form.refusals import AlreadySaved, AnotherCase, BeingSaved, UnusableAnswers
from cds_service.web_form.respondent import read_respondent

CASE: Final = "case"
NOTHING_SAID: Final = "nothing is answered yet, so that there is nothing to save"


def save(found: Opened, posted: Posted, desk: Desk) -> None:
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
        desk.shelf.keep_form(SubmittedForm(found.kept.owner, found.kept.id, response))
        desk.shelf.finish_link(found.token, replace(found.kept, saved=response).as_payload())
    except Exception:
        desk.shelf.release_link(found.token)
        raise


def _response(found: Opened, posted: Posted, desk: Desk) -> dict[str, object]:
    questions = (*found.form.asked, *(item.question for item in found.form.on_record))
    said = read_fields(posted, questions)
    by, faults = read_respondent(posted)
    counted = counting(found.form, said)
    faults = {**said.faults, **faults}
    if not faults and not (counted.answers or counted.left_open):
        first = next(iter(questions))
        faults = {first.link_id: NOTHING_SAID}
    if faults:
        raise UnusableAnswers(faults)
    settings = desk.settings
    signed = Signed(by, authored(settings.on(), desk.clock()))
    return completed(settings.canonical_base, found.form, found.kept, counted, signed)
