"""Quantities: each accepted unit, comparators, and what a living patient can have."""

from decimal import Decimal
from typing import Any

import pytest

from fhir_mappings.finding import Interval, exactly
from fhir_mappings.quantities import Measured, Unusable, interval, number, read_quantity
from tests.fhir_mappings.building import quantity

IMPLAUSIBLE = "field-notes: a value outside what a living patient can have is implausible: never met, never not met"


@pytest.mark.parametrize(
    ("name", "value", "unit", "converted"),
    [
        ("bilirubin", 2.0, "mg/dL", 2.0),
        ("bilirubin", 171, "umol/L", 10.0),
        ("bilirubin", 171, "\u00b5mol/L", 10.0),
        ("bilirubin", 171, "\u03bcmol/L", 10.0),
        ("albumin", 3.5, "g/dL", 3.5),
        ("albumin", 35, "g/L", 3.5),
        ("albumin", 600, "umol/L", 3.99),
        ("inr", 1.7, "{INR}", 1.7),
        ("inr", 1.7, "INR", 1.7),
        ("inr", 1.7, "{ratio}", 1.7),
        ("inr", 1.7, "1", 1.7),
        ("inr", 1.7, "", 1.7),
        ("tumor-size", 5, "cm", 5.0),
        ("tumor-size", 50, "mm", 5.0),
        ("tumor-size", 51, "mm", 5.1),
        ("tumor-size", 0.05, "m", 5.0),
    ],
)
def test_each_accepted_unit_is_read_in_the_unit_of_the_policy(
    name: str, value: float, unit: str, converted: float
) -> None:
    read = read_quantity(quantity(value, unit), name)
    assert isinstance(read, Measured)
    assert read.value.low == pytest.approx(converted, rel=1e-6)
    assert read.reported == exactly(float(value))


@pytest.mark.parametrize(("millimeters", "centimeters"), [(50, 5.0), (51, 5.1), (50.1, 5.01), (30, 3.0), (29, 2.9)])
def test_millimeters_become_centimeters_without_rounding(millimeters: float, centimeters: float) -> None:
    read = read_quantity(quantity(millimeters, "mm"), "tumor-size")
    assert isinstance(read, Measured)
    assert read.value == exactly(centimeters)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("bilirubin", "g/L"), ("bilirubin", ""), ("bilirubin", "mmol/L"),
        ("albumin", "mg/dL"), ("albumin", ""), ("albumin", "%"),
        ("inr", "s"), ("inr", "%"),
        ("tumor-size", "cm2"), ("tumor-size", "mL"), ("tumor-size", ""), ("tumor-size", "[in_i]"),
    ],
)  # fmt: skip
def test_a_unit_that_cannot_be_right_is_implausible(name: str, unit: str) -> None:
    read = read_quantity(quantity(1, unit), name)
    assert isinstance(read, Unusable)
    assert read.implausible
    assert "unit" in read.why


@pytest.mark.parametrize(
    ("name", "value", "unit", "usable"),
    [
        pytest.param("bilirubin", 0.1, "mg/dL", True, id="lowest bilirubin"),
        pytest.param("bilirubin", 0.05, "mg/dL", False, id="bilirubin too low"),
        pytest.param("bilirubin", 70, "mg/dL", True, id="highest bilirubin"),
        pytest.param("bilirubin", 71, "mg/dL", False, id="bilirubin of nobody alive"),
        pytest.param("bilirubin", 1200, "umol/L", False, id="bilirubin of nobody alive in umol/L"),
        pytest.param("albumin", 5200, "g/dL", False, id="albumin 5200"),
        pytest.param("albumin", 40, "g/dL", False, id="g/L under g/dL"),
        pytest.param("albumin", 3.8, "g/L", False, id="g/dL under g/L"),
        pytest.param("albumin", 7, "g/dL", True, id="highest albumin"),
        pytest.param("inr", 8, "", True, id="highest INR"),
        pytest.param("inr", 13.4, "", False, id="prothrombin seconds stored as INR"),
        pytest.param("inr", 0.4, "", False, id="INR too low"),
        pytest.param("tumor-size", 0.1, "cm", True, id="a tumor of a millimeter"),
        pytest.param("tumor-size", 0, "cm", False, id="a tumor of nothing"),
        pytest.param("tumor-size", -3, "cm", False, id="a negative size"),
        pytest.param("tumor-size", 41, "cm", False, id="a tumor larger than any"),
    ],
)
def test_a_value_outside_what_a_living_patient_can_have_is_implausible(
    name: str, value: float, unit: str, usable: bool
) -> None:
    read = read_quantity(quantity(value, unit), name)
    assert isinstance(read, Measured) is usable
    assert usable or (isinstance(read, Unusable) and read.implausible)


