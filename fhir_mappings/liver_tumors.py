"""How many tumors are in the liver, and how large the largest is (policy 151, a.iii, b.iii, c.ii, d.ii)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Liver, liver_of, site_of
from fhir_mappings.dates import ClinicalDate, clinical_date, days_old
from fhir_mappings.elements import Json, codes, items, member, reference_id
from fhir_mappings.facts import Evidence, Finding, Interval, Reason
from fhir_mappings.metastasis_sites import has_other_tumor
from fhir_mappings.observations import Standing, newest_of, observed, standing, stale_note, value_absent
from fhir_mappings.quantities import Unusable, number, read_quantity
from fhir_mappings.record import Resource
from fhir_mappings.statements import LARGEST_TUMOR, STATEMENT_TYPES, TUMOR_COUNT
from fhir_mappings.terminology import Code
from fhir_mappings.treated_tumor import is_liver_tumor

SIZE_CODES: Final[frozenset[Code]] = frozenset({("loinc", "21889-1"), ("loinc", "33728-7")})
_LARGEST_DIMENSION: Final[frozenset[Code]] = frozenset({("loinc", "33728-7")})
_DIMENSIONS: Final[frozenset[Code]] = frozenset({("loinc", "33728-7"), ("loinc", "33729-5"), ("loinc", "21889-1")})
COUNT_CODES: Final[frozenset[Code]] = frozenset({("loinc", "42032-3")})
MULTIFOCAL: Final[frozenset[Code]] = frozenset({("snomed", "399506006")})


@dataclass(frozen=True, slots=True)
class _Size:
    """One measurement of one tumor: a readable size, or why there is none."""

    resource: Resource
    tumor: str
    when: ClinicalDate | None
    value: Interval | Unusable
    site: Liver

    @property
    def is_current(self) -> bool:
        """Final, and with a size that can be read."""
        return isinstance(self.value, Interval)


@dataclass(frozen=True, slots=True)
class Measurements:
    """Tumors of the liver measured on current imaging, and signs of tumors nobody measured."""

    sizes: tuple[_Size, ...]
    unmeasured: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]


def largest_tumor_cm(chart: Chart) -> Finding:
    """Diameter of the largest tumor in the liver, in cm.

    A tumor reported but not measured leaves the upper bound open: a known large one still fails a limit.
    """
    measured = measure_tumors(chart)
    stated = chart.stated(LARGEST_TUMOR, chart.windows.imaging_days)
    unread = chart.record.unread_of("BodyStructure", *STATEMENT_TYPES)
    known = _largest(measured, _count_high(chart), bool(unread))
    if isinstance(stated.value, Interval):
        return _with_stated(stated.value, stated.evidence, known, measured, _count_high(chart))
    notes = stated.notes + measured.notes + measured.unmeasured
    if known is None:
        return Finding(None, stated.reason, measured.evidence, notes, unread)
    return Finding(known, Reason.RECORDED, measured.evidence, notes, unread)


def _with_stated(
    said: Interval, evidence: tuple[Evidence, ...], known: Interval | None, measured: Measurements, count: float | None
) -> Finding:
    """A stated largest size holds unless sizes measured at least as late say otherwise."""
    stated_on = max((e.date for e in evidence), default="")
    later = [s.value for s in measured.sizes if s.when and s.when.latest.isoformat()[: len(stated_on)] >= stated_on]
    values = [v for v in later if isinstance(v, Interval)]
    larger = any(_lies_above(v, said) for v in values)
    complete = count is not None and len(values) >= count
    if known is not None and values and (larger or (complete and _lies_above(said, known))):
        note = "the stated largest size and the measured sizes disagree; both were considered"
        both = evidence + measured.evidence
        return Finding(said.hull(known), Reason.CONFLICT, both, (*measured.notes, note))
    return Finding(said, Reason.ATTESTED, evidence, measured.notes)


def _lies_above(one: Interval, other: Interval) -> bool:
    """Whether the whole of one interval is larger than the other."""
    if one.low is None or other.high is None or one.low < other.high:
        return False
    return one.low > other.high or one.low_open or other.high_open


def _largest(measured: Measurements, count_high: float | None, unread: bool) -> Interval | None:
    values = [s.value for s in measured.sizes if isinstance(s.value, Interval)]
    if not values:
        return None
    low = max((v.low for v in values if v.low is not None), default=None)
    low_open = all(v.low_open for v in values if v.low == low)
    if measured.unmeasured or unread or (count_high is not None and count_high > len(values)):
        return Interval(low, None, low_open=low_open)
    if any(v.high is None for v in values):
        return Interval(low, None, low_open=low_open)
    high = max(v.high for v in values if v.high is not None)
    return Interval(low, high, low_open, all(v.high_open for v in values if v.high == high))


def tumor_count(chart: Chart) -> Finding:
    """Number of tumors in the liver: stated, else recorded (42032-3), else at least those on record."""
    stated = chart.stated(TUMOR_COUNT, chart.windows.imaging_days)
    recorded = _recorded_count(chart)
    measured = measure_tumors(chart)
    seen = len({s.tumor for s in measured.sizes}) + len(measured.unmeasured)
    multifocal = _multifocal(chart)
    at_least = max(seen, 2 if multifocal else 0)
    unread = chart.record.unread_of("BodyStructure", *STATEMENT_TYPES)
    said = stated.value if isinstance(stated.value, Interval) else recorded.possible
    evidence = stated.evidence or recorded.evidence
    notes = stated.notes + recorded.notes
    if isinstance(said, Interval):
        return _count_against(said, evidence, notes, at_least, measured, multifocal)
    if stated.reason is Reason.CONFLICT:
        return Finding(None, Reason.CONFLICT, evidence, notes)
    if at_least >= 2:
        more = f"at least {at_least} tumors are on record; nothing says that this is all"
        return Finding(
            Interval(at_least, None), Reason.NOT_SPECIFIC, measured.evidence + multifocal, (*notes, more), unread
        )
    return Finding(None, stated.reason, (), notes, unread)


def _count_against(
    said: Interval, evidence: tuple[Evidence, ...], notes: tuple[str, ...], at_least: int,
    measured: Measurements, multifocal: tuple[Evidence, ...],
) -> Finding:  # fmt: skip
    """A count holds unless more tumors are on record than it allows."""
    if said.low is not None and said.low < 1:
        return Finding(None, Reason.IMPLAUSIBLE, evidence, (*notes, "a count below one tumor was not used"))
    if said.high is None or at_least <= said.high:
        return Finding(said, Reason.RECORDED, evidence, notes)
    note = f"the count on record is lower than the {at_least} tumors on record; both were considered"
    return Finding(
        Interval(said.low, None), Reason.CONFLICT, evidence + measured.evidence + multifocal, (*notes, note)
    )


def _count_high(chart: Chart) -> float | None:
    stated = chart.stated(TUMOR_COUNT, chart.windows.imaging_days).value
    said = stated if isinstance(stated, Interval) else _recorded_count(chart).possible
    return said.low if isinstance(said, Interval) else None


def _recorded_count(chart: Chart) -> Finding:
    """LOINC 42032-3 counts tumors at diagnosis: taken as current inside the window (reading A59)."""
    found = [one for one in observed(chart.record, COUNT_CODES) if site_of(one.body, chart.record) is not Liver.NO]
    return newest_of(found, chart.today, chart.windows.imaging_days, _count, lambda v, _: f"{v.low:g} tumor(s)")


def _count(observation: Json) -> Interval | Unusable:
    if MULTIFOCAL.intersection(codes(observation.get("valueCodeableConcept"))):
        return Interval(2, None)
    value = number(observation.get("valueInteger"))
    if value is None:
        value = number(member(observation, "valueQuantity", "value"))
    if value is None or value != int(value) or value < 1:
        return Unusable("it is no whole number of tumors")
    return Interval(float(value), float(value))


def _multifocal(chart: Chart) -> tuple[Evidence, ...]:
    """SNOMED 399506006, multifocal tumor: at least two."""
    return tuple(
        Evidence(one.reference, "multifocal tumor", when.text if when else "")
        for one in observed(chart.record, SIZE_CODES | COUNT_CODES | MULTIFOCAL)
        if standing(one.body) is Standing.USABLE
        and MULTIFOCAL.intersection((*codes(one.body.get("valueCodeableConcept")), *codes(one.body.get("code"))))
        and (when := clinical_date(one.body)) is not None
        and days_old(when, chart.today) <= chart.windows.imaging_days
    )


def measure_tumors(chart: Chart) -> Measurements:
    """The newest size of each tumor in the liver.

    Sizes are told apart by the BodyStructure they focus on; those without a focus belong to the newest day
    they were measured on. A tumor whose newest record is old or unreadable is there, unmeasured (A61).
    """
    sizes = [s for s in _sizes(chart) if s.site in (Liver.YES, Liver.UNSTATED, Liver.UNCLEAR)]
    newest = _newest_per_tumor(sizes, chart)
    old = [s for s in newest if not _is_recent(s, chart)]
    recent = [s for s in newest if _is_recent(s, chart)]
    usable = tuple(s for s in recent if s.is_current and s.site is not Liver.UNCLEAR)
    left_out = [s for s in recent if s not in usable] + [s for s in old if s.tumor]
    unmeasured = tuple(_why_unmeasured(s, chart) for s in left_out)
    notes = tuple(_why_unmeasured(s, chart) for s in old if not s.tumor)
    return Measurements(usable, unmeasured, tuple(_evidence(s) for s in usable), notes)


def _sizes(chart: Chart) -> Iterable[_Size]:
    for one in observed(chart.record, SIZE_CODES):
        if one.body.get("specimen") is not None:  # already removed
            continue
        tumor, site, gone = _where(one.body, chart)
        if not gone:
            yield _Size(one, tumor, clinical_date(one.body), _size(one.body), site)


def _where(observation: Json, chart: Chart) -> tuple[str, Liver, bool]:
    """Which tumor a size is of, whether that is in the liver, and whether it is gone."""
    focus = [reference_id(f) for f in items(observation.get("focus"))]
    structures = {s.identity: s.body for s in chart.record.of_type("BodyStructure")}
    for kind, identity in focus:
        structure = structures.get(identity) if kind in ("BodyStructure", "") else None
        if structure is not None:
            return identity, _site_of_structure(structure, chart), structure.get("active") is False
        if kind == "BodyStructure":
            return identity, site_of(observation, chart.record), False
    site = site_of(observation, chart.record)
    about = [d for d in chart.diagnoses if d.resource.identity in {i for _, i in focus}]
    if about and site is Liver.UNSTATED:
        site = Liver.YES if any(is_liver_tumor(d) for d in about) else Liver.NO
    if site is Liver.UNSTATED and has_other_tumor(chart):
        site = Liver.UNCLEAR
    return "", site, False


def _site_of_structure(structure: Json, chart: Chart) -> Liver:
    site = liver_of([structure.get("location")])
    if site is not Liver.UNSTATED:
        return site
    linked = {reference_id(e.get("valueReference"))[1] for e in items(structure.get("extension"))}
    about = [d for d in chart.diagnoses if d.resource.identity in linked]
    if about:
        return Liver.YES if any(is_liver_tumor(d) for d in about) else Liver.NO
    return Liver.UNCLEAR if has_other_tumor(chart) else Liver.UNSTATED


def _size(observation: Json) -> Interval | Unusable:
    if standing(observation) is not Standing.USABLE:
        return Unusable("it is not final")
    if value_absent(observation):
        return Unusable("its size is marked as absent")
    parts = [c for c in items(observation.get("component")) if _DIMENSIONS.intersection(codes(c.get("code")))]
    chosen = [c for c in parts if _LARGEST_DIMENSION.intersection(codes(c.get("code")))] or parts
    quantities = [c.get("valueQuantity") for c in chosen if not value_absent(c)]
    if not chosen:
        quantities = [observation.get("valueQuantity")]
    read = [read_quantity(q, "tumor-size") for q in quantities]
    problems = [r for r in read if isinstance(r, Unusable)]
    if problems or not read:
        return problems[0] if problems else Unusable("its size is marked as absent")
    return max((r.value for r in read if not isinstance(r, Unusable)), key=lambda v: v.high or v.low or 0)


def _newest_per_tumor(sizes: list[_Size], chart: Chart) -> list[_Size]:
    kept: list[_Size] = []
    for tumor in sorted({s.tumor for s in sizes}):
        mine = [s for s in sizes if s.tumor == tumor]
        last = max((_day(s) for s in mine), default="")
        newest = [s for s in mine if _day(s) == last]
        kept += _one_tumor(newest) if tumor else newest
    return kept


def _one_tumor(same_day: list[_Size]) -> list[_Size]:
    """Two sizes of one tumor on one day: every size between them stays possible (reading A39)."""
    usable = [s for s in same_day if s.is_current]
    if not usable:
        return same_day[:1]
    whole = usable[0].value
    for size in usable[1:]:
        if isinstance(whole, Interval) and isinstance(size.value, Interval):
            whole = whole.hull(size.value)
    first = usable[0]
    return [_Size(first.resource, first.tumor, first.when, whole, first.site)]


def _day(size: _Size) -> str:
    return size.when.latest.isoformat() if size.when else ""


def _is_recent(size: _Size, chart: Chart) -> bool:
    if size.when is None or size.when.earliest > chart.today:
        return False
    return days_old(size.when, chart.today) <= chart.windows.imaging_days


def _why_unmeasured(size: _Size, chart: Chart) -> str:
    name = size.resource.reference
    if size.when is None:
        return f"{name} has no date and was not used"
    if not _is_recent(size, chart):
        return stale_note(name, size.when, chart.windows.imaging_days)
    if isinstance(size.value, Unusable):
        return f"{name} was not used: {size.value.why}"
    return f"{name} was not used: it does not say that the tumor is in the liver"


def _evidence(size: _Size) -> Evidence:
    value = size.value if isinstance(size.value, Interval) else Interval()
    low, high = value.low, value.high
    said = f"{low:g}" if low == high else f"{low or 0:g} to {high:g}" if high is not None else f"above {low:g}"
    return Evidence(size.resource.reference, f"tumor of {said} cm", size.when.text if size.when else "")
