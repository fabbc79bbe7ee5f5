"""The link to the form of a call's orders: made while the call is answered, for EHRs that have no DTR."""

import logging
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import msgspec

from cds_service.coverage_check import Checked
from cds_service.dtr.holding import owner_of
from cds_service.hook_request import HookRequest
from cds_service.hooks import PRIMARY_HOOKS
from cds_service.judging import Judged
from cds_service.security.tokens import Caller
from cds_service.store.errors import StoreError
from cds_service.store.form_links import FormLink
from cds_service.store.submitted_forms import Owner
from cds_service.web_form.desk import WebDesk
from cds_service.web_form.kept_case import KeptCase, KeptResource
from cds_service.web_form.permit import permit_of
from fhir_mappings.elements import items, member, text_of
from fhir_mappings.json_text import UNREADABLE

log = logging.getLogger(__name__)

PATH: Final = "/forms"
_SECRET_BYTES: Final = 32


def offer_form(request: HookRequest, checked: Checked, caller: Caller, desk: WebDesk) -> str:
    """The address of a form for what is missing; blank where the form asks nothing, or nothing can be kept.

    The answer never waits for it: a link that cannot be kept is not offered.
    """
    asking = tuple(one for one in checked.judged if one.determination.asked_on_form)
    if not asking or request.hook not in PRIMARY_HOOKS or not desk.shelf.keeps_forms:
        return ""
    at, token = desk.clock(), secrets.token_urlsafe(_SECRET_BYTES)
    case = _case(request, checked, asking, owner_of(caller, request.fhir_server, request.patient_id))
    permit = permit_of(request, caller, token, at)
    link = FormLink(replace(case, permit=permit).as_payload(), at + timedelta(hours=desk.settings.form_link_hours))
    try:
        desk.shelf.keep_link(token, link, at)
    except (StoreError, ValueError) as error:
        log.error("a link to a form could not be kept, and was not offered: %s", type(error).__name__)  # noqa: TRY400
        return ""
    return f"{desk.settings.public_url}{PATH}/{token}"


def _case(request: HookRequest, checked: Checked, asking: tuple[Judged, ...], owner: Owner) -> KeptCase:
    record = checked.record
    resources = [one for found in record.by_type.values() for one in found] if record else []
    coverage = next(iter(asking[0].coverage.coverages), None)
    return KeptCase(
        id=str(uuid.uuid4()),
        owner=owner,
        orders=tuple(KeptResource(o.reference, o.body) for o in (*checked.orders, *request.background)),
        asked=tuple(dict.fromkeys(one.order.reference for one in asking)),
        record=tuple(KeptResource(one.reference, one.body) for one in resources),
        unread=tuple(sorted({**record.unread, **record.withheld})) if record else (),
        coverage=coverage.reference if coverage else "",
        person=_person(request.prefetch),
    )


def _person(prefetch: Mapping[str, msgspec.Raw]) -> str:
    """Who the patient is, in words, where the client sent it: whoever answers must see whom it is about."""
    try:
        patient: Any = msgspec.json.decode(prefetch.get("patient", msgspec.Raw(b"null")))
    except UNREADABLE:
        return ""
    name = next(iter(items(member(patient, "name"))), {})
    given = name.get("given")
    parts = [*(given if isinstance(given, list) else []), name.get("family")]
    written = text_of(name.get("text")) or " ".join(filter(None, map(text_of, parts)))
    born = text_of(member(patient, "birthDate"))
    return ", ".join(filter(None, (written, f"born {born}" if born else "")))
