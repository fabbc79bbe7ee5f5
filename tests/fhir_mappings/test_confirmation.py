"""Confirmed by biopsy or imaging: evidence, reports, studies, statements (x.conf; A17, A56, A57)."""

from typing import Any

import pytest

from fhir_mappings.confirmation import hcc_confirmed, metastasis_confirmed, staging_evidence
from fhir_mappings.finding import Finding, Reason
from tests.fhir_mappings.building import (
    BREAST,
    LIVER,
    chart_of,
    concept,
    condition,
    imaging_study,
    local_observation,
    observation,
    procedure,
    quantity,
    report,
    stated,
)

YES, NO = frozenset({True}), frozenset({False})
CODE = "dx-confirmation-method"


def hcc(certainty: str = "confirmed", **more: Any) -> dict[str, Any]:
    return condition("icd C22.0", certainty=certainty, **more)


def confirmed(*resources: dict[str, Any]) -> Finding:
    return hcc_confirmed(chart_of(*resources))


@pytest.mark.parametrize(
    "code",
    ["714797009", "116147009", "252416005", "108257001", "363679005", "113091000", "77477000", "82918005", "16310003",
     "105377009"],
)  # fmt: skip
def test_a_test_named_as_the_evidence_of_the_diagnosis_confirms_it(code: str) -> None:
    found = confirmed(hcc("", evidence=[{"code": [concept(f"snomed {code}")]}]))
    assert (found.possible, found.reason) == (YES, Reason.RECORDED)


@pytest.mark.parametrize(
    ("detail", "beside"),
    [
        pytest.param("DiagnosticReport/r", [report(id="r")], id="a final report"),
        pytest.param("DiagnosticReport/r", [], id="a report that was not sent"),
        pytest.param("ImagingStudy/i", [imaging_study(id="i")], id="a study"),
        pytest.param("Observation/o", [observation("loinc 21889-1", id="o")], id="an Observation"),
        pytest.param("http://x.org/fhir/DiagnosticReport/r/_history/2", [report(id="r")], id="absolute and versioned"),
    ],
)
def test_a_report_or_study_named_as_the_evidence_confirms_it(detail: str, beside: list[dict[str, Any]]) -> None:
    assert confirmed(hcc("", evidence=[{"detail": [{"reference": detail}]}]), *beside).possible == YES


@pytest.mark.parametrize(
    ("evidence", "beside"),
    [
        pytest.param([{"code": [concept("snomed 386661006")]}], [], id="a symptom"),
        pytest.param([{"detail": [{"reference": "Condition/x"}]}], [], id="another Condition"),
        pytest.param(
            [{"detail": [{"reference": "DiagnosticReport/r"}]}], [report("preliminary", id="r")], id="preliminary"
        ),
        pytest.param(
            [{"detail": [{"reference": "Observation/o"}]}],
            [observation("loinc 21889-1", id="o", status="cancelled")],
            id="a cancelled Observation",
        ),
        pytest.param([{}], [], id="an empty entry"),
        pytest.param("biopsy", [], id="words"),
    ],
)
def test_evidence_that_is_no_test_confirms_nothing(evidence: Any, beside: list[dict[str, Any]]) -> None:
    assert confirmed(hcc("", evidence=evidence), *beside).possible is None


@pytest.mark.parametrize(
    "mine",
    [
        pytest.param(hcc("provisional"), id="a provisional diagnosis"),
        pytest.param(hcc("refuted"), id="a refuted one"),
        pytest.param(condition("icd C22.9"), id="a broad one"),
        pytest.param(condition("icd C78.7"), id="a metastasis"),
    ],
)
def test_the_evidence_of_another_diagnosis_does_not_confirm_this_one(mine: dict[str, Any]) -> None:
    assert confirmed(mine | {"evidence": [{"code": [concept("snomed 252416005")]}]}).possible is None


