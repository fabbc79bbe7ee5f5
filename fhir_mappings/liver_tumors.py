"""How many tumors are in the liver, and how large the largest is (policy 151, a.iii, b.iii, c.ii, d.ii)."""

from dataclasses import replace
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Liver, site_of
from fhir_mappings.dates import clinical_date, days_old
from fhir_mappings.elements import Json, codes
from fhir_mappings.finding import Evidence, Finding, Interval, Reason
from fhir_mappings.form_codes import LARGEST_TUMOR, TUMOR_COUNT
from fhir_mappings.observations import Standing, newest_of, observed, standing, value_absent, yes_or_no
from fhir_mappings.quantities import Unusable, number, plain_unit
from fhir_mappings.statements import STATEMENT_TYPES
from fhir_mappings.terminology import Code
from fhir_mappings.tumor_sizes import SIZE_CODES, Measurements, measure_tumors

COUNT_CODES: Final[frozenset[Code]] = frozenset({("loinc", "42032-3")})
MULTIFOCAL: Final[frozenset[Code]] = frozenset({("snomed", "399506006")})


def largest_tumor_cm(chart: Chart) -> Finding:
    """Diameter of the largest tumor in the liver, in cm.

    A tumor reported but not measured leaves the upper bound open: a known large one still fails a limit.
    """
    measured = chart.once(measure_tumors)
    stated = chart.stated(LARGEST_TUMOR, chart.windows.imaging_days)
    unread = chart.record.unread_of("BodyStructure", *STATEMENT_TYPES)
    known = _largest(measured, _count_high(chart), bool(unread))
    if isinstance(stated.value, Interval):
        return _with_stated(stated.value, stated.evidence, known, measured, _count_high(chart))
    notes = stated.notes + measured.notes + measured.unmeasured
    reason = Reason.RECORDED if known else stated.reason
    found = Finding(known, reason, measured.evidence, notes, unread)
    return chart.if_whole(found, "Observation")


def _with_stated(
    said: Interval,
    evidence: tuple[Evidence, ...],
    known: Interval | None,
    measured: Measurements,
    count: float | None,
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
    if isinstance(stated.value, Interval):
        known = Finding(stated.value, Reason.ATTESTED, stated.evidence, stated.notes)
        return _count_against(known, stated.value, chart)
    if stated.reason is Reason.CONFLICT:
        return Finding(None, Reason.CONFLICT, stated.evidence, stated.notes)
    recorded = chart.once(_recorded_count)
    if isinstance(recorded.possible, Interval):
        known = replace(recorded, notes=stated.notes + recorded.notes)
        return chart.if_whole(_count_against(known, recorded.possible, chart), "Observation")
    at_least, evidence = _seen(chart)
    notes = stated.notes + recorded.notes
    unread = chart.record.unread_of("BodyStructure", *STATEMENT_TYPES)
    if at_least < 2:
        return Finding(None, stated.reason, (), notes, unread)
    more = f"at least {at_least} tumors are on record; nothing says that this is all"
    found = Finding(Interval(at_least, None), Reason.NOT_SPECIFIC, evidence, (*notes, more), unread)
    return chart.if_whole(found, "Observation")


def _seen(chart: Chart) -> tuple[int, tuple[Evidence, ...]]:
    """How many tumors the record shows, measured or not, and by what."""
    measured, multifocal = chart.once(measure_tumors), _multifocal(chart)
    sizes = len({s.tumor or s.resource.reference for s in measured.sizes})
    seen = sizes + len(measured.unmeasured)
    return max(seen, 2 if multifocal else 0), measured.evidence + multifocal


def _count_against(known: Finding, said: Interval, chart: Chart) -> Finding:
    """A count holds unless more tumors are on record than it allows."""
    if said.low is not None and said.low < 1:
        note = "a count below one tumor was not used"
        return Finding(None, Reason.IMPLAUSIBLE, known.evidence, (*known.notes, note))
    at_least, evidence = _seen(chart)
    if said.high is None or at_least <= said.high:
        return known
    note = f"the count on record is lower than the {at_least} tumors on record; both were considered"
    return Finding(Interval(said.low, None), Reason.CONFLICT, known.evidence + evidence, (*known.notes, note))


def _count_high(chart: Chart) -> float | None:
    stated = chart.stated(TUMOR_COUNT, chart.windows.imaging_days).value
    said = stated if isinstance(stated, Interval) else chart.once(_recorded_count).possible
    return said.low if isinstance(said, Interval) else None


def _recorded_count(chart: Chart) -> Finding:
    """LOINC 42032-3 counts tumors at diagnosis: taken as current inside the window (reading A59)."""
    found = [one for one in observed(chart.record, COUNT_CODES) if site_of(one.body, chart.record) is not Liver.NO]
    return newest_of(found, chart.today, chart.windows.imaging_days, _count, lambda v, _: f"{v.low:g} tumor(s)")


def _count(observation: Json) -> Interval | Unusable:
    if MULTIFOCAL.intersection(codes(observation.get("valueCodeableConcept"))):
        return Interval(2, None)
    value = number(observation.get("valueInteger"))
    quantity = observation.get("valueQuantity")
    if value is None and isinstance(quantity, dict) and _counts(plain_unit(quantity)):
        value = number(quantity.get("value"))
    if value is None or value != int(value) or value < 1:
        return Unusable("it is no whole number of tumors")
    return Interval(float(value), float(value))


def _counts(unit: str) -> bool:
    """Whether a unit counts things: none, 1, #, or a UCUM annotation."""
    return unit in ("", "1", "#") or unit.startswith("{")


def _multifocal(chart: Chart) -> tuple[Evidence, ...]:
    """SNOMED 399506006, multifocal tumor: at least two."""
    return tuple(
        Evidence(one.reference, "multifocal tumor", when.text if when else "")
        for one in observed(chart.record, SIZE_CODES | COUNT_CODES | MULTIFOCAL)
        if standing(one.body) is Standing.USABLE
        and not value_absent(one.body)
        and yes_or_no(one.body) is not False
        and site_of(one.body, chart.record) is not Liver.NO
        and MULTIFOCAL.intersection((*codes(one.body.get("valueCodeableConcept")), *codes(one.body.get("code"))))
        and (when := clinical_date(one.body)) is not None
        and 0 <= days_old(when, chart.today) <= chart.windows.imaging_days
    )
