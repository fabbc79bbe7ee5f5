"""Sizes of liver tumors: shapes, links to the liver, what is gone, and what nobody measured (terminology 5.1)."""

from typing import Any

import pytest

from fhir_mappings.finding import Interval, exactly
from fhir_mappings.tumor_sizes import Measurements, measure_tumors
from tests.fhir_mappings.building import (
    BREAST,
    LIVER,
    body_structure,
    chart_of,
    concept,
    condition,
    observation,
    quantity,
)

SIZE = "loinc 21889-1"
LARGEST = "loinc 33728-7"
OTHER = "loinc 33729-5"


def part(code: str, value: Any, unit: str = "cm", comparator: str = "") -> dict[str, Any]:
    return {"code": concept(code), "valueQuantity": quantity(value, unit, comparator)}


def size(value: Any = 4, unit: str = "cm", focus: str = "", **more: Any) -> dict[str, Any]:
    linked = {"focus": [{"reference": focus}]} if focus else {}
    return observation(SIZE, component=[part(LARGEST, value, unit)], **linked, **more)


def measured(*resources: dict[str, Any]) -> Measurements:
    return measure_tumors(chart_of(*resources))


def values(*resources: dict[str, Any]) -> list[Any]:
    return [s.value for s in measured(*resources).sizes]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param(size(4), exactly(4), id="mCODE tumor size"),
        pytest.param(size(42, "mm"), exactly(4.2), id="millimeters"),
        pytest.param(size(0.05, "m"), exactly(5), id="meters"),
        pytest.param(observation(LARGEST, valueQuantity=quantity(4, "cm")), exactly(4), id="a plain 33728-7"),
        pytest.param(observation(SIZE, valueQuantity=quantity(4, "cm")), exactly(4), id="a plain 21889-1"),
        pytest.param(observation(SIZE, component=[part(LARGEST, 4), part(OTHER, 9)]), exactly(4),
                     id="the largest dimension outranks the others"),
        pytest.param(observation(SIZE, component=[part(OTHER, 3), part(OTHER, 4.5)]), exactly(4.5),
                     id="without it the largest of the others"),
        pytest.param(observation(SIZE, component=[part(LARGEST, 3), part(LARGEST, 5.5)]), exactly(5.5),
                     id="two largest dimensions"),
        pytest.param(observation(SIZE, component=[part(LARGEST, 5, "cm", "<")]), Interval(None, 5, high_open=True),
                     id="below 5 cm"),
        pytest.param(observation(SIZE, component=[part("loinc 1975-2", 9), part(LARGEST, 4)]), exactly(4),
                     id="a component of something else"),
        pytest.param(size(4, status="amended"), exactly(4), id="amended"),
    ],
)  # fmt: skip
def test_a_size_in_each_accepted_shape(body: dict[str, Any], found: Interval) -> None:
    assert values(body) == [found]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(size(4, "cm2"), id="an area"),
        pytest.param(size(4, "mL"), id="a volume"),
        pytest.param(size(4, ""), id="no unit"),
        pytest.param(size("4"), id="a string"),
        pytest.param(size(400), id="4 meters"),
        pytest.param(size(4, status="preliminary"), id="preliminary"),
        pytest.param(size(4, dataAbsentReason=concept("snomed 1")), id="marked as absent"),
        pytest.param(observation(SIZE), id="no value"),
        pytest.param(observation(SIZE, valueString="4 cm"), id="a string value"),
        pytest.param(
            observation(SIZE, component=[{"code": concept(LARGEST), "dataAbsentReason": concept("snomed 1")}]),
            id="an absent component",
        ),
        pytest.param(
            observation(SIZE, component=[part(LARGEST, 4), part(LARGEST, 4, "cm2")]), id="one part unreadable"
        ),
    ],
)
def test_a_size_that_cannot_be_read_is_a_tumor_nobody_measured(body: dict[str, Any]) -> None:
    found = measured(body)
    assert found.sizes == ()
    assert len(found.unmeasured) == 1
    assert "was not used" in found.unmeasured[0]


def test_a_cancelled_size_is_as_if_it_were_not_there() -> None:
    found = measured(size(4, status="cancelled"))
    assert (found.sizes, found.unmeasured) == ((), ())


def test_a_size_on_a_specimen_is_of_a_tumor_already_removed() -> None:
    found = measured(size(4, specimen={"reference": "Specimen/s1"}))  # vector 43
    assert (found.sizes, found.unmeasured) == ((), ())


def test_the_evidence_says_the_size_in_centimeters() -> None:
    assert measured(size(42, "mm")).evidence[0].text == "tumor of 4.2 cm"
    below = observation(SIZE, component=[part(LARGEST, 5, "cm", "<")])
    assert measured(below).evidence[0].text == "tumor of below 5 cm"
    above = observation(SIZE, component=[part(LARGEST, 5, "cm", ">")])
    assert measured(above).evidence[0].text == "tumor of above 5 cm"


