"""Child-Pugh computed from its five components, each with the points still possible (terminology 4.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Diagnosis, proofs
from fhir_mappings.dates import clinical_date, days_meant
from fhir_mappings.elements import Json, codes
from fhir_mappings.finding import Evidence, Finding, Interval, Reason, exactly
from fhir_mappings.laboratory import (
    ALBUMIN_CODES,
    BILIRUBIN_CODES,
    INR_CODES,
    albumin_points,
    as_written,
    bilirubin_points,
    inr_points,
)
from fhir_mappings.observations import newest_of, observed, yes_or_no
from fhir_mappings.quantities import Unusable
from fhir_mappings.terminology import Code, value_set

_ANY_POINTS: Final = Interval(1, 3)

_SEVERITY_POINTS: Final[dict[Code, Interval]] = {
    ("snomed", "255604002"): exactly(2), ("snomed", "6736007"): exactly(3), ("snomed", "24484000"): exactly(3),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Component:
    """One of the five parts of the score: the points still possible, and what they rest on."""

    name: str
    points: Interval
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    days: tuple[date, date] | None
    """The earliest and latest day it can be of; None where the period does not matter."""


def computed_points(chart: Chart) -> Finding:
    """The bounds method: a component that is not known counts 1 to 3 points."""
    parts = _of_one_period(
        [
            _laboratory(chart, "bilirubin", BILIRUBIN_CODES, bilirubin_points),
            _laboratory(chart, "albumin", ALBUMIN_CODES, albumin_points),
            _laboratory(chart, "INR", INR_CODES, inr_points),
            _ascites(chart),
            _encephalopathy(chart),
        ],
        chart.windows.laboratory_spread_days,
    )
    notes = tuple(note for part in parts for note in part.notes)
    known = [part for part in parts if part.points != _ANY_POINTS]
    unknown = tuple(part.name for part in parts if part not in known)
    unread = chart.record.unread_of("Observation", "Condition")
    if not known:
        said = f"Child-Pugh components not known: {', '.join(unknown)}"
        return Finding(reason=Reason.NO_DATA, notes=(*notes, said), unread=unread, unknown_parts=unknown)
    total = Interval(sum(p.points.low or 0 for p in parts), sum(p.points.high or 0 for p in parts))
    missing = [part.name for part in parts if part.points.low != part.points.high]
    said = f"Child-Pugh computed from {', '.join(p.name for p in known)}: {total.in_words} points"
    if missing and total.low != total.high:
        said += f" (not known: {', '.join(missing)})"
    evidence = tuple(e for part in known for e in part.evidence)
    return Finding(total, Reason.COMPUTED, evidence, (*notes, said), unread, unknown_parts=unknown)


def _of_one_period(parts: list[Component], spread_days: int) -> list[Component]:
    """Components far older than the newest laboratory value do not belong to the same score."""
    newest = max((p.days[1] for p in parts if p.days), default=None)
    if newest is None:
        return parts
    return [_within(part, newest, spread_days) for part in parts]


def _within(part: Component, newest: date, spread_days: int) -> Component:
    if part.days is None or (newest - part.days[0]).days <= spread_days:
        return part
    note = f"{part.name} is more than {spread_days} days older than the newest component and was not counted"
    return Component(part.name, _ANY_POINTS, (), (*part.notes, note), None)


def _laboratory(
    chart: Chart, name: str, wanted: frozenset[Code], read: Callable[[Json], Interval | Unusable]
) -> Component:
    found = newest_of(
        observed(chart.record, wanted),
        chart.today,
        chart.windows.laboratory_days,
        read,
        lambda points, body: f"{name} {as_written(body)}: {points.in_words} Child-Pugh point(s)",
    )
    if not isinstance(found.possible, Interval):
        return Component(name, _ANY_POINTS, (), found.notes, None)
    return Component(name, found.possible, found.evidence, found.notes, days_meant(found.evidence, chart.today))


def _ascites(chart: Chart) -> Component:
    return _sign(chart, "ascites", "ascites", _graded)


def _encephalopathy(chart: Chart) -> Component:
    coma = proofs(chart.diagnoses, value_set("hepatic-coma"))
    if coma:
        evidence = tuple(d.evidence("hepatic coma") for d in coma)
        return Component("encephalopathy", exactly(3), evidence, (), None)
    return _sign(chart, "encephalopathy", "hepatic-encephalopathy", _graded)


def _graded(diagnosis: Diagnosis) -> Interval:
    """A bare code says that it is there, not how much: 2 to 3 points."""
    for code in codes(diagnosis.resource.body.get("severity")):
        if code in _SEVERITY_POINTS:
            return _SEVERITY_POINTS[code]
    return Interval(2, 3)


def _sign(chart: Chart, name: str, set_name: str, grade: Callable[[Diagnosis], Interval]) -> Component:
    """Ascites or encephalopathy: a current Condition, or its explicit absence. Silence is 1 to 3 points."""
    wanted = value_set(set_name)
    present = proofs(chart.diagnoses, wanted)
    if present:
        grades = [grade(d) for d in present]
        points = Interval(max(g.low or 1 for g in grades), max(g.high or 3 for g in grades))
        evidence = tuple(d.evidence(f"{name}: {points.in_words} Child-Pugh points") for d in present)
        return Component(name, points, evidence, (), None)
    seen = newest_of(
        observed(chart.record, wanted.codes), chart.today, chart.windows.laboratory_days, _presence,
        lambda points, _: f"{name}: {points.in_words} Child-Pugh point(s)",
    )  # fmt: skip
    if isinstance(seen.possible, Interval):
        return Component(name, seen.possible, seen.evidence, seen.notes, days_meant(seen.evidence, chart.today))
    return _refuted(chart, name, wanted.name)


def _presence(observation: Json) -> Interval | Unusable:
    answer = yes_or_no(observation)
    if answer is None:
        return Unusable("it says neither present nor absent")
    return Interval(2, 3) if answer else exactly(1)


def _refuted(chart: Chart, name: str, set_name: str) -> Component:
    """A refuted Condition is an explicit absence, while nothing else suspects it."""
    mine = [d for d in chart.diagnoses if d.has(value_set(set_name))]
    if not mine or any(d.is_suspicion for d in mine):
        return Component(name, _ANY_POINTS, (), (), None)
    refuted = [d for d in mine if not d.is_usable and not d.is_suspicion]
    recent = [d for d in refuted if _is_recent(d, chart)]
    if not recent:
        return Component(name, _ANY_POINTS, (), (), None)
    return Component(name, exactly(1), tuple(d.evidence(f"{name} ruled out") for d in recent), (), None)


def _is_recent(diagnosis: Diagnosis, chart: Chart) -> bool:
    when = clinical_date(diagnosis.resource.body)
    return when is None or (chart.today - when.earliest).days <= chart.windows.laboratory_days
