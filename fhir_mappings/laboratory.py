"""Laboratory values of the liver: Child-Pugh points per unit, and the ALBI score."""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from fhir_mappings.chart import Chart
from fhir_mappings.dates import days_meant
from fhir_mappings.elements import Json, member, text_of
from fhir_mappings.finding import Evidence, Finding, Interval
from fhir_mappings.observations import newest_of, observed
from fhir_mappings.quantities import Measured, Unusable, number, read_quantity
from fhir_mappings.terminology import Code

BILIRUBIN_CODES: Final[frozenset[Code]] = frozenset({("loinc", "1975-2"), ("loinc", "14631-6")})

ALBUMIN_CODES: Final[frozenset[Code]] = frozenset(
    ("loinc", code) for code in ("1751-7", "61151-7", "61152-5", "2862-1", "54347-0")
)

INR_CODES: Final[frozenset[Code]] = frozenset(("loinc", code) for code in ("6301-6", "34714-6", "38875-1", "46418-0"))


class LaboratoryTest(NamedTuple):
    """A test that can be ordered: its LOINC number, our words for it, every code its result or order may carry."""

    loinc: str
    words: str
    codes: frozenset[Code]


LABORATORY_TESTS: Final[Mapping[str, LaboratoryTest]] = {
    "bilirubin": LaboratoryTest("1975-2", "total bilirubin", BILIRUBIN_CODES),
    "albumin": LaboratoryTest("1751-7", "albumin", ALBUMIN_CODES),
    "INR": LaboratoryTest("6301-6", "INR", INR_CODES),
}
"""The laboratory parts of Child-Pugh, by the names its components have."""

_LIMITS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    # one point below (albumin: above) the first limit, three beyond the second, two on and between them
    "bilirubin": {"mg/dl": (2.0, 3.0), "umol/l": (34.0, 51.0)},
    "albumin": {"g/dl": (3.5, 2.8), "g/l": (35.0, 28.0)},
    "inr": {"": (1.7, 2.3)},
}


def bilirubin_points(observation: Json) -> Interval | Unusable:
    """Child-Pugh points of a total bilirubin: below 2.0 mg/dL or 34 umol/L one, above 3.0 or 51 three."""
    return _points_of(read_quantity(observation.get("valueQuantity"), "bilirubin"), "bilirubin")


def albumin_points(observation: Json) -> Interval | Unusable:
    """Child-Pugh points of an albumin: above 3.5 g/dL one, below 2.8 three (reading A8: 2.8, not 3.0)."""
    return _points_of(read_quantity(observation.get("valueQuantity"), "albumin"), "albumin")


def inr_points(observation: Json) -> Interval | Unusable:
    """Child-Pugh points of an INR: below 1.7 one, above 2.3 three."""
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


def as_written(observation: Json) -> str:
    """The value of an Observation with its own unit."""
    quantity = observation.get("valueQuantity")
    value = number(member(quantity, "value"))
    unit = text_of(member(quantity, "unit")) or text_of(member(quantity, "code"))
    return f"{text_of(member(quantity, 'comparator'))}{value} {unit}".strip()


def albi_score(chart: Chart) -> tuple[Interval | None, tuple[Evidence, ...]]:
    """ALBI = 0.66 log10(bilirubin in umol/L) - 0.085 albumin in g/L; grade 1 is -2.60 or less."""
    bilirubin = _value(chart, BILIRUBIN_CODES, "bilirubin")
    albumin = _value(chart, ALBUMIN_CODES, "albumin")
    values = (bilirubin.possible, albumin.possible)
    if not all(isinstance(v, Interval) and v.low is not None and v.high is not None for v in values):
        return None, ()
    evidence = bilirubin.evidence + albumin.evidence
    days = days_meant(evidence, chart.today)
    if days and (days[1] - days[0]).days > chart.windows.laboratory_spread_days:
        return None, ()
    return _albi(*values), evidence  # type: ignore[arg-type]


def _value(chart: Chart, wanted: frozenset[Code], name: str) -> Finding:
    def read(observation: Json) -> Interval | Unusable:
        measured = read_quantity(observation.get("valueQuantity"), name)
        return measured if isinstance(measured, Unusable) else measured.value

    return newest_of(
        observed(chart.record, wanted), chart.today, chart.windows.laboratory_days, read,
        lambda _, body: f"{name} {as_written(body)}",
    )  # fmt: skip


def _albi(bilirubin_mg_dl: Interval, albumin_g_dl: Interval) -> Interval:
    def score(bilirubin: float, albumin: float) -> float:
        return 0.66 * math.log10(bilirubin * 17.1) - 0.085 * albumin * 10

    low = score(bilirubin_mg_dl.low or 0.1, albumin_g_dl.high or 7)
    return Interval(low, score(bilirubin_mg_dl.high or 70, albumin_g_dl.low or 0.5))
