"""Record intake: whose resources are kept, which copy counts, and what is said of the rest."""

import itertools
from typing import Any

import pytest

from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.record import (
    PatientRecord,
    RawResource,
    Retrieved,
    ServerRead,
    belongs_to,
    build_record,
    joined,
)
from tests.fhir_mappings.building import PATIENT, concept, condition, observation, raw, record_of


def built(*arrived: RawResource, unread: dict[str, str] | None = None) -> PatientRecord:
    return build_record(PATIENT, arrived, OBSERVATION_CODES, unread or {})


@pytest.mark.parametrize(
    "reference",
    [
        f"Patient/{PATIENT}",
        f"http://example.org/fhir/Patient/{PATIENT}",
        f"Patient/{PATIENT}/_history/3",
        f"https://example.org/fhir/Patient/{PATIENT}/_history/3",
        f"urn:uuid:{PATIENT}",
        PATIENT,
    ],
)
def test_the_patients_own_resource_is_kept_however_it_is_referred_to(reference: str) -> None:
    record = record_of(condition("icd C22.0") | {"subject": {"reference": reference}})
    assert len(record.of_type("Condition")) == 1
    assert record.notes == ()


@pytest.mark.parametrize(
    "subject",
    [
        {"subject": {"reference": "Patient/other"}},
        {"subject": {"reference": "http://example.org/fhir/Patient/other"}},
        {"subject": {"reference": f"Patient/other/_history/{PATIENT}"}},
        {"subject": {"reference": f"Group/{PATIENT}"}},
        {"subject": {"reference": "urn:uuid:other"}},
        {"subject": {"reference": "#contained"}},
        {"subject": {"reference": f"Patient/{PATIENT}x"}},
        {"subject": None, "patient": {"reference": "Patient/other"}},
        {"subject": None, "beneficiary": {"reference": "Patient/other"}},
    ],
    ids=lambda s: str(next(v["reference"] for v in s.values() if v)),
)
def test_another_patients_resource_is_refused_and_counted(subject: dict[str, Any]) -> None:
    record = record_of(condition("icd C22.0") | subject, condition("icd C78.7"))
    assert [r.body["code"] for r in record.of_type("Condition")] == [concept("icd C78.7")]
    assert record.notes == ("1 resource(s) of another patient were refused",)


def test_a_server_that_answers_with_everyone_is_counted_without_naming_anyone() -> None:
    others = [condition("icd C22.0") | {"subject": {"reference": f"Patient/{n}"}} for n in range(3)]
    record = record_of(*others)
    assert record.of_type("Condition") == ()
    assert record.notes == ("3 resource(s) of another patient were refused",)


def test_a_resource_without_a_subject_is_taken_as_the_searched_patients() -> None:
    bare = {"resourceType": "Condition", "code": concept("icd C22.0")}
    assert len(record_of(bare).of_type("Condition")) == 1
    assert belongs_to({"resourceType": "Condition", "subject": {"display": "someone"}}, PATIENT)


@pytest.mark.parametrize(("identity", "kept"), [(PATIENT, 1), ("other", 0), ("", 1)])
def test_only_the_patients_own_patient_resource_is_kept(identity: str, kept: int) -> None:
    record = built(raw({"resourceType": "Patient", "id": identity}))
    assert len(record.of_type("Patient")) == kept


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(observation("loinc 89247-1", status="entered-in-error", valueInteger=4), id="an Observation"),
        pytest.param(condition("icd C22.0", certainty="entered-in-error"), id="a Condition"),
        pytest.param({"resourceType": "Procedure", "status": "entered-in-error"}, id="a Procedure"),
        pytest.param({"resourceType": "ServiceRequest", "status": "entered-in-error"}, id="a request"),
        pytest.param({"resourceType": "MedicationRequest", "status": "entered-in-error"}, id="a prescription"),
        pytest.param(condition("icd C22.0") | {"verificationStatus": "entered-in-error"}, id="a status as a string"),
    ],
)
def test_what_was_entered_in_error_is_dropped(resource: dict[str, Any]) -> None:
    record = record_of(resource)
    assert dict(record.by_type) == {}
    assert record.notes == ()