def test_a_final_report_that_concludes_the_diagnosis_confirms_it() -> None:
    assert confirmed(report(conclusionCode=[concept("snomed 109841003")])).possible == YES
    assert confirmed(report("preliminary", conclusionCode=[concept("snomed 109841003")])).possible is None
    assert confirmed(report(conclusionCode=[concept("icd C22.9")])).possible is None


def test_a_report_that_concludes_a_benign_tumor_denies_it() -> None:
    benign = report(conclusionCode=[concept("icd D13.4")])
    found = confirmed(hcc(""), benign)
    assert (found.possible, found.reason) == (NO, Reason.RECORDED)
    assert confirmed(hcc(""), report("preliminary", conclusionCode=[concept("icd D13.4")])).possible is None


def test_a_benign_conclusion_beside_a_diagnosis_marked_as_confirmed_is_unknown() -> None:
    found = confirmed(hcc(), report(conclusionCode=[concept("icd D13.4")], category="PAT"))
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


def test_a_benign_conclusion_beside_a_malignant_one_is_unknown() -> None:
    found = confirmed(
        report(conclusionCode=[concept("icd C22.0")]), report(conclusionCode=[concept("icd D13.4")], category="PAT")
    )
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


def test_a_diagnosis_marked_as_confirmed_alone_is_unknown_and_says_why() -> None:
    found = confirmed(hcc(id="hcc"))  # A17
    assert found.possible is None
    assert found.notes == ("Condition/hcc: marked as confirmed, but no biopsy or imaging is on record (reading A17)",)


BESIDE = [
    *(
        pytest.param(report(category=c), id=f"a report of category {c}")
        for c in ("PAT", "RAD", "SP", "CP", "CT", "NMR", "RUS")
    ),
    pytest.param(report(code=concept("loinc 65752-8")), id="a liver biopsy report"),
    pytest.param(report(code=concept("snomed 113091000")), id="a report coded as MRI"),
    pytest.param(report(category="RAD", on=""), id="a report without a date"),
    pytest.param(imaging_study(), id="an imaging study"),
    pytest.param(
        observation("loinc 21889-1", method=concept("snomed 77477000"), valueQuantity=quantity(4, "cm")),
        id="a size measured on CT",
    ),
    *(
        pytest.param(procedure(f"snomed {c}"), id=f"biopsy {c}")
        for c in ("86259008", "174445006", "82531008", "443755009")
    ),
    pytest.param(procedure("pcs 0FB03ZX"), id="a biopsy coded in hospital"),
    pytest.param(procedure("snomed 86259008", bodySite=[concept(LIVER)]), id="a biopsy with its site"),
]


@pytest.mark.parametrize("record", BESIDE)
def test_marked_as_confirmed_together_with_biopsy_or_imaging_is_confirmed(record: dict[str, Any]) -> None:
    found = confirmed(hcc(id="hcc"), record)  # A57
    assert (found.possible, found.reason) == (YES, Reason.RECORDED)
    assert found.evidence[0].reference == "Condition/hcc"


@pytest.mark.parametrize("record", BESIDE)
def test_biopsy_or_imaging_beside_a_diagnosis_that_is_not_marked_as_confirmed_proves_nothing(
    record: dict[str, Any],
) -> None:
    assert confirmed(hcc(""), record).possible is None


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(report(category="LAB"), id="a laboratory report"),
        pytest.param(report("preliminary", category="RAD"), id="a preliminary report"),
        pytest.param(imaging_study("cancelled"), id="a cancelled study"),
        pytest.param(imaging_study("registered"), id="a study not done yet"),
        pytest.param(procedure("snomed 86259008", status="not-done"), id="a biopsy that was not done"),
        pytest.param(procedure("snomed 86259008", status="in-progress"), id="a biopsy in progress"),
        pytest.param(procedure("snomed 86259008", bodySite=[concept(BREAST)]), id="a biopsy of the breast"),
        pytest.param(procedure("cpt 47000"), id="an unverified code"),
        pytest.param(procedure("pcs 0FB03ZZ"), id="a resection"),
        pytest.param(observation("loinc 21889-1", valueQuantity=quantity(4, "cm")), id="a size by no method"),
        pytest.param(observation("loinc 21889-1", method=concept("snomed 113011001")), id="a size by palpation"),
        pytest.param(
            observation("loinc 21889-1", status="preliminary", method=concept("snomed 77477000")), id="preliminary"
        ),
    ],
)
def test_what_is_no_biopsy_or_imaging_does_not_confirm(record: dict[str, Any]) -> None:
    assert confirmed(hcc(), record).possible is None


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize(("said", "known"), [("biopsy", YES), ("imaging", YES), ("both", YES), ("none", NO)])
def test_a_statement_says_how_it_was_confirmed(carrier: Any, said: str, known: frozenset[bool]) -> None:
    found = confirmed(carrier(CODE, said))
    assert (found.possible, found.reason) == (known, Reason.ATTESTED)


