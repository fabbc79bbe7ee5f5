"""A call's permission to write a form into the EHR, for as long as its token is good.

CDS Hooks wants access tokens forgotten with the answer, so that one is kept only for a client whose registration says
that its EHR agrees (`saves_forms`), and then under the secret of the link: database and record keys do not open it.
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cds_service.hook_request import HookRequest
from cds_service.security.tokens import Caller
from fhir_mappings.origins import is_allowed
from fhir_mappings.reads import Access

_PURPOSE: Final = b"coverage-hooks permission to save a form"
_WRITING: Final = re.compile(r"(?:patient|user|system)/(?:QuestionnaireResponse|\*)\.(?:write|\*|cr?u?d?s?)")
"""Scopes that let a QuestionnaireResponse be created, of SMART 1 and 2; one narrowed by a query may not."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Where a form may be written, until when; what is needed for it, sealed under the secret of the link."""

    server: str
    sealed: str
    until: datetime


def permit_of(request: HookRequest, caller: Caller, secret: str, at: datetime) -> Permit | None:
    """The permission a call gives; None where the client, its token's scope or its server gives none."""
    can_write = any(_WRITING.fullmatch(scope) for scope in request.access_scope.split())
    if not (caller.saves_forms and request.access_token and request.access_seconds and can_write):
        return None
    if not is_allowed(request.fhir_server, caller.fhir_servers):
        return None
    sealed = _box(secret).encrypt(request.access_token.encode()).decode()
    return Permit(request.fhir_server, sealed, at + timedelta(seconds=request.access_seconds))


def access_by(permit: Permit | None, secret: str, at: datetime) -> Access | None:
    """The right to write, if it is still good."""
    if permit is None or permit.until <= at:
        return None
    try:
        return Access(permit.server, _box(secret).decrypt(permit.sealed.encode()).decode())
    except InvalidToken:
        return None


def _box(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
