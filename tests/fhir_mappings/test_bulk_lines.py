"""Lines of a Bulk Data export: whose they are, which nobody can use, and which are lost, for whom."""

import json
from typing import Any

import pytest

from fhir_mappings.bulk_lines import NO_PATIENT, NO_RESOURCE, NOT_JSON, NOT_WHOLE, REPORTED, Line, Standing, read_line
from tests.fhir_mappings.building import concept

ECOG: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "o1",
    "code": concept("loinc 89247-1"),
    "subject": {"reference": "Patient/p1"},
}


def read(resource: Any, **more: Any) -> Line:
    return read_line(json.dumps({**resource, **more} if isinstance(resource, dict) else resource).encode())


def kept(kind: str, patient: str = "p1") -> Line:
    return Line(Standing.KEPT, kind, patient)


def lost(kind: str, problem: str, patient: str = "") -> Line:
    return Line(Standing.LOST, kind, patient, problem)


@pytest.mark.parametrize(
    "reference",
    ["Patient/p1", "https://ehr.example/fhir/Patient/p1", "Patient/p1/_history/3", "urn:uuid:p1", " Patient/p1 "],
)
def test_a_resource_is_its_patients_however_that_is_written(reference: str) -> None:
    assert read(ECOG, subject={"reference": reference}) == kept("Observation")


@pytest.mark.parametrize("element", ["subject", "patient", "beneficiary"])
def test_each_type_names_its_patient_in_its_own_element(element: str) -> None:
    assert read({"resourceType": "Coverage", element: {"reference": "Patient/p1"}}) == kept("Coverage")


def test_a_list_where_one_reference_is_expected_is_read() -> None:
    assert read(ECOG, subject=[{"reference": "Patient/p1"}]) == kept("Observation")


def test_the_subject_decides_over_the_other_elements() -> None:
    both = {"subject": {"reference": "Patient/p1"}, "patient": {"reference": "Patient/p2"}}
    assert read(ECOG, **both) == kept("Observation", "p1")


def test_a_patient_is_its_own() -> None:
    assert read({"resourceType": "Patient", "id": "p1"}) == kept("Patient")


@pytest.mark.parametrize(
    "needless",
    [
        pytest.param({"resourceType": "Encounter", "subject": {"reference": "Patient/p1"}}, id="a type nobody asks"),
        pytest.param(ECOG | {"code": concept("loinc 9999-9")}, id="an Observation no reader uses"),
        pytest.param(ECOG | {"subject": {"reference": "Device/d1"}}, id="about a device"),
        pytest.param(ECOG | {"subject": {"reference": "Group/g1"}}, id="about a group"),
        pytest.param(
            {"resourceType": "OperationOutcome", "issue": [{"severity": "information"}]}, id="information of the export"
        ),
    ],
)
def test_what_no_reader_can_use_is_left_out(needless: Any) -> None:
    assert read(needless).standing is Standing.NEEDLESS


def test_an_observation_whose_code_has_an_odd_shape_is_kept_for_the_readers() -> None:
    assert read(ECOG, code="89247-1") == kept("Observation")


@pytest.mark.parametrize(
    "nobodys",
    [
        {"subject": None},
        {"subject": {"display": "a name"}},
        {"subject": {"reference": "#p1"}},
        {"subject": "Patient/p1"},
    ],
)
def test_a_resource_that_names_no_patient_may_be_anyones(nobodys: Any) -> None:
    assert read(ECOG, **nobodys) == lost("Observation", NO_PATIENT)


@pytest.mark.parametrize("nothing", [[], 3, "x", None, {}, {"resourceType": 3}, {"id": "x"}])
def test_json_that_is_no_resource_is_lost(nothing: Any) -> None:
    assert read(nothing) == lost("", NO_RESOURCE)


@pytest.mark.parametrize("severity", ["error", "fatal"])
def test_an_error_the_export_reports_is_a_loss(severity: str) -> None:
    assert read({"resourceType": "OperationOutcome", "issue": [{"severity": severity}]}) == lost("", REPORTED)


WHOLE = json.dumps(ECOG).encode()


@pytest.mark.parametrize(
    ("text", "kind", "patient"),
    [
        pytest.param(WHOLE[:-1], "Observation", "p1", id="cut off after its patient"),
        pytest.param(WHOLE[:60], "Observation", "", id="cut off before its patient"),
        pytest.param(WHOLE[:-4], "Observation", "", id="cut off within its patient's id"),
        pytest.param(WHOLE[:60] + WHOLE, "Observation", "", id="two lines run together, the patient of one lost"),
        pytest.param(WHOLE + WHOLE.replace(b"p1", b"p2"), "Observation", "", id="two patients run together"),
        pytest.param(b"\x00" * 40, "", "", id="a hole in the file"),
        pytest.param(b'{"resourceTy' + WHOLE, "Observation", "p1", id="two lines run together, all of one lost"),
        pytest.param(b"{" + b'"a":{' * 5000, "", "", id="nested beyond reason"),
    ],
)
def test_a_line_that_is_not_whole_may_have_taken_others_with_it(text: bytes, kind: str, patient: str) -> None:
    assert read_line(text) == Line(Standing.TORN, kind, patient, NOT_WHOLE)


@pytest.mark.parametrize(
    ("text", "patient"),
    [
        pytest.param(WHOLE.replace(b'"o1"', b"NaN"), "p1", id="a number JSON does not have"),
        pytest.param(WHOLE.replace(b"o1", b"o\t1"), "p1", id="a raw tab in a string"),
        pytest.param(WHOLE.replace(b"p1", b"\xff\xfe"), "", id="a patient's id that is no text"),
    ],
)
def test_a_whole_line_that_is_no_json_is_lost_for_whom_it_can_only_be(text: bytes, patient: str) -> None:
    assert read_line(text) == lost("Observation", NOT_JSON, patient)


def test_text_that_is_not_utf_8_is_lost_for_its_patient() -> None:
    assert read_line(WHOLE[:-1] + b', "note": "\xff\xfe"}') == lost("Observation", NOT_JSON, "p1")


def test_a_problem_never_quotes_the_line() -> None:
    texts = (WHOLE[:-1], WHOLE[:60], b"secret", json.dumps(ECOG | {"subject": {"display": "secret"}}).encode())
    assert {read_line(text).problem for text in texts} <= {NOT_WHOLE, NO_PATIENT}
