"""Prefetch templates: what every client can run, and nothing a reader needs left out."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

import fhir_mappings
from fhir_mappings.form_codes import STATEMENTS
from fhir_mappings.prefetch import CLINICAL, COVERAGE, OBSERVATION_CODES, STANDARD, Search, templates

CORE = {"Condition", "Observation", "Procedure"}


def parameters(template: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(template).query, keep_blank_values=True)


@pytest.mark.parametrize("search", CLINICAL, ids=lambda s: s.key)
def test_a_clinical_search_asks_by_patient_and_code_alone_and_each_once(search: Search) -> None:
    names = [name for name, _ in parameters(search.template)]
    assert names in (["patient"], ["patient", "code"])
    assert ("code" in names) is (search.resource_type == "Observation")


@pytest.mark.parametrize("search", [*CLINICAL, COVERAGE], ids=lambda s: s.key)
def test_every_search_is_of_its_type_and_for_the_patient_of_the_call(search: Search) -> None:
    assert search.template.startswith(f"{search.resource_type}?patient={{{{context.patientId}}}}")
    assert search.query("pat-1").startswith(f"{search.resource_type}?patient=pat-1")
    assert "{{" not in search.query("pat-1")


@pytest.mark.parametrize("search", [*CLINICAL, COVERAGE], ids=lambda s: s.key)
def test_no_query_is_longer_than_servers_and_proxies_take(search: Search) -> None:
    assert len(search.query("x" * 64)) < 2000


def test_the_coverage_search_is_the_standard_one() -> None:
    assert COVERAGE.template == "Coverage?patient={{context.patientId}}&status=active"
    assert not COVERAGE.is_core


def test_keys_and_types_are_asked_for_once() -> None:
    assert len({s.key for s in CLINICAL}) == len(CLINICAL)
    assert len({s.resource_type for s in CLINICAL}) == len(CLINICAL)


def test_the_core_types_are_conditions_observations_and_procedures() -> None:
    assert {s.resource_type for s in CLINICAL if s.is_core} == CORE


def test_every_type_a_reader_asks_for_is_searched() -> None:
    text = "\n".join(p.read_text("utf-8") for p in Path(fhir_mappings.__file__).parent.glob("*.py"))
    asked = set(re.findall(r'of_type\("(\w+)"\)', text))
    searched = {s.resource_type for s in (*CLINICAL, COVERAGE)}
    assert asked - searched == {"Medication"}  # comes along with a MedicationRequest, or contained in it


def test_observations_are_asked_for_by_bare_code_so_that_system_aliases_match() -> None:
    template = next(s.template for s in CLINICAL if s.resource_type == "Observation")
    listed = dict(parameters(template))["code"].split(",")
    assert listed == sorted(OBSERVATION_CODES)
    assert not any("|" in code for code in listed)


@pytest.mark.parametrize(
    "code",
    [
        "89247-1",
        "89262-0",
        "423740007",
        "89243-0",
        "98152-2",
        "98153-0",
        "710065009",
        "1975-2",
        "14631-6",
        "1751-7",
        "6301-6",
        "21889-1",
        "33728-7",
        "42032-3",
        "399506006",
        "97509-4",
        "31206-6",
        "711361003",
        "389026000",
        "13920009",
        "270459005",
        "422512005",
        "ASSERTION",
        *sorted(STATEMENTS),
    ],
)
def test_every_code_a_reader_looks_for_in_observations_is_asked_for(code: str) -> None:
    assert code in OBSERVATION_CODES


def test_the_discovery_document_offers_the_clinical_searches_where_they_are_wanted() -> None:
    assert templates(clinical=False) == STANDARD
    assert set(templates(clinical=True)) == {*STANDARD, *(s.key for s in CLINICAL)}
    assert set(templates(clinical=False, has_encounter=False)) == {"patient", "coverage"}
    assert templates(clinical=True)["conditions"] == "Condition?patient={{context.patientId}}"


@pytest.mark.parametrize("template", templates(clinical=True).values())
def test_a_template_uses_only_the_tokens_of_the_context(template: str) -> None:
    assert set(re.findall(r"{{(.*?)}}", template)) <= {"context.patientId", "context.encounterId"}


def test_the_standard_templates_are_those_of_crd() -> None:
    assert STANDARD["patient"] == "Patient/{{context.patientId}}"
    assert STANDARD["encounter"] == "Encounter/{{context.encounterId}}"
