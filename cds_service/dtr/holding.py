"""Whose forms are kept here: a patient of a client, of an organization within it, on one FHIR server."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from cds_service.security.tokens import Caller
from cds_service.store.errors import StoreError
from cds_service.store.shelf import Shelf
from cds_service.store.submitted_forms import Owner
from fhir_mappings.gathering import NOTHING_HELD, Held
from fhir_mappings.record import RawResource

log = logging.getLogger(__name__)

UNREAD = "the forms submitted to this service could not be read"


def owner_of(caller: Caller, fhir_server: str, patient_id: str) -> Owner:
    """The owner of a form: where no server is named it is the only one the client has, if it has one.

    A patient's id means somebody else on another server: forms are found only where all of it is the same.
    """
    only = caller.fhir_servers[0] if len(caller.fhir_servers) == 1 else ""
    return Owner(caller.issuer or caller.name, caller.tenant, (fhir_server or only).rstrip("/"), patient_id)


def forms_held(shelf: Shelf, owner: Owner) -> Held:
    """The patient's forms. That they cannot be read is said: an unread form is not a missing one."""
    if not shelf.keeps_forms:
        return NOTHING_HELD
    try:
        return Held(tuple(_raw(form) for form in shelf.forms_of(owner)))
    except StoreError as error:
        log.error("submitted forms could not be read: %s", type(error).__name__)  # noqa: TRY400
        return Held(failure=UNREAD)


def _raw(form: Mapping[str, Any]) -> RawResource:
    return RawResource(msgspec.Raw(msgspec.json.encode(form)), "", f"QuestionnaireResponse/{form['id']}")