@pytest.mark.parametrize(
    "value", ["5", "five", True, False, None, [], {"value": 5}], ids=["digits as a string", "words", "true", "false",
                                                                      "missing", "a list", "an object"]
)  # fmt: skip
def test_only_a_json_number_is_a_value(value: Any) -> None:
    assert isinstance(read_quantity(quantity(value, "cm"), "tumor-size"), Unusable)


@pytest.mark.parametrize("whole", [None, 5, "5 cm", [quantity(5, "cm")], True])
def test_what_is_no_quantity_cannot_be_read(whole: Any) -> None:
    assert read_quantity(whole, "tumor-size") == Unusable("its value cannot be read")


@pytest.mark.parametrize(
    ("comparator", "left"),
    [
        ("<", Interval(None, 5, high_open=True)),
        ("<=", Interval(None, 5)),
        (">", Interval(5, None, low_open=True)),
        (">=", Interval(5, None)),
    ],
)
def test_a_comparator_leaves_an_interval(comparator: str, left: Interval) -> None:
    read = read_quantity(quantity(5, "cm", comparator), "tumor-size")
    assert isinstance(read, Measured)
    assert read.value == left


@pytest.mark.parametrize("comparator", ["ad", "~", "=", "less than"])
def test_a_comparator_nobody_knows_says_nothing(comparator: str) -> None:
    assert isinstance(read_quantity(quantity(5, "cm", comparator), "tumor-size"), Unusable)
    assert interval(5, comparator) is None


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [("tumor-size", 500, "cm"), ("inr", 90, ""), ("albumin", 5200, "g/dL"), ("bilirubin", 1000, "mg/dL")],
    ids=["a tumor above 5 meters", "seconds under INR", "albumin above 5200", "bilirubin above 1000"],
)
def test_more_than_anyone_can_have_is_implausible_with_a_comparator_too(name: str, value: float, unit: str) -> None:
    assert isinstance(read_quantity(quantity(value, unit, ">"), name), Unusable)


def test_below_the_limit_of_detection_is_a_value() -> None:
    read = read_quantity(quantity(0.05, "mg/dL", "<"), "bilirubin")
    assert isinstance(read, Measured)
    assert read.value == Interval(None, 0.05, high_open=True)


def test_a_unit_in_words_counts_where_no_code_stands() -> None:
    read = read_quantity({"value": 42, "unit": "mm"}, "tumor-size")
    assert isinstance(read, Measured)
    assert read.value == exactly(4.2)


def test_the_coded_unit_outranks_its_words() -> None:
    assert isinstance(read_quantity({"value": 42, "unit": "mm", "code": "cm2"}, "tumor-size"), Unusable)


@pytest.mark.parametrize(
    ("value", "exact"),
    [(1, Decimal(1)), (0.1, Decimal("0.1")), (Decimal("2.0"), Decimal("2.0")), (float("inf"), None),
     (float("nan"), None), ("1", None), (True, None), (None, None)],
)  # fmt: skip
def test_a_number_is_taken_as_written(value: Any, exact: Decimal | None) -> None:
    assert number(value) == exact
