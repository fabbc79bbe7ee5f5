"""Raw JSON of whatever shape: a reader gets a value or nothing, never an exception."""

from typing import Any

import pytest

from fhir_mappings.elements import (
    codes,
    extensions,
    focus_concept,
    items,
    local_code,
    local_reference,
    member,
    own_reference,
    reference_id,
    refinements,
    status_codes,
    text_of,
    words,
)
from tests.fhir_mappings.building import concept

SNOMED = "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([{"a": 1}, {"b": 2}], ({"a": 1}, {"b": 2})),
        ({"a": 1}, ({"a": 1},)),
        ([{"a": 1}, None, "x", 3, []], ({"a": 1},)),
        (None, ()), ("x", ()), (3, ()), ([], ()),
    ],
)  # fmt: skip
def test_a_list_or_the_one_object_that_should_have_been_one(value: Any, found: tuple[Any, ...]) -> None:
    assert items(value) == found


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1),
        ({"a": [{"b": 1}, {"b": 2}]}, ("a", "b"), 1),
        ({"a": []}, ("a", "b"), None),
        ({"a": "x"}, ("a", "b"), None),
        (None, ("a",), None),
        ({}, (), {}),
    ],
)
def test_a_path_leads_to_a_member_or_to_nothing(value: Any, path: tuple[str, ...], found: Any) -> None:
    assert member(value, *path) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [(" ECOG\u200b 1 ", "ECOG 1"), ("\ufeffx", "x"), (None, ""), (3, ""), ([], ""), ({}, "")],
)
def test_text_has_no_blanks_around_and_no_zero_width_characters(value: Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("written", "found"),
    [
        pytest.param(concept("icd C78.7"), (("icd-10-cm", "C787"),), id="a CodeableConcept"),
        pytest.param(
            [concept("icd C78.7"), concept("icd C22.0")], (("icd-10-cm", "C787"), ("icd-10-cm", "C220")), id="several"
        ),
        pytest.param({"system": SNOMED, "code": "1"}, (("snomed", "1"),), id="a bare Coding"),
        pytest.param({"coding": {"system": SNOMED, "code": "1"}}, (("snomed", "1"),), id="coding as an object"),
        pytest.param(concept("icd C78.7", "icd C787"), (("icd-10-cm", "C787"),), id="with and without the dot: one"),
        pytest.param({"coding": [{}]}, (), id="an empty coding, as the sandbox sends before a study is chosen"),
        pytest.param({"coding": [{"system": SNOMED, "display": "x"}]}, (), id="a display is no code"),
        pytest.param({"coding": [{"code": 7}]}, (), id="a number is no code"),
        pytest.param({"coding": "C78.7"}, (), id="coding as a string"),
        pytest.param({"text": "C78.7"}, (), id="only text"),
        pytest.param("C78.7", (), id="a string"),
        pytest.param(None, (), id="nothing"),
        pytest.param(
            {"coding": [{"system": SNOMED, "code": "94381002:260716003=93761005"}]},
            (("snomed", "94381002:260716003=93761005"), ("snomed", "94381002")),
            id="a SNOMED expression counts as the concept it refines",
        ),
    ],
)
def test_every_coding_is_read_normalized(written: Any, found: tuple[Any, ...]) -> None:
    assert codes(written) == found