def test_the_same_resource_from_two_places_counts_once() -> None:
    one = condition("icd C22.0", id="c1")
    record = record_of(one, one | {"subject": {"reference": f"http://example.org/fhir/Patient/{PATIENT}"}})
    assert [r.reference for r in record.of_type("Condition")] == ["Condition/c1"]


def test_of_two_copies_the_one_updated_last_counts() -> None:
    old = condition("icd C22.9", id="c1", meta={"lastUpdated": "2026-01-01T00:00:00Z"})
    new = condition("icd C22.0", id="c1", meta={"lastUpdated": "2026-02-01T00:00:00Z"})
    for order in itertools.permutations([old, new]):
        assert record_of(*order).of_type("Condition")[0].body["code"] == concept("icd C22.0")


def test_a_retracted_resource_does_not_live_on_in_an_older_copy() -> None:
    old = condition("icd C22.0", id="c1", meta={"lastUpdated": "2026-01-01T00:00:00Z"})
    retracted = condition(
        "icd C22.0", id="c1", certainty="entered-in-error", meta={"lastUpdated": "2026-02-01T00:00:00Z"}
    )
    assert record_of(old, retracted).of_type("Condition") == ()


def test_resources_of_two_types_may_share_an_id() -> None:
    record = record_of(condition("icd C22.0", id="1"), observation("loinc 89247-1", id="1", valueInteger=1))
    assert [r.reference for r in (*record.of_type("Condition"), *record.of_type("Observation"))] == [
        "Condition/1",
        "Observation/1",
    ]


def test_the_order_in_which_resources_arrive_does_not_matter() -> None:
    arrived = [
        raw(condition("icd C22.0", id="b")),
        raw(condition("icd C78.7", id="a")),
        raw(condition("icd C22.9", id="b")),
        raw(observation("loinc 89247-1", id="o", valueInteger=1)),
    ]
    found = [
        {kind: [(r.reference, r.body) for r in listed] for kind, listed in built(*order).by_type.items()}
        for order in itertools.permutations(arrived)
    ]
    assert all(one == found[0] for one in found)


def test_a_resource_without_an_id_is_known_by_its_full_url() -> None:
    record = built(raw(condition("icd C22.0"), full_url="urn:uuid:0b1c"))
    assert record.of_type("Condition")[0].reference == "urn:uuid:0b1c"
    assert record.of_type("Condition")[0].identity == "urn:uuid:0b1c"


def test_a_resource_without_an_id_or_full_url_is_known_by_its_place() -> None:
    first = raw(condition("icd C22.0"), "prefetch.conditions.entry[0].resource")
    second = raw(condition("icd C22.0"), "prefetch.conditions.entry[1].resource")
    assert [r.reference for r in built(first, second).of_type("Condition")] == [
        "Condition at prefetch.conditions.entry[0].resource",
        "Condition at prefetch.conditions.entry[1].resource",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"Condition"', id="a string"),
        pytest.param(b"{}", id="no type"),
        pytest.param(b'{"resourceType": 7}', id="a number as type"),
        pytest.param(b'{"resourceType": "Condition", "code": \xff}', id="bytes of another encoding"),
        pytest.param(b'{"resourceType": "Observation", "valueQuantity": {"value": 1e400}}', id="a number too large"),
    ],
)
def test_one_unreadable_resource_is_named_by_its_place_and_the_rest_is_read(text: bytes) -> None:
    record = built(raw(text, "prefetch.conditions.entry[3].resource"), raw(condition("icd C22.0", id="c1")))
    assert len(record.of_type("Condition")) == 1
    assert record.notes == ("prefetch.conditions.entry[3].resource could not be read and was left out",)


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        pytest.param(concept("loinc 89247-1"), 1, id="one a reader asks for"),
        pytest.param(concept("loinc 8480-6"), 0, id="a blood pressure"),
        pytest.param(concept("loinc 8480-6", "loinc 89247-1"), 1, id="both codes on one Observation"),
        pytest.param(
            {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.1", "code": "89247-1"}]}, 1, id="an alias system"
        ),
        pytest.param(
            {"coding": [{"system": "http://x/y/CodeSystem/liver-ablation-facts", "code": "lt-status"}]},
            1,
            id="a statement",
        ),
        pytest.param({"coding": [{"code": "r18.8"}]}, 0, id="a code no Observation carries"),
        pytest.param(
            {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "K7682"}]}, 1, id="encephalopathy"
        ),
        pytest.param({"text": "ECOG"}, 0, id="only words"),
        pytest.param({"coding": "loinc"}, 1, id="a shape nobody expects is kept to be looked at"),
    ],
)
def test_an_observation_is_decoded_when_a_reader_can_use_its_code(code: dict[str, Any], kept: int) -> None:
    assert len(record_of(observation(code)).of_type("Observation")) == kept


