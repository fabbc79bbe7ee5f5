"""Sizes of tumors in the liver: the newest of each tumor, and signs of tumors nobody measured (mCODE tumor size)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import Liver, liver_of, site_of
from fhir_mappings.dates import ClinicalDate, clinical_date, days_old
from fhir_mappings.elements import Json, codes, items, member, reference_id, text_of
from fhir_mappings.finding import Evidence, Interval
from fhir_mappings.metastasis_sites import has_other_tumor
from fhir_mappings.observations import Standing, observed, standing, untimely_note, value_absent
from fhir_mappings.quantities import Unusable, read_quantity
from fhir_mappings.record import Resource
from fhir_mappings.terminology import Code
from fhir_mappings.treated_tumor import is_liver_tumor

SIZE_CODES: Final[frozenset[Code]] = frozenset({("loinc", "21889-1"), ("loinc", "33728-7")})
_LARGEST_DIMENSION: Final[frozenset[Code]] = frozenset({("loinc", "33728-7")})
_DIMENSIONS: Final[frozenset[Code]] = frozenset({("loinc", "33728-7"), ("loinc", "33729-5"), ("loinc", "21889-1")})


TUMOR_PROFILE: Final = "/StructureDefinition/mcode-tumor"


@dataclass(frozen=True, slots=True)
class Size:
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

    sizes: tuple[Size, ...]
    unmeasured: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]


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
    unmeasured = tuple(_why_unmeasured(s, chart) for s in left_out) + _never_measured(sizes, chart)
    notes = tuple(_why_unmeasured(s, chart) for s in old if not s.tumor)
    return Measurements(usable, unmeasured, tuple(_evidence(s) for s in usable), notes)


def _never_measured(sizes: list[Size], chart: Chart) -> tuple[str, ...]:
    """Current tumors of the liver (mCODE Tumor) that no size is about."""
    measured = {s.tumor for s in sizes}
    return tuple(
        f"{one.reference} is a tumor of the liver without a size on record"
        for one in chart.record.of_type("BodyStructure")
        if one.identity not in measured and one.body.get("active") is not False and _is_liver_tumor(one.body, chart)
    )


def _is_liver_tumor(structure: Json, chart: Chart) -> bool:
    """Whether a BodyStructure in the liver says that it is a tumor: by profile, morphology, or its Condition."""
    if _site_of_structure(structure, chart) is not Liver.YES:
        return False
    profiles = member(structure, "meta") or {}
    named = any(TUMOR_PROFILE in text_of(p) for p in profiles.get("profile") or [] if isinstance(p, str))
    linked = {reference_id(e.get("valueReference"))[1] for e in items(structure.get("extension"))}
    return (
        named
        or bool(codes(structure.get("morphology")))
        or any(is_liver_tumor(d) for d in chart.diagnoses if d.resource.identity in linked)
    )


def _sizes(chart: Chart) -> Iterable[Size]:
    for one in observed(chart.record, SIZE_CODES):
        if one.body.get("specimen") is not None:  # already removed
            continue
        tumor, site, gone = _where(one.body, chart)
        if not gone:
            yield Size(one, tumor, clinical_date(one.body), _size(one.body), site)


def _where(observation: Json, chart: Chart) -> tuple[str, Liver, bool]:
    """Which tumor a size is of, whether that is in the liver, and whether it is gone."""
    focus = [reference_id(f) for f in items(observation.get("focus"))]
    structures = {s.identity: s.body for s in chart.record.of_type("BodyStructure")}
    for kind, identity in focus:
        structure = structures.get(identity) if kind in ("BodyStructure", "") else None
        if structure is not None:
            return identity, _site_of_structure(structure, chart), structure.get("active") is False
        if kind == "BodyStructure":
            is_unread = not chart.record.was_read("BodyStructure")  # it may be elsewhere, or treated since
            return identity, Liver.UNCLEAR if is_unread else site_of(observation, chart.record), False
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


def _newest_per_tumor(sizes: list[Size], chart: Chart) -> list[Size]:
    kept: list[Size] = []
    for tumor in sorted({s.tumor for s in sizes}):
        mine = [s for s in sizes if s.tumor == tumor]
        last = max((_day(s) for s in mine), default="")
        newest = [s for s in mine if _day(s) == last]
        kept += _one_tumor(newest) if tumor else newest
    return kept


def _one_tumor(same_day: list[Size]) -> list[Size]:
    """Two sizes of one tumor on one day: every size between them stays possible (reading A39)."""
    usable = [s for s in same_day if s.is_current]
    if not usable:
        return same_day[:1]
    whole = usable[0].value
    for size in usable[1:]:
        if isinstance(whole, Interval) and isinstance(size.value, Interval):
            whole = whole.hull(size.value)
    first = usable[0]
    return [Size(first.resource, first.tumor, first.when, whole, first.site)]


def _day(size: Size) -> str:
    return size.when.latest.isoformat() if size.when else ""


def _is_recent(size: Size, chart: Chart) -> bool:
    if size.when is None or size.when.earliest > chart.today:
        return False
    return days_old(size.when, chart.today) <= chart.windows.imaging_days


def _why_unmeasured(size: Size, chart: Chart) -> str:
    name = size.resource.reference
    if not _is_recent(size, chart):
        return untimely_note(name, size.when, chart.today, chart.windows.imaging_days)
    if isinstance(size.value, Unusable):
        return f"{name} was not used: {size.value.why}"
    return f"{name} was not used: it does not say that the tumor is in the liver"


def _evidence(size: Size) -> Evidence:
    value = size.value if isinstance(size.value, Interval) else Interval()
    return Evidence(size.resource.reference, f"tumor of {value.in_words} cm", size.when.text if size.when else "")
