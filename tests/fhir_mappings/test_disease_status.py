"""Disease status of a metastasis: stable, worse or unknown, and which status speaks of it (terminology 2.9)."""

from typing import Any

import pytest

from fhir_mappings.disease_status import is_stable, newest_statuses, status_evidence, statuses
from tests.fhir_mappings.building import body_structure, chart_of, concept, condition, observation

STABLE, IMPROVED, WORSE, UNDETERMINED = "359746009", "268910001", "271299001", "709137006"


def status(value: str = STABLE, focus: str = "", code: str = "loinc 97509-4", **more: Any) -> dict[str, Any]:
    linked = {"focus": [{"reference": focus}]} if focus else {}
    return observation(code, valueCodeableConcept=concept(f"snomed {value}"), **linked, **more)


def answer(*resources: dict[str, Any]) -> bool | None:
    chart = chart_of(condition("icd C79.51", id="bone"), *resources)
    return is_stable(newest_statuses(chart.diagnoses[0], chart))


@pytest.mark.parametrize(
    ("value", "stable"), [(STABLE, True), (IMPROVED, True), (WORSE, False), (UNDETERMINED, None), ("373066001", None)]
)
@pytest.mark.parametrize("code", ["loinc 97509-4", "loinc 88040-1"])
def test_the_value_of_a_status(code: str, value: str, stable: bool | None) -> None:
    assert answer(status(value, code=code)) is stable


def test_a_status_that_says_both_says_nothing() -> None:
    assert (
        answer(observation("loinc 97509-4", valueCodeableConcept=concept(f"snomed {STABLE}", f"snomed {WORSE}")))
        is None
    )


@pytest.mark.parametrize(
    ("more", "stable"),
    [
        ({}, True), ({"status": "preliminary"}, None), ({"status": "cancelled"}, None), ({"on": "2026-08-26"}, True),
        ({"on": "2026-08-25"}, None), ({"on": "2026-11-25"}, None), ({"on": ""}, None),
    ],
    ids=["final", "preliminary", "cancelled", "90 days old", "91 days old", "of tomorrow", "undated"],
)  # fmt: skip
def test_a_status_counts_when_it_is_final_and_inside_the_window(more: dict[str, Any], stable: bool | None) -> None:
    assert answer(status(**more)) is stable


def test_nothing_on_record_says_nothing() -> None:
    assert answer() is None
    assert statuses(chart_of()) == ()


@pytest.mark.parametrize(
    ("focus", "beside", "stable"),
    [
        pytest.param("Condition/bone", [], True, id="about the metastasis"),
        pytest.param(
            "BodyStructure/b", [body_structure("b", "", linked="Condition/bone")], True, id="about its structure"
        ),
        pytest.param("Condition/breast", [], None, id="about another disease"),
        pytest.param(
            "BodyStructure/b", [body_structure("b", "", linked="Condition/breast")], None, id="another structure"
        ),
        pytest.param("", [], True, id="about the disease as a whole"),
    ],
)
def test_a_status_speaks_of_what_it_focuses_on(focus: str, beside: list[dict[str, Any]], stable: bool | None) -> None:
    assert answer(status(focus=focus), *beside) is stable


def test_a_status_about_the_metastasis_outranks_a_newer_one_about_the_whole() -> None:
    assert answer(status(WORSE, "Condition/bone", on="2026-10-01"), status(STABLE, on="2026-11-01")) is False


def test_the_newest_status_speaks() -> None:
    assert answer(status(WORSE, on="2026-10-01"), status(STABLE, on="2026-11-01")) is True
    assert answer(status(STABLE, on="2026-10-01"), status(STABLE, on="2026-11-01", status="preliminary")) is None


def test_two_statuses_of_one_day_that_differ_say_nothing() -> None:
    assert answer(status(WORSE), status(STABLE)) is None
    assert answer(status(IMPROVED), status(STABLE)) is True


@pytest.mark.parametrize(
    ("value", "words"), [(STABLE, "stable or improved"), (WORSE, "worsened"), (UNDETERMINED, "disease status")]
)
def test_a_status_as_evidence(value: str, words: str) -> None:
    found = status_evidence(statuses(chart_of(status(value, id="s")))[0])
    assert (found.reference, found.text, found.date) == ("Observation/s", words, "2026-11-20")
