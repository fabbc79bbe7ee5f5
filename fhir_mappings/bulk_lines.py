"""What a line of a Bulk Data export is worth: whose it is, whether any reader can use it, or that it is lost."""

import enum
import json
import re
from typing import Any, Final, NamedTuple

import msgspec

from fhir_mappings.bulk_export import READ_TYPES
from fhir_mappings.elements import items, reference_id, text_of
from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.record import Glance, subject_of

NOT_JSON: Final = "it is not JSON in UTF-8"
NOT_WHOLE: Final = "it is not one whole JSON object: cut off, or run together with another"
NO_RESOURCE: Final = "it is no FHIR resource"
NO_PATIENT: Final = "it does not say which patient it is about"
REPORTED: Final = "it is an error the export itself reports"

_WANTED: Final = frozenset(code.lower() for code in OBSERVATION_CODES)
_TYPE: Final = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]{1,40})"')
_SUBJECT: Final = re.compile(rb'"(?:subject|patient|beneficiary)"\s*:\s*\{[^{}]*?"reference"\s*:\s*"([ !#-~]{1,300})"')
_ERRORS: Final = frozenset({"error", "fatal"})
_lenient: Final = json.JSONDecoder(strict=False)


class Standing(enum.Enum):
    """What becomes of a line. Of one that is torn other lines, of anyone's, may be lost with it."""

    KEPT = 1
    NEEDLESS = 2
    LOST = 3
    TORN = 4


class Line(NamedTuple):
    """A line as it was read: what becomes of it, its type and patient as far as they are known, what is wrong.

    `problem` holds nothing of the line itself.
    """

    standing: Standing
    resource_type: str = ""
    patient_id: str = ""
    problem: str = ""


class _Reference(msgspec.Struct):
    reference: str = ""


class _Owned(Glance):
    """A glance that sees whose the resource is, where that is written as nearly all write it."""

    id: str = ""
    subject: _Reference | None = None
    patient: _Reference | None = None
    beneficiary: _Reference | None = None

    def owner(self) -> tuple[str, str]:
        """Type and id of whom the resource is about; blanks where a glance cannot tell."""
        if self.resource_type == "Patient":
            return "Patient", self.id.strip()
        named = self.subject or self.patient or self.beneficiary
        return reference_id(named.reference) if named else ("", "")


_owned = msgspec.json.Decoder(_Owned)


def read_line(text: bytes) -> Line:
    """Read a line no further than is needed to say what becomes of it."""
    try:
        seen = _owned.decode(text)
    except msgspec.ValidationError:
        return _read_whole(text)
    except UNREADABLE:
        return _salvaged(text)
    if seen.resource_type not in READ_TYPES or seen.is_needless(_WANTED):
        return _not_asked(seen.resource_type, text)
    kind, identity = seen.owner()
    if kind != "Patient" or not identity:
        return _read_whole(text)
    return _kept(seen.resource_type, identity, text)


def _kept(resource_type: str, identity: str, text: bytes) -> Line:
    standing, problem = (Standing.KEPT, "") if _is_utf_8(text) else (Standing.LOST, NOT_JSON)
    return Line(standing, resource_type, identity, problem)


def _is_utf_8(text: bytes) -> bool:
    """What a glance skips is not decoded, and may still be no text."""
    try:
        return text.isascii() or bool(text.decode())
    except UnicodeDecodeError:
        return False


def _not_asked(resource_type: str, text: bytes) -> Line:
    if resource_type == "OperationOutcome" and _reports_error(text):
        return Line(Standing.LOST, problem=REPORTED)
    if not resource_type:
        return Line(Standing.LOST, problem=NO_RESOURCE)
    return Line(Standing.NEEDLESS, resource_type)


def _reports_error(text: bytes) -> bool:
    try:
        body = msgspec.json.decode(text)
    except UNREADABLE:
        return True
    return any(issue.get("severity") in _ERRORS for issue in items(body.get("issue")))


def _read_whole(text: bytes) -> Line:
    """A resource with an element of another shape than expected, or about somebody a glance does not find."""
    try:
        body: Any = msgspec.json.decode(text)
    except UNREADABLE:
        return _salvaged(text)
    kind = text_of(body.get("resourceType")) if isinstance(body, dict) else ""
    if kind not in READ_TYPES:
        return _not_asked(kind, text)
    owner, identity = ("Patient", text_of(body.get("id"))) if kind == "Patient" else subject_of(body)
    if not identity or identity.startswith("#"):
        return Line(Standing.LOST, kind, problem=NO_PATIENT)
    return _kept(kind, identity, text) if owner in ("Patient", "") else Line(Standing.NEEDLESS, kind)


def _salvaged(text: bytes) -> Line:
    """What can still be told of a line that is no JSON: its patient only if there is one resource of one patient."""
    kinds = [kind.decode() for kind in _TYPE.findall(text)]
    patients = {reference_id(named.decode()) for named in _SUBJECT.findall(text)}
    owner, identity = patients.pop() if len(patients) == 1 and len(kinds) == 1 else ("", "")
    known = kinds[0] if len(set(kinds)) == 1 else ""
    standing, problem = (Standing.LOST, NOT_JSON) if _is_whole(text) else (Standing.TORN, NOT_WHOLE)
    return Line(standing, known, identity if owner == "Patient" else "", problem)


def _is_whole(text: bytes) -> bool:
    """Whether it is one object all the same, with what JSON does not have in it: NaN, a raw tab, bytes of no text."""
    try:
        return isinstance(_lenient.decode(text.decode(errors="replace")), dict)
    except (ValueError, RecursionError):
        return False
