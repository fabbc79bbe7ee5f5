"""Observations: which may be used, and the newest usable value of a scalar fact."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fhir_mappings.conditions import Certainty, certainty
from fhir_mappings.dates import ClinicalDate, clinical_date, clinical_instant, days_old
from fhir_mappings.elements import Json, codes, member, text_of
from fhir_mappings.finding import Evidence, Finding, Interval, Reason
from fhir_mappings.quantities import Unusable
from fhir_mappings.record import PatientRecord, Resource
from fhir_mappings.terminology import Code

_USABLE: Final = frozenset({"final", "amended", "corrected"})
_IGNORED: Final = frozenset({"registered", "cancelled", "unknown", "entered-in-error"})

_YES: Final = frozenset({("snomed", "373066001")})
_NO: Final = frozenset({("snomed", "373067005"), ("snomed", "260415000"), ("snomed", "2667000")})


class Standing(enum.Enum):
    """What the status of an Observation allows: its value, only the knowledge that there is one, or nothing."""

    USABLE = 1
    UNSURE = 2
    IGNORED = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One Observation read as a number, or why it could not be."""

    resource: Resource
    when: ClinicalDate | None
    value: Interval | Unusable


def standing(observation: Json) -> Standing:
    """Judge an Observation or DiagnosticReport by its status (a missing one proves nothing), a Condition by its own."""
    if observation.get("resourceType") == "Condition":
        return _condition_standing(observation)
    status = text_of(observation.get("status")).lower()
    if status in _USABLE:
        return Standing.USABLE
    return Standing.IGNORED if status in _IGNORED else Standing.UNSURE


def _condition_standing(condition: Json) -> Standing:
    certain = certainty(condition)
    if certain is Certainty.REFUTED:
        return Standing.IGNORED
    return Standing.UNSURE if certain is Certainty.UNSURE else Standing.USABLE


def observed(record: PatientRecord, wanted: Iterable[Code]) -> tuple[Resource, ...]:
    """The Observations that carry one of these codes and whose status does not cancel them."""
    found = {one.reference: one for code in set(wanted) for one in record.observations.get(code, ())}
    return tuple(one for _, one in sorted(found.items()) if standing(one.body) is not Standing.IGNORED)


def value_absent(element: Json) -> bool:
    """Whether an Observation or component says that its value is missing."""
    return element.get("dataAbsentReason") is not None


def yes_or_no(element: Any) -> bool | None:
    """A yes or no in any of its shapes: valueBoolean, SNOMED yes, no, not detected, absent."""
    plain = member(element, "valueBoolean")
    if isinstance(plain, bool):
        return plain
    said = set(codes(member(element, "valueCodeableConcept"))) | set(codes(member(element, "valueCoding")))
    if said & _YES:
        return None if said & _NO else True
    return False if said & _NO else None


def interpretations(observation: Json) -> frozenset[Code]:
    """The codes given as the value or, where that is missing, as the interpretation."""
    return frozenset(codes(observation.get("valueCodeableConcept"))) | frozenset(
        codes(observation.get("interpretation"))
    )


def newest_of(
    found: Iterable[Resource],
    today: date,
    window_days: int,
    read: Callable[[Json], Interval | Unusable],
    say: Callable[[Interval, Json], str],
) -> Finding:
    """The newest value of a scalar fact.

    The newest record speaks alone: when it is preliminary, absent, invalid or too old nothing older takes its
    place (reading A50). Records of one day that disagree leave every value between them possible (A39).
    """
    readings = [_reading(one, read) for one in found]
    dated = [r for r in readings if r.when is not None]
    if not dated:
        notes = tuple(undated_note(r.resource.reference) for r in readings)
        return Finding(reason=Reason.STALE if notes else Reason.NO_DATA, notes=notes)
    newest = max(_last_day(r.when, today) for r in dated if r.when)
    group = [r for r in dated if r.when and _last_day(r.when, today) == newest]
    return _of_one_day(group, today, window_days, say)


