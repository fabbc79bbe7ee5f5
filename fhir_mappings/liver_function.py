"""Liver function: laboratory values, Child-Pugh and liver reserve (policy 151, I.B and I.C)."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Diagnosis, proofs
from fhir_mappings.dates import clinical_date
from fhir_mappings.elements import Json, codes, items, member, text_of
from fhir_mappings.facts import Evidence, Finding, Interval, Reason, exactly
from fhir_mappings.observations import newest_of, observed, value_absent, yes_or_no
from fhir_mappings.quantities import Measured, Unusable, interval, number, read_quantity
from fhir_mappings.terminology import Code, value_set

BILIRUBIN_CODES: Final[frozenset[Code]] = frozenset({("loinc", "1975-2"), ("loinc", "14631-6")})
ALBUMIN_CODES: Final[frozenset[Code]] = frozenset(
    ("loinc", code) for code in ("1751-7", "61151-7", "61152-5", "2862-1", "54347-0")
)
INR_CODES: Final[frozenset[Code]] = frozenset(
    ("loinc", code) for code in ("6301-6", "34714-6", "38875-1", "46418-0")
)
CHILD_PUGH_CODES: Final[frozenset[Code]] = frozenset(
    {("loinc", "98152-2"), ("loinc", "98153-0"), ("snomed", "3191000175106")}
)
CHILD_PUGH_CLASSES: Final[dict[Code, str]] = {
    ("snomed", "710065009"): "A", ("snomed", "710066005"): "B", ("snomed", "710067001"): "C",
}  # fmt: skip

CLASS_POINTS: Final = {"A": Interval(5, 6), "B": Interval(7, 9), "C": Interval(10, 15)}
"""Child-Pugh class from points: A 5-6, B 7-9, C 10-15 (policy 151, Policy Guidelines)."""

_ANY_POINTS: Final = Interval(1, 3)
_LIMITS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    # one point below (albumin: above) the first limit, three beyond the second, two on and between them
    "bilirubin": {"mg/dl": (2.0, 3.0), "umol/l": (34.0, 51.0)},
    "albumin": {"g/dl": (3.5, 2.8), "g/l": (35.0, 28.0)},
    "inr": {"": (1.7, 2.3)},
}
_SEVERITY_POINTS: Final[dict[Code, Interval]] = {
    ("snomed", "255604002"): exactly(2), ("snomed", "6736007"): exactly(3), ("snomed", "24484000"): exactly(3),
}  # fmt: skip
_CLASS_TEXT: Final = re.compile(
    r"(?:child(?:-|\s)*(?:turcotte(?:-|\s)*)?(?:pugh)?)?\W*(?:class|score|grade)?\W*([ABC])?\W*(\d{1,2})?\W*(?:points?)?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Component:
    """One of the five parts of the score: the points still possible, and what they rest on."""

    name: str
    points: Interval
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    latest: date | None


def child_pugh_points(chart: Chart) -> Finding:
    """Child-Pugh points, 5 to 15: the newest recorded score or class, else computed from its components.

    A stale record is replaced by computing; an invalid, contradictory or preliminary one is not (reading A50).
    """
    recorded = _recorded(chart)
    if recorded.possible is not None or recorded.reason not in (Reason.NO_DATA, Reason.STALE):
        return recorded
    if recorded.reason is Reason.NO_DATA and recorded.notes:
        return recorded
    computed = _computed(chart)
    return replace(computed, notes=recorded.notes + computed.notes)


def _recorded(chart: Chart) -> Finding:
    found = observed(chart.record, CHILD_PUGH_CODES | CHILD_PUGH_CLASSES.keys())
    found += tuple(d.resource for d in chart.diagnoses if d.is_proof and set(d.codes) & CHILD_PUGH_CLASSES.keys())
    return newest_of(found, chart.today, chart.windows.child_pugh_days, _score, _say_points)


def _as_written(observation: Json) -> str:
    quantity = observation.get("valueQuantity")
    value = number(member(quantity, "value"))
    unit = text_of(member(quantity, "unit")) or text_of(member(quantity, "code"))
    return f"{text_of(member(quantity, 'comparator'))}{value} {unit}".strip()


def _say_points(points: Interval, _: Json) -> str:
    for letter, band in CLASS_POINTS.items():
        if points == band:
            return f"Child-Pugh class {letter}"
    return f"Child-Pugh {_span(points)} points"


def _span(value: Interval) -> str:
    return f"{value.low:g}" if value.low == value.high else f"{value.low:g}-{value.high:g}"


def _score(observation: Json) -> Interval | Unusable:
    said = [*_points(observation), *_classes(observation)]
    for component in items(observation.get("component")):
        listed = set(codes(component.get("code")))
        if listed & (CHILD_PUGH_CODES | CHILD_PUGH_CLASSES.keys()) and not value_absent(component):
            said += [*_points(component), *_classes(component)]
    if not said:
        return Unusable("it holds neither Child-Pugh points nor a class")
    whole: Interval | None = Interval(5, 15)
    for part in said:
        whole = whole.meet(part) if whole else None
    if whole is None:
        return Unusable("its Child-Pugh points and class contradict each other or lie outside 5 to 15", True)
    return whole


def _points(holder: Json) -> list[Interval]:
    plain = number(holder.get("valueInteger"))
    if plain is not None:
        return [exactly(float(plain))]
    value = number(member(holder, "valueQuantity", "value"))
    if value is None:
        return []
    read = interval(float(value), text_of(member(holder, "valueQuantity", "comparator")))
    return [read] if read else []


def _classes(holder: Json) -> list[Interval]:
    coded = [*codes(holder.get("valueCodeableConcept")), *codes(holder.get("interpretation"))]
    if not coded or not any(code in CHILD_PUGH_CLASSES for code in coded):
        coded += codes(holder.get("code"))
    said = [CLASS_POINTS[CHILD_PUGH_CLASSES[code]] for code in coded if code in CHILD_PUGH_CLASSES]
    written = text_of(holder.get("valueString")) or text_of(member(holder, "valueCodeableConcept", "text"))
    found = _CLASS_TEXT.fullmatch(written)
    if found and found.group(1):
        said.append(CLASS_POINTS[found.group(1).upper()])
    if found and found.group(2):
        said.append(exactly(float(found.group(2))))
    return said


def _computed(chart: Chart) -> Finding:
    """The bounds method: a component that is not known counts 1 to 3 points."""
    parts = _of_one_period(
        [
            _laboratory(chart, "bilirubin", BILIRUBIN_CODES, _bilirubin),
            _laboratory(chart, "albumin", ALBUMIN_CODES, _albumin),
            _laboratory(chart, "INR", INR_CODES, _inr),
            _ascites(chart),
            _encephalopathy(chart),
        ],
        chart.windows.laboratory_spread_days,
    )
    notes = tuple(note for part in parts for note in part.notes)
    known = [part for part in parts if part.points != _ANY_POINTS]
    unread = chart.record.unread_of("Observation", "Condition")
    if not known:
        return Finding(reason=Reason.NO_DATA, notes=notes, unread=unread)
    total = Interval(sum(p.points.low or 0 for p in parts), sum(p.points.high or 0 for p in parts))
    missing = [part.name for part in parts if part.points.low != part.points.high]
    said = f"Child-Pugh computed from {', '.join(p.name for p in known)}: {_span(total)} points"
    if missing and total.low != total.high:
        said += f" (not known: {', '.join(missing)})"
    evidence = tuple(e for part in known for e in part.evidence)
    return Finding(total, Reason.COMPUTED, evidence, (*notes, said), unread)


def _of_one_period(parts: list[Component], spread_days: int) -> list[Component]:
    """Components far older than the newest laboratory value do not belong to the same score."""
    newest = max((p.latest for p in parts if p.latest), default=None)
    if newest is None:
        return parts
    return [_within(part, newest, spread_days) for part in parts]


def _within(part: Component, newest: date, spread_days: int) -> Component:
    if part.latest is None or (newest - part.latest).days <= spread_days:
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
        lambda points, body: f"{name} {_as_written(body)}: {_span(points)} Child-Pugh point(s)",
    )
    if not isinstance(found.possible, Interval):
        return Component(name, _ANY_POINTS, (), found.notes, None)
    return Component(name, found.possible, found.evidence, found.notes, found.latest)


def _bilirubin(observation: Json) -> Interval | Unusable:
    return _points_of(read_quantity(observation.get("valueQuantity"), "bilirubin"), "bilirubin")


def _albumin(observation: Json) -> Interval | Unusable:
    return _points_of(read_quantity(observation.get("valueQuantity"), "albumin"), "albumin")


def _inr(observation: Json) -> Interval | Unusable:
    return _points_of(read_quantity(observation.get("valueQuantity"), "inr"), "inr")


def _points_of(read: Measured | Unusable, name: str) -> Interval | Unusable:
    """Points by the limits of the unit reported: 2.0 mg/dL is 34.2 umol/L, and each has limits of its own."""
    if isinstance(read, Unusable):
        return read
    limits = _LIMITS[name]
    value, (first, second) = (
        (read.reported, limits[read.unit]) if read.unit in limits else (read.value, next(iter(limits.values())))
    )
    if name == "albumin":
        value, first, second = _mirrored(value), -first, -second
    return Interval(_low_points(value, first, second), _high_points(value, first, second))


def _mirrored(value: Interval) -> Interval:
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    return Interval(low, high, value.high_open, value.low_open)


def _low_points(value: Interval, first: float, second: float) -> int:
    if value.low is None or value.low < first:
        return 1
    return 3 if value.low > second or (value.low == second and value.low_open) else 2


def _high_points(value: Interval, first: float, second: float) -> int:
    if value.high is None or value.high > second:
        return 3
    return 1 if value.high < first or (value.high == first and value.high_open) else 2


def _ascites(chart: Chart) -> Component:
    return _sign(chart, "ascites", "ascites", lambda d: _graded(d))


def _encephalopathy(chart: Chart) -> Component:
    coma = proofs(chart.diagnoses, value_set("hepatic-coma"))
    if coma:
        evidence = tuple(d.evidence("hepatic coma") for d in coma)
        return Component("encephalopathy", exactly(3), evidence, (), None)
    return _sign(chart, "encephalopathy", "hepatic-encephalopathy", lambda d: _graded(d))


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
        evidence = tuple(d.evidence(f"{name}: {_span(points)} Child-Pugh points") for d in present)
        return Component(name, points, evidence, (), None)
    seen = newest_of(
        observed(chart.record, wanted.codes), chart.today, chart.windows.laboratory_days, _presence,
        lambda points, _: f"{name}: {_span(points)} Child-Pugh point(s)",
    )  # fmt: skip
    if isinstance(seen.possible, Interval):
        return Component(name, seen.possible, seen.evidence, seen.notes, seen.latest)
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


def albi_score(chart: Chart) -> tuple[Interval | None, tuple[Evidence, ...]]:
    """ALBI = 0.66 log10(bilirubin in umol/L) - 0.085 albumin in g/L; grade 1 is -2.60 or less."""
    bilirubin = _value(chart, BILIRUBIN_CODES, "bilirubin")
    albumin = _value(chart, ALBUMIN_CODES, "albumin")
    values = (bilirubin.possible, albumin.possible)
    if not all(isinstance(v, Interval) and v.low is not None and v.high is not None for v in values):
        return None, ()
    if bilirubin.latest and albumin.latest:
        apart = abs((bilirubin.latest - albumin.latest).days)
        if apart > chart.windows.laboratory_spread_days:
            return None, ()
    return _albi(*values), bilirubin.evidence + albumin.evidence  # type: ignore[arg-type]


def _value(chart: Chart, wanted: frozenset[Code], name: str) -> Finding:
    def read(observation: Json) -> Interval | Unusable:
        measured = read_quantity(observation.get("valueQuantity"), name)
        return measured if isinstance(measured, Unusable) else measured.value

    return newest_of(
        observed(chart.record, wanted), chart.today, chart.windows.laboratory_days, read,
        lambda _, body: f"{name} {_as_written(body)}",
    )  # fmt: skip


def _albi(bilirubin_mg_dl: Interval, albumin_g_dl: Interval) -> Interval:
    def score(bilirubin: float, albumin: float) -> float:
        return 0.66 * math.log10(bilirubin * 17.1) - 0.085 * albumin * 10

    low = score(bilirubin_mg_dl.low or 0.1, albumin_g_dl.high or 7)
    return Interval(low, score(bilirubin_mg_dl.high or 70, albumin_g_dl.low or 0.5))
