"""The registry: every fact has a reader, every reader answers whatever the record holds."""

import inspect
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import fhir_mappings
from fhir_mappings import facts
from fhir_mappings.chart import Chart
from fhir_mappings.finding import Fact, Finding, Interval, exactly
from fhir_mappings.findings import READERS, read_findings
from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.terminology import value_set, value_set_names
from tests.fhir_mappings.building import PATIENT, chart_of, condition, observation

FACTS = [f for f in vars(facts).values() if isinstance(f, Fact)]
EVERY_TYPE = (
    "Condition", "Observation", "Procedure", "ServiceRequest", "DiagnosticReport", "ImagingStudy", "BodyStructure",
    "QuestionnaireResponse", "MedicationRequest", "MedicationStatement",
)  # fmt: skip


def test_every_fact_has_a_reader_and_every_reader_a_fact() -> None:
    assert set(READERS) == set(FACTS)
    assert len(set(READERS.values())) == len(READERS)


@pytest.mark.parametrize("reader", READERS.values(), ids=lambda r: r.__name__)
def test_every_reader_says_what_it_reads(reader: Any) -> None:
    assert inspect.getdoc(reader)


@pytest.mark.parametrize("reader", READERS.values(), ids=lambda r: r.__name__)
def test_every_reader_has_a_test_file(reader: Any) -> None:
    module = Path(inspect.getfile(reader)).stem
    assert (Path(__file__).parent / f"test_{module}.py").exists()


def test_every_module_has_a_test_file() -> None:
    modules = {p.stem for p in Path(fhir_mappings.__file__).parent.glob("*.py")} - {"__init__"}
    tested = {p.stem.removeprefix("test_") for p in Path(__file__).parent.glob("test_*.py")}
    tested_elsewhere = {"addresses", "chart", "json_text", "ordered_service"}  # with keys, and with every reader
    tested_elsewhere |= {"paging", "reads", "requesting"}  # as the client uses them
    assert modules - tested - tested_elsewhere == set()


def test_only_the_facts_asked_are_answered() -> None:
    found = read_findings(chart_of(), frozenset({facts.ECOG_GRADE, facts.TREATED_TUMOR}))
    assert set(found) == {"ecog_grade", "treated_tumor"}


def test_a_reader_that_fails_leaves_its_fact_unread_and_the_others_answered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_: Chart) -> Finding:
        raise ValueError("Jane Roe")

    readers = {facts.ECOG_GRADE: failing, facts.KARNOFSKY_PERCENT: READERS[facts.KARNOFSKY_PERCENT]}
    monkeypatch.setattr("fhir_mappings.findings.READERS", readers)
    found = read_findings(chart_of(observation("loinc 89243-0", valueInteger=80)), frozenset(readers))
    assert found["ecog_grade"].possible is None
    assert found["ecog_grade"].unread == frozenset({"internal"})
    assert found["ecog_grade"].notes == ("ecog grade could not be read: the service failed on this record",)
    assert found["karnofsky_percent"].possible == exactly(80)
    assert "the reader of ecog_grade failed: ValueError" in caplog.messages
    assert "Jane Roe" not in caplog.text + str(found["ecog_grade"].notes)


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_an_empty_record_is_answered(fact: Fact) -> None:
    found = READERS[fact](chart_of())
    assert isinstance(found, Finding)
    assert fact.possible is None or found.possible is None or set(found.possible) <= set(fact.possible)


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_record_nobody_could_read_establishes_nothing(fact: Fact) -> None:
    found = READERS[fact](chart_of(unread=EVERY_TYPE))
    if fact is facts.PRIOR_ABLATION:  # a label, decides nothing: it says so in a note instead
        assert found.notes
        return
    assert not found.evidence
    assert found.possible in (None, fact.possible) or not found.established


def odd_values() -> Iterable[Any]:
    yield from (
        None,
        True,
        7,
        -1.5,
        "x",
        "",
        [],
        {},
        [None],
        [[]],
        {"coding": None},
        {"coding": [None, 7]},
        {"value": "x"},
    )


def odd_resources() -> list[dict[str, Any]]:
    """Resources that keep their type, code and subject, and hold nonsense everywhere else."""
    elements = (
        "status", "effectiveDateTime", "valueQuantity", "valueCodeableConcept", "valueString", "component", "focus",
        "bodySite", "extension", "verificationStatus", "clinicalStatus", "onsetDateTime", "evidence", "interpretation",
        "item", "questionnaire", "authored", "performedDateTime", "location", "basedOn", "reasonCode", "statusReason",
        "medicationCodeableConcept", "medicationReference", "contained", "conclusionCode", "category", "severity",
        "dataAbsentReason", "method", "specimen", "active", "source", "performer", "meta", "valueInteger", "hasMember",
    )  # fmt: skip
    coded = [c for name in value_set_names() for c in sorted(value_set(name).codes)[:1]]
    whole = []
    for number, odd in enumerate(odd_values()):
        nonsense = dict.fromkeys(elements, odd)
        for code in sorted(OBSERVATION_CODES):
            body = {"resourceType": "Observation", "id": f"{code}-{number}", "code": {"coding": [{"code": code}]}}
            whole.append(nonsense | body)
        for kind in EVERY_TYPE:
            whole.append(nonsense | {"resourceType": kind, "id": f"odd-{number}", "code": odd})
        for system, code in coded:
            uri = {"icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm", "snomed": "http://snomed.info/sct"}.get(
                system, system
            )
            body = {
                "resourceType": "Condition",
                "id": f"{code}-{number}",
                "code": {"coding": [{"system": uri, "code": code}]},
            }
            whole.append(nonsense | body)
    return whole


@pytest.fixture(scope="module")
def odd_chart() -> Chart:
    return chart_of(*odd_resources())


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_nonsense_in_every_element_stops_no_reader(fact: Fact, odd_chart: Chart) -> None:
    found = READERS[fact](odd_chart)
    assert isinstance(found, Finding)


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_finding_is_of_the_kind_of_its_fact(fact: Fact) -> None:
    record = [
        condition("icd C22.0"),
        observation("loinc 89247-1", valueInteger=1),
        observation("loinc 89243-0", valueInteger=80),
    ]
    found = READERS[fact](chart_of(*record))
    if found.possible is not None:
        assert isinstance(found.possible, Interval) is (fact.possible is None)


def test_findings_do_not_depend_on_the_order_of_the_record() -> None:
    record = [
        condition("icd C78.7", id="a"),
        condition("icd C18.7", id="b"),
        condition("icd C50.911", id="c"),
        observation("loinc 89247-1", id="d", valueInteger=1),
        observation("loinc 89247-1", id="e", valueInteger=3),
    ]
    asked = frozenset(FACTS)
    assert read_findings(chart_of(*record), asked) == read_findings(chart_of(*reversed(record)), asked)


def test_notes_and_evidence_hold_no_patient_data() -> None:
    secret = "Jane Roe"
    record = [
        condition("icd C22.0", note=[{"text": secret}], subject={"reference": f"Patient/{PATIENT}", "display": secret}),
        observation("loinc 89247-1", valueString=secret),
        observation("loinc 98152-2", valueString=secret),
        observation("loinc 21889-1", valueString=secret, bodySite={"text": secret}),
    ]
    found = read_findings(chart_of(*record), frozenset(FACTS))
    said = [n for f in found.values() for n in (*f.notes, *(e.text for e in f.evidence))]
    assert said
    assert secret not in json.dumps(said)