def test_the_record_knows_which_types_were_not_read() -> None:
    record = built(unread={"Observation": "HTTP status 500"})
    assert record.unread_of("Observation", "Condition") == frozenset({"Observation"})
    assert not record.was_read("Observation", "Condition")
    assert record.was_read("Condition")
    assert record.of_type("Procedure") == ()


def test_two_readings_of_one_patient_make_one_record() -> None:
    first = record_of({"resourceType": "Coverage", "id": "c1"}, unread={"Patient": "HTTP status 500"})
    more = record_of(condition("icd C22.0"), observation("loinc 89247-1"), unread={"Procedure": "the deadline passed"})
    whole = joined(first, more)
    assert set(whole.by_type) == {"Coverage", "Condition", "Observation"}
    assert whole.observations == more.observations
    assert whole.unread == {"Patient": "HTTP status 500", "Procedure": "the deadline passed"}


def test_two_readings_lose_nothing_of_either() -> None:
    """Also what is told of them: notes, what was asked and came, what was withheld, strangers by type."""
    asked = tuple(ServerRead(kind, "ok") for kind in ("Coverage", "Condition"))
    came = tuple(Retrieved(kind, 1, by_prefetch=False) for kind in ("Coverage", "Condition"))
    first = PatientRecord(
        PATIENT, {"Coverage": ()}, {("loinc", "1"): ()}, {"Patient": "gone"}, frozenset({"BodyStructure"}),
        ("one", "both"), asked[:1], came[:1], {"Medication": "403"}, {"Coverage": 1},
    )  # fmt: skip
    more = PatientRecord(
        PATIENT, {"Condition": ()}, {("loinc", "2"): ()}, {"Procedure": "late"}, frozenset({"ImagingStudy"}),
        ("both", "two"), asked[1:], came[1:], {"ImagingStudy": "403"}, {"Coverage": 2, "Condition": 1},
    )  # fmt: skip
    assert joined(first, more) == PatientRecord(
        PATIENT, {"Coverage": (), "Condition": ()}, {("loinc", "1"): (), ("loinc", "2"): ()},
        {"Patient": "gone", "Procedure": "late"}, frozenset({"BodyStructure", "ImagingStudy"}),
        ("one", "both", "two"), asked, came, {"Medication": "403", "ImagingStudy": "403"},
        {"Coverage": 3, "Condition": 1},
    )  # fmt: skip


@pytest.mark.parametrize(("broken", "last"), [
    (20, "prefetch.test.entry[19].resource could not be read and was left out"),
    (23, "3 more could not be read and were left out"),
])  # fmt: skip
def test_of_many_unreadable_resources_twenty_are_named_and_the_others_counted(broken: int, last: str) -> None:
    notes = built(*(raw(b'{"resourceType": 7}', f"prefetch.test.entry[{n}].resource") for n in range(broken))).notes
    assert notes[0] == "prefetch.test.entry[0].resource could not be read and was left out"
    assert (len(notes), notes[-1]) == (min(broken, 21), last)


def test_what_was_withheld_may_hold_anything_once_it_matters() -> None:
    record = PatientRecord(PATIENT, {}, unread={"Condition": "late"}, withheld={"ImagingStudy": "403"})
    assert record.with_withheld_unread() == PatientRecord(
        PATIENT, {}, unread={"Condition": "late", "ImagingStudy": "403"}
    )