@pytest.mark.parametrize(
    ("structure", "more", "counted"),
    [
        pytest.param(body_structure("t"), [], True, id="a liver tumor"),
        pytest.param(body_structure("t", active=True), [], True, id="an active one"),
        pytest.param(body_structure("t", active=False), [], False, id="an inactive one: resolved or ablated"),
        pytest.param(body_structure("t", BREAST), [], False, id="of the breast"),
        pytest.param(body_structure("t", "", linked="Condition/c"), [condition("icd C22.0", id="c")], True,
                     id="linked to liver cancer"),
        pytest.param(body_structure("t", "", linked="Condition/c"), [condition("icd C78.7", id="c")], True,
                     id="linked to a liver metastasis"),
        pytest.param(body_structure("t", "", linked="Condition/c"), [condition("icd C50.911", id="c")], False,
                     id="linked to breast cancer"),
        pytest.param(body_structure("t", ""), [], True, id="nowhere, with no other tumor on record"),
    ],
)  # fmt: skip
def test_a_size_counts_when_its_body_structure_is_a_current_tumor_of_the_liver(
    structure: dict[str, Any], more: list[dict[str, Any]], counted: bool
) -> None:
    found = measured(size(4, focus="BodyStructure/t"), structure, *more)
    assert bool(found.sizes) is counted
    assert found.unmeasured == ()


@pytest.mark.parametrize(
    ("elements", "more", "counted", "unmeasured"),
    [
        pytest.param({}, [], 1, 0, id="no site, no other tumor"),
        pytest.param({}, [condition("icd C50.911")], 0, 1, id="no site beside breast cancer"),
        pytest.param({}, [condition("icd C79.51")], 0, 1, id="no site beside bone metastasis"),
        pytest.param({}, [condition("icd C77.2")], 0, 1, id="no site beside lymph nodes"),
        pytest.param({}, [condition("icd Z85.3")], 1, 0, id="no site beside a history of breast cancer"),
        pytest.param(
            {}, [condition("icd C50.911", clinical="resolved")], 1, 0, id="no site beside a resolved breast cancer"
        ),
        pytest.param({}, [condition("icd C22.0")], 1, 0, id="no site beside liver cancer"),
        pytest.param(
            {"bodySite": concept(LIVER)}, [condition("icd C50.911")], 1, 0, id="in the liver, beside breast cancer"
        ),
        pytest.param({"bodySite": concept(BREAST)}, [], 0, 0, id="in the breast"),
        pytest.param({"bodySite": {"text": "liver segment VII"}}, [], 0, 1, id="in the liver in words only"),
        pytest.param({"focus": "Condition/c"}, [condition("icd C22.0", id="c")], 1, 0, id="about liver cancer"),
        pytest.param({"focus": "Condition/c"}, [condition("icd C50.911", id="c")], 0, 0, id="about breast cancer"),
        pytest.param(
            {"focus": "BodyStructure/gone", "bodySite": concept(LIVER)},
            [],
            1,
            0,
            id="about a structure that was not sent, in the liver by its site",
        ),
    ],
)
def test_a_size_without_a_body_structure_counts_by_its_site(
    elements: dict[str, Any], more: list[dict[str, Any]], counted: int, unmeasured: int
) -> None:
    found = measured(size(4, **elements), *more)
    assert (len(found.sizes), len(found.unmeasured)) == (counted, unmeasured)


def test_of_each_tumor_the_newest_size_counts() -> None:
    found = values(
        body_structure("a"),
        body_structure("b"),
        size(6, focus="BodyStructure/a", on="2026-10-01"),
        size(4, focus="BodyStructure/a", on="2026-11-01"),
        size(2, focus="BodyStructure/b", on="2026-10-01"),
    )
    assert found == [exactly(4), exactly(2)]


def test_two_sizes_of_one_tumor_on_one_day_leave_everything_between_them() -> None:
    focus = "BodyStructure/a"
    assert values(body_structure("a"), size(4, focus=focus), size(6, focus=focus)) == [Interval(4, 6)]  # A39


def test_sizes_without_a_link_are_those_of_the_newest_day() -> None:
    found = measured(size(6, on="2026-10-01"), size(4, on="2026-11-01"), size(3, on="2026-11-01"))
    assert sorted(s.value.low for s in found.sizes if isinstance(s.value, Interval)) == [3, 4]
    assert found.unmeasured == ()


@pytest.mark.parametrize(
    ("on", "counted"),
    [("2026-08-26", True), ("2026-08-25", False), ("2026-11-25", False), ("", False)],
    ids=["90 days old", "91 days old", "tomorrow", "undated"],
)
def test_a_size_counts_inside_the_window(on: str, counted: bool) -> None:
    found = measured(size(4, on=on))
    assert bool(found.sizes) is counted
    assert bool(found.notes) is not counted


def test_a_tumor_last_measured_too_long_ago_is_there_and_unmeasured() -> None:
    old, new = size(4, focus="BodyStructure/a", on="2026-06-01"), size(3, focus="BodyStructure/b", on="2026-11-01")
    found = measured(body_structure("a"), body_structure("b"), old, new)  # A61
    assert [s.value for s in found.sizes] == [exactly(3)]
    assert found.unmeasured == (
        "Observation/observation-2 of 2026-06-01 is older than 90 days (this service's limit, not the policy's)",
    )


def test_a_tumor_whose_newest_size_cannot_be_read_is_unmeasured_though_it_was_measured_before() -> None:
    focus = "BodyStructure/a"
    found = measured(body_structure("a"), size(3, focus=focus, on="2026-10-01"), size(4, "cm2", focus=focus))
    assert found.sizes == ()
    assert len(found.unmeasured) == 1


def test_an_active_tumor_of_the_liver_without_any_size_is_unmeasured() -> None:
    morphology = {"morphology": concept("snomed 4147007"), "linked": "Condition/c"}
    found = measured(
        condition("icd C78.7", id="c"),
        body_structure("a", **morphology),
        body_structure("b", **morphology),
        size(4, focus="BodyStructure/a"),
    )
    assert len(found.unmeasured) == 1
