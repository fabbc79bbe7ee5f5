"""Clinical dates: partial FHIR dates as the range of days they can mean."""

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from fhir_mappings.elements import Json, member, text_of
from fhir_mappings.finding import Evidence
from fhir_mappings.record import Resource

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?$", re.ASCII)

_OBSERVATION_DATES: Final = (
    ("effectiveDateTime",), ("effectivePeriod", "end"), ("effectivePeriod", "start"),
    ("effectiveInstant",), ("issued",),
)  # fmt: skip
_PROCEDURE_DATES: Final = (
    ("performedDateTime",), ("performedPeriod", "end"), ("performedPeriod", "start"), ("performedString",),
)  # fmt: skip
_CONDITION_DATES: Final = (("onsetDateTime",), ("onsetPeriod", "start"), ("recordedDate",))
_DATES: Final = {
    "Observation": _OBSERVATION_DATES,
    "DiagnosticReport": _OBSERVATION_DATES,
    "Procedure": _PROCEDURE_DATES,
    "Condition": _CONDITION_DATES,
    "QuestionnaireResponse": (("authored",),),
    "ImagingStudy": (("started",),),
    "ServiceRequest": (("occurrenceDateTime",), ("occurrencePeriod", "start"), ("authoredOn",)),
    "DeviceRequest": (("occurrenceDateTime",), ("occurrencePeriod", "start"), ("authoredOn",)),
    "SupplyRequest": (("occurrenceDateTime",), ("occurrencePeriod", "start"), ("authoredOn",)),
    "MedicationRequest": (("authoredOn",),),
    "Appointment": (("start",), ("created",)),
    "MedicationStatement": (("effectiveDateTime",), ("effectivePeriod", "end"), ("dateAsserted",)),
}


class ClinicalDate(NamedTuple):
    """When something was true of the patient: the earliest and latest day it can mean, and as written."""

    earliest: date
    latest: date
    text: str


def read_date(value: Any) -> ClinicalDate | None:
    """Read a FHIR date, dateTime or instant; None when it is none, or no day of any calendar."""
    text = text_of(value)
    if len(text) == 10 or (len(text) > 10 and text[10] == "T"):
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            return None
        return ClinicalDate(day, day, text[:10])
    found = _DATE.match(text)
    return _partial(found) if found else None


def _partial(found: re.Match[str]) -> ClinicalDate | None:
    year, month = (int(part) if part else 0 for part in found.groups())
    try:
        last_day = calendar.monthrange(year, month or 12)[1]
        return ClinicalDate(date(year, month or 1, 1), date(year, month or 12, last_day), found.group(0))
    except ValueError:  # also calendar.IllegalMonthError
        return None


def clinical_date(resource: Json) -> ClinicalDate | None:
    """The clinical time of a resource, by the elements its type keeps it in, best first."""
    for path in _DATES.get(text_of(resource.get("resourceType")), ()):
        found = read_date(member(resource, *path))
        if found:
            return found
    return None


def days_old(when: ClinicalDate, today: date) -> int:
    """Age in days counted from the earliest day it can mean: what might be too old is too old."""
    return (today - when.earliest).days


def days_meant(evidence: Iterable[Evidence], today: date) -> tuple[date, date] | None:
    """The earliest and latest day what was seen by today can be of; None where nothing is dated."""
    dated = [when for one in evidence if (when := read_date(one.date))]
    if not dated:
        return None
    return min(when.earliest for when in dated), max(min(when.latest, today) for when in dated)


def clinical_instant(resource: Json) -> str:
    """The clinical time as written, to the second, to order two records of one day."""
    for path in _DATES.get(text_of(resource.get("resourceType")), ()):
        if read_date(member(resource, *path)):
            return text_of(member(resource, *path))
    return ""


def seen(one: Resource, text: str) -> Evidence:
    """A resource as a proof, with its clinical date."""
    when = clinical_date(one.body)
    return Evidence(one.reference, text, when.text if when else "")