def test_a_statement_has_no_age_limit() -> None:
    assert confirmed(stated(CODE, "biopsy", on="2019-05-01")).possible == YES


def test_a_statement_of_none_against_a_biopsy_on_record_is_unknown() -> None:
    found = confirmed(hcc(), procedure("snomed 86259008"), stated(CODE, "none"))
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


def test_statements_that_differ_are_unknown() -> None:
    assert confirmed(stated(CODE, "none"), stated(CODE, "biopsy")).reason is Reason.CONFLICT


@pytest.mark.parametrize("code", ["icd C78.7", "icd C7B.02", "snomed 94381002"])
def test_a_liver_metastasis_is_confirmed_the_same_way(code: str) -> None:
    mine = condition(code, certainty="confirmed")
    assert metastasis_confirmed(chart_of(mine, report(category="RAD"))).possible == YES
    assert metastasis_confirmed(chart_of(mine)).possible is None
    assert hcc_confirmed(chart_of(mine, report(category="RAD"))).possible is None


def test_nothing_on_record_is_no_data() -> None:
    found = confirmed()
    assert (found.possible, found.reason) == (None, Reason.NO_DATA)


@pytest.mark.parametrize(
    "unread", ["Condition", "Procedure", "DiagnosticReport", "ImagingStudy", "Observation", "QuestionnaireResponse"]
)
def test_a_type_that_may_hold_the_proof_and_was_not_read_is_named(unread: str) -> None:
    assert hcc_confirmed(chart_of(unread=[unread])).unread == frozenset({unread})


@pytest.mark.parametrize(
    ("record", "staging"),
    [
        pytest.param(report(category="RAD"), True, id="a radiology report"),
        pytest.param(report(code=concept("snomed 77477000")), True, id="a report coded as CT"),
        pytest.param(report(category="RAD", on="2026-08-26"), True, id="90 days old"),
        pytest.param(report(category="RAD", on="2026-08-25"), False, id="91 days old"),
        pytest.param(report(category="RAD", on="2026-11-25"), False, id="of tomorrow"),
        pytest.param(report(category="RAD", on=""), False, id="undated"),
        pytest.param(report("preliminary", category="RAD"), False, id="preliminary"),
        pytest.param(report(category="PAT"), False, id="a pathology report"),
        pytest.param(report(code=concept("loinc 65752-8")), False, id="a biopsy report"),
        pytest.param(imaging_study(), True, id="a study"),
        pytest.param(imaging_study("registered"), False, id="a study not done yet"),
        pytest.param(procedure("snomed 77477000", on="2026-11-01"), True, id="a CT done"),
        pytest.param(procedure("snomed 77477000", on="2026-11-01", status="preparation"), False, id="a CT to be done"),
        pytest.param(procedure("snomed 86259008", on="2026-11-01"), False, id="a biopsy"),
    ],
)
def test_staging_evidence_is_imaging_inside_the_window(record: dict[str, Any], staging: bool) -> None:
    assert bool(staging_evidence(chart_of(record))) is staging  # A56