@pytest.mark.parametrize(
    ("expression", "focus"),
    [
        ("94381002:260716003=93761005", "94381002"),
        ("94381002 |Secondary malignant neoplasm of liver| : 260716003 = 93761005", "94381002"),
        ("94381002", "94381002"),
        ("", ""),
    ],
)
def test_the_focus_of_a_snomed_expression(expression: str, focus: str) -> None:
    assert focus_concept(expression) == focus


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("94381002:260716003=93761005", ("93761005",)),
        ("94381002 : 260716003 = ( 93761005 ), 1=363406005", ("93761005", "363406005")),
        ("94381002", ()),
    ],
)
def test_the_values_of_a_snomed_expression(code: str, found: tuple[str, ...]) -> None:
    assert refinements({"coding": [{"system": SNOMED, "code": code}]}) == tuple(("snomed", one) for one in found)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"text": "liver", "coding": [{"display": "x"}]}, "liver"),
        ({"coding": [{}, {"display": "left lobe"}]}, "left lobe"),
        ([{"coding": []}, {"text": "lobe"}], "lobe"),
        (None, ""), ("liver", ""),
    ],
)  # fmt: skip
def test_the_words_of_a_concept(written: Any, said: str) -> None:
    assert words(written) == said


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param(concept("local biopsy"), "biopsy", id="ours"),
        pytest.param({"code": "biopsy"}, "biopsy", id="without a system"),
        pytest.param(concept("snomed 86259008"), "", id="of another system"),
        pytest.param(concept("snomed 86259008", "local biopsy"), "biopsy", id="ours beside another"),
        pytest.param(None, "", id="none"),
    ],
)
def test_a_local_choice_is_ours_or_without_a_system(written: Any, code: str) -> None:
    assert local_code(written) == code


@pytest.mark.parametrize(
    ("reference", "kind", "identity"),
    [
        pytest.param("Patient/123", "Patient", "123", id="relative"),
        pytest.param("http://example.org/fhir/Patient/123", "Patient", "123", id="absolute"),
        pytest.param("Patient/123/_history/4", "Patient", "123", id="versioned"),
        pytest.param("https://example.org/fhir/Patient/123/_history/4", "Patient", "123", id="absolute and versioned"),
        pytest.param("Patient/123?x=y", "Patient", "123", id="with a query"),
        pytest.param("http://example.org/Questionnaire/q|1.0", "Questionnaire", "q", id="a canonical with its version"),
        pytest.param("urn:uuid:0b1c", "", "urn:uuid:0b1c", id="urn:uuid"),
        pytest.param("#med", "", "#med", id="contained"),
        pytest.param("123", "", "123", id="a bare id"),
        pytest.param("", "", "", id="empty"),
    ],
)
def test_a_reference_names_a_type_and_an_id(reference: str, kind: str, identity: str) -> None:
    assert reference_id({"reference": reference}) == (kind, identity)
    assert reference_id(reference) == (kind, identity)


def test_a_reference_by_type_alone_has_no_id() -> None:
    assert reference_id({"type": "Patient", "identifier": {"value": "x"}}) == ("Patient", "")
    assert reference_id(None) == ("", "")
    assert reference_id({"reference": 7}) == ("", "")


def test_a_reference_is_written_as_type_and_id() -> None:
    assert local_reference({"reference": "http://example.org/fhir/Coverage/c1"}) == "Coverage/c1"
    assert local_reference({"reference": "c1"}) == "c1"
    assert local_reference({}) == ""


def test_a_resource_is_referred_to_by_its_type_and_id_if_it_has_both() -> None:
    assert own_reference({"resourceType": "Coverage", "id": " c1 "}) == "Coverage/c1"
    for odd in ({}, {"resourceType": "Coverage"}, {"id": "c1"}, {"resourceType": "Coverage", "id": 7}):
        assert own_reference(odd) == ""


def test_extensions_are_chosen_by_url() -> None:
    element = {"extension": [{"url": "a", "valueCode": "1"}, {"url": "b"}, "x"]}
    assert extensions(element, "a") == ({"url": "a", "valueCode": "1"},)
    assert extensions(element, "a", "b") == ({"url": "a", "valueCode": "1"}, {"url": "b"})
    assert extensions(None, "a") == ()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Entered-In-Error", {"entered-in-error"}),
        ({"coding": [{"code": "Refuted"}]}, {"refuted"}),
        ([{"coding": [{"code": "active"}]}], {"active"}),
        (None, set()), (7, set()),
    ],
)  # fmt: skip
def test_a_status_is_read_from_a_code_or_a_concept(written: Any, found: set[str]) -> None:
    assert status_codes(written) == found