def _reading(one: Resource, read: Callable[[Json], Interval | Unusable]) -> Reading:
    when = clinical_date(one.body)
    if standing(one.body) is not Standing.USABLE:
        return Reading(one, when, Unusable("it is not final"))
    if value_absent(one.body):
        return Reading(one, when, Unusable("its value is marked as absent"))
    return Reading(one, when, read(one.body))


def _last_day(when: ClinicalDate, today: date) -> date:
    """The latest day a date can mean, not later than today unless it is written in the future."""
    return when.latest if when.earliest > today else min(when.latest, today)


def _of_one_day(group: list[Reading], today: date, window_days: int, say: Callable[[Interval, Json], str]) -> Finding:
    untimely = [note for r in group if (note := _untimely(r, today, window_days))]
    unusable = [r for r in group if isinstance(r.value, Unusable)]
    usable = [r for r in group if not isinstance(r.value, Unusable)]
    evidence = tuple(_evidence(r, say) for r in usable)
    if untimely:  # too old to speak at all, whatever it says
        return Finding(reason=Reason.STALE, evidence=evidence, notes=tuple(untimely))
    if unusable and (not usable or _speaks_last(unusable, usable)):
        notes = tuple(f"{r.resource.reference} was not used: {_why(r)}" for r in unusable)
        implausible = any(isinstance(r.value, Unusable) and r.value.implausible for r in unusable)
        return Finding(reason=Reason.IMPLAUSIBLE if implausible else Reason.NO_DATA, notes=notes)
    return _agreed(usable, evidence)


def _why(reading: Reading) -> str:
    return reading.value.why if isinstance(reading.value, Unusable) else ""


def _speaks_last(unusable: list[Reading], usable: list[Reading]) -> bool:
    """Whether an unusable record of the day outranks the usable ones: it is later, or it is contradictory."""
    if any(isinstance(r.value, Unusable) and r.value.implausible for r in unusable):
        return True
    last = max(clinical_instant(r.resource.body) for r in unusable)
    return len(last) > 10 and last > max(clinical_instant(r.resource.body) for r in usable)


def _evidence(reading: Reading, say: Callable[[Interval, Json], str]) -> Evidence:
    value = reading.value if isinstance(reading.value, Interval) else Interval()
    return Evidence(
        reading.resource.reference,
        say(value, reading.resource.body),
        reading.when.text if reading.when else "",
    )


def _untimely(reading: Reading, today: date, window_days: int) -> str:
    if reading.when is None or 0 <= days_old(reading.when, today) <= window_days:
        return ""
    return untimely_note(reading.resource.reference, reading.when, today, window_days)


def undated_note(reference: str) -> str:
    """Say that nobody can tell whether a record is too old."""
    return f"{reference} has no date and was not used"


def untimely_note(reference: str, when: ClinicalDate | None, today: date, window_days: int) -> str:
    """Say that a record is undated, of the future, or too old by a limit of ours."""
    if when is None:
        return undated_note(reference)
    if when.earliest > today:
        return f"{reference} is dated {when.text}, in the future, and was not used"
    return stale_note(reference, when, window_days)


def stale_note(reference: str, when: ClinicalDate, window_days: int) -> str:
    """Say that a record is too old, and that the limit is ours."""
    return f"{reference} of {when.text} is older than {window_days} days (this service's limit, not the policy's)"


def _agreed(usable: list[Reading], evidence: tuple[Evidence, ...]) -> Finding:
    whole = usable[0].value
    for reading in usable[1:]:
        if isinstance(whole, Interval) and isinstance(reading.value, Interval):
            whole = whole.hull(reading.value)
    if any(r.value != whole for r in usable):
        names = ", ".join(r.resource.reference for r in usable)
        note = f"{names} disagree on one day; every value between them was considered"
        return Finding(_interval(whole), Reason.CONFLICT, evidence, (note,))
    return Finding(_interval(whole), Reason.RECORDED, evidence)


def _interval(value: Interval | Unusable) -> Interval | None:
    return value if isinstance(value, Interval) else None
