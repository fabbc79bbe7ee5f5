"""Quantities: value, unit and comparator as an interval in the unit the policy speaks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Final

from fhir_mappings.elements import Json, text_of
from fhir_mappings.finding import Interval

_BEYOND_MEASURE: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of measurement: its unit, the factor of every accepted unit, and what is plausible."""

    unit: str
    factors: Mapping[str, Decimal]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A readable measurement: in the measure's unit, and as reported, for limits printed per unit."""

    value: Interval
    reported: Interval
    unit: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """A measurement that says nothing: why, in words that hold no patient data."""

    why: str
    implausible: bool = False


@cache
def measure(name: str) -> Measure:
    """A measure of measures.toml by name."""
    text = resources.files("fhir_mappings").joinpath("measures.toml").read_text("utf-8")
    data = tomllib.loads(text)[name]
    factors = {unit: Decimal(factor) for unit, factor in data["units"].items()}
    return Measure(data["unit"], factors, data["low"], data["high"])


def number(value: Any) -> Decimal | None:
    """A JSON number as written; None for anything else, true and false included, and beyond what anything measures."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return exact if exact.is_finite() and abs(exact) < _BEYOND_MEASURE else None


def plain_unit(quantity: Json) -> str:
    """The unit in small letters with one kind of micro sign: its code where there is one, else its words."""
    unit = text_of(quantity.get("code")) or text_of(quantity.get("unit"))
    return unit.replace("\u00b5", "u").replace("\u03bc", "u").lower()


def read_quantity(quantity: Any, name: str) -> Measured | Unusable:
    """Read a Quantity as the named measure, or say why it cannot be used."""
    known = measure(name)
    value = number(quantity.get("value")) if isinstance(quantity, Mapping) else None
    if value is None or not isinstance(quantity, Mapping):
        return Unusable("its value cannot be read")
    unit = plain_unit(quantity)
    if unit not in known.factors:
        return Unusable(f"its unit is not one of {', '.join(u for u in known.factors if u)}", implausible=True)
    comparator = text_of(quantity.get("comparator"))
    converted = float(value * known.factors[unit])
    at_least = None if comparator else known.low  # "<0.05" is below what a laboratory can detect
    if converted > known.high or (at_least is not None and converted < at_least):
        return Unusable(f"its value lies outside {known.low:g} to {known.high:g} {known.unit}", implausible=True)
    reported = interval(float(value), comparator)
    if reported is None:
        return Unusable("its comparator is not one of <, <=, >=, >")
    return Measured(interval(converted, comparator) or reported, reported, unit)


def interval(value: float, comparator: str) -> Interval | None:
    """A number with its comparator as an interval: `<5` is everything below 5. None if it is no comparator."""
    return {
        "": Interval(value, value),
        "<": Interval(None, value, high_open=True),
        "<=": Interval(None, value),
        ">": Interval(value, None, low_open=True),
        ">=": Interval(value, None),
    }.get(comparator)
