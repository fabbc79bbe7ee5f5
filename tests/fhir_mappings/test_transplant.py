"""Transplant status and bridging: listed, not awaiting, or either (I.D.1.0, I.D.2; A9, A43, A44; vectors 26-30)."""

from typing import Any

import pytest

from fhir_mappings.finding import Finding, Reason, Transplant
from fhir_mappings.transplant import bridge_intent, transplant_status
from tests.fhir_mappings.building import (
    KIDNEY,
    LIVER,
    chart_of,
    concept,
    condition,
    local_observation,
    observation,
    procedure,
    service_request,
    stated,
)

LISTED = frozenset({Transplant.LISTED})
NOT_AWAITING = frozenset({Transplant.NOT_AWAITING})
EITHER = LISTED | NOT_AWAITING
CODE = "lt-status"


def status(*resources: dict[str, Any], unread: tuple[str, ...] = ()) -> Finding:
    return transplant_status(chart_of(*resources, unread=unread))


def test_no_trace_of_candidacy_is_not_awaiting_by_inference() -> None:
    found = status(condition("icd C22.0"))
    assert (found.possible, found.reason) == (NOT_AWAITING, Reason.INFERRED)
    assert found.notes == ("no transplant listing found: not awaiting a liver transplant is inferred from the record",)


@pytest.mark.parametrize(
    "unread",
    [
        "Condition", "ServiceRequest", "Observation", "QuestionnaireResponse",
        pytest.param("Procedure"),
    ],
)  # fmt: skip
def test_a_record_that_was_not_read_to_its_end_proves_no_absence(unread: str) -> None:
    found = status(unread=(unread,))
    assert (found.possible, found.reason) == (EITHER, Reason.NO_DATA)
    assert found.unread == frozenset({unread})


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize(
    ("said", "known", "reason"),
    [
        ("listed", LISTED, Reason.ATTESTED),
        ("not-awaiting", NOT_AWAITING, Reason.ATTESTED),
        ("evaluating", EITHER, Reason.NOT_SPECIFIC),
    ],
)
def test_a_statement_on_the_waiting_list(carrier: Any, said: str, known: frozenset[Transplant], reason: Reason) -> None:
    found = status(carrier(CODE, said))  # A9, A43
    assert (found.possible, found.reason) == (known, reason)
    assert [one.text for one in found.evidence] == [f"liver transplant status: {said}"]


@pytest.mark.parametrize("code", ["icd Z76.82", "snomed 270459005"])
def test_waiting_for_an_organ_nobody_names_leaves_both(code: str) -> None:
    found = status(condition(code), condition("icd C22.0"))  # A44: nothing is inferred from the tumor; vectors 29, 30
    assert (found.possible, found.reason) == (EITHER, Reason.NOT_SPECIFIC)
    assert found.evidence[0].text == "waiting for an organ"


def test_waiting_observed_leaves_both() -> None:
    found = status(observation("snomed 270459005"))
    assert found.possible == EITHER
    assert found.evidence[0].text == "waiting for an organ"
    assert status(observation("snomed 270459005", valueBoolean=True)).possible == EITHER
    assert status(observation("snomed 270459005", valueBoolean=False)).possible == NOT_AWAITING


def test_suspected_waiting_leaves_both() -> None:
    assert status(condition("icd Z76.82", certainty="provisional")).possible == EITHER


@pytest.mark.parametrize("more", [{"certainty": "refuted"}, {"clinical": "resolved"}, {"site": KIDNEY}])
def test_waiting_refuted_past_or_for_a_kidney_is_no_trace(more: dict[str, str]) -> None:
    assert status(condition("icd Z76.82", **more)).possible == NOT_AWAITING


def test_waiting_for_a_liver_is_listed() -> None:
    found = status(condition("icd Z76.82", site=LIVER))
    assert (found.possible, found.reason) == (LISTED, Reason.RECORDED)
    assert "listed is inferred" in found.notes[0]


@pytest.mark.parametrize(
    "resource",
    [
        *(
            pytest.param(service_request(f"snomed {code}"), id=f"an active request for {code}")
            for code in ("18027006", "426356008", "174425003")
        ),
        pytest.param(service_request("snomed 18027006", status="on-hold"), id="a request on hold"),
        pytest.param(procedure("snomed 18027006", status="preparation", on=""), id="a transplant in preparation"),
        pytest.param(procedure("pcs 0FY00Z0", status="in-progress", on=""), id="a transplant in progress"),
    ],
)
def test_a_liver_transplant_requested_or_under_way_is_listed(resource: dict[str, Any]) -> None:
    assert status(resource).possible == LISTED


@pytest.mark.parametrize(
    "resource",
    [
        service_request("snomed 18027006", status="revoked"),
        service_request("snomed 18027006", status="completed"),
        service_request("snomed 18027006", status="draft"),
        service_request("snomed 18027006", doNotPerform=True),
        service_request("snomed 70536003"),
        procedure("snomed 18027006", status="not-done"),
    ],
    ids=["revoked", "completed", "draft", "not to be done", "of a kidney", "not done"],
)
def test_a_request_that_does_not_stand_is_no_trace(resource: dict[str, Any]) -> None:
    found = status(resource)
    assert (found.possible, found.reason) == (NOT_AWAITING, Reason.INFERRED)


@pytest.mark.parametrize(
    "resource",
    [
        condition("icd Z94.4"),
        condition("icd T86.41"),
        condition("icd Z48.23"),
        condition("snomed 737297006"),
        condition("snomed 161671001"),
        procedure("snomed 18027006"),
        procedure("pcs 0FY00Z0"),
    ],
    ids=["Z94.4", "T86.41", "Z48.23", "737297006", "161671001", "a transplant done", "a transplant done, PCS"],
)
def test_a_transplanted_patient_is_not_awaiting(resource: dict[str, Any]) -> None:
    found = status(resource)
    assert (found.possible, found.reason) == (NOT_AWAITING, Reason.RECORDED)
    assert [one.text for one in found.evidence] == ["liver transplanted"]


def test_a_transplanted_patient_waiting_again_may_be_listed_again() -> None:
    assert status(condition("icd Z94.4"), condition("icd Z76.82")).possible == EITHER
    assert status(condition("icd Z94.4"), service_request("snomed 18027006")).possible == LISTED


@pytest.mark.parametrize(
    ("resources", "known", "reason"),
    [
        pytest.param([stated(CODE, "listed"), condition("icd Z76.82")], LISTED, Reason.ATTESTED, id="listed, Z76.82"),
        pytest.param([stated(CODE, "not-awaiting"), condition("icd Z76.82")], NOT_AWAITING, Reason.ATTESTED,
                     id="not awaiting a liver beside Z76.82 for some organ"),
        pytest.param([stated(CODE, "not-awaiting"), service_request("snomed 18027006")], EITHER, Reason.CONFLICT,
                     id="not awaiting, but a liver is requested"),
        pytest.param([stated(CODE, "not-awaiting"), condition("icd Z76.82", site=LIVER)], EITHER, Reason.CONFLICT,
                     id="not awaiting, but waiting for a liver is coded"),
        pytest.param([stated(CODE, "listed", on="2026-11-01"), procedure("snomed 18027006", on="2026-11-10")], EITHER,
                     Reason.CONFLICT, id="listed, and transplanted since"),
        pytest.param([stated(CODE, "listed", on="2026-11-10"), procedure("snomed 18027006", on="2026-11-10")], EITHER,
                     Reason.CONFLICT, id="listed, and transplanted on one day"),
        pytest.param([stated(CODE, "listed"), procedure("snomed 18027006", on="")], LISTED, Reason.ATTESTED,
                     id="listed, and transplanted nobody knows when"),
        pytest.param([stated(CODE, "listed", on="2026-11-20"), procedure("snomed 18027006", on="2020-01-01")], LISTED,
                     Reason.ATTESTED, id="listed again after a transplant"),
        pytest.param([stated(CODE, "listed"), stated(CODE, "not-awaiting")], EITHER, Reason.NOT_SPECIFIC,
                     id="statements that differ"),
    ],
)  # fmt: skip
def test_a_statement_beside_the_record(
    resources: list[dict[str, Any]], known: frozenset[Transplant], reason: Reason
) -> None:
    found = status(*resources)
    assert (found.possible, found.reason) == (known, reason)


@pytest.mark.parametrize(
    "resources",
    [
        [stated(CODE, "not-awaiting", id="q1"), service_request("snomed 18027006", id="s1")],
        [stated(CODE, "not-awaiting", id="q1"), condition("icd Z76.82", site=LIVER, id="c1")],
        [stated(CODE, "evaluating", id="q1")],
        [condition("icd Z76.82", id="c1")],
    ],
)
def test_an_open_status_names_the_resources_it_hangs_on(resources: list[dict[str, Any]]) -> None:
    """Open questions have no evidence on a card: the note is where a clinician finds out why it is asked."""
    found = status(*resources)
    names = [f"{one['resourceType']}/{one['id']}" for one in resources]
    assert [one.reference for one in found.evidence] == names
    assert found.notes[-1].startswith(f"{', '.join(names)}: ")


def test_of_stale_statements_the_newest_counts() -> None:
    stale = stated(CODE, "not-awaiting", on="2026-08-25", id="q1")
    assert status(stale, stated(CODE, "listed", on="2025-01-01", id="q2")).possible == NOT_AWAITING


@pytest.mark.parametrize(
    ("said", "known"), [("listed", EITHER), ("evaluating", EITHER), ("not-awaiting", NOT_AWAITING)]
)
def test_a_stale_listing_is_not_an_absence(said: str, known: frozenset[Transplant]) -> None:
    found = status(stated(CODE, said, on="2026-08-25"))
    assert found.possible == known
    assert "older than 90 days" in found.notes[0]


def test_a_listing_of_90_days_ago_counts() -> None:
    assert status(stated(CODE, "listed", on="2026-08-26")).possible == LISTED


def test_a_patients_own_statement_is_no_listing() -> None:
    assert status(stated(CODE, "listed", source={"reference": "Patient/pat-1"})).possible == NOT_AWAITING


@pytest.mark.parametrize("carrier", [stated, local_observation])
@pytest.mark.parametrize("said", [True, False])
def test_bridging_is_stated(carrier: Any, said: bool) -> None:
    found = bridge_intent(chart_of(carrier("bridge-to-transplant-intent", said)))
    assert (found.possible, found.reason) == (frozenset({said}), Reason.ATTESTED)


def test_bridging_is_unknown_where_nothing_is_stated() -> None:
    assert bridge_intent(chart_of()).possible is None
    assert bridge_intent(chart_of(observation("snomed 270459005", note=[{"text": "bridge"}]))).possible is None
    assert bridge_intent(chart_of(unread=["QuestionnaireResponse"])).unread == frozenset({"QuestionnaireResponse"})


def test_contradicting_statements_on_bridging_are_unknown() -> None:
    said = [stated("bridge-to-transplant-intent", True), stated("bridge-to-transplant-intent", False)]
    found = bridge_intent(chart_of(*said))
    assert (found.possible, found.reason) == (None, Reason.CONFLICT)


def test_the_code_of_a_request_decides_not_its_words() -> None:
    assert status(service_request() | {"code": concept(text="liver transplant")}).possible == NOT_AWAITING


def test_bridging_shows_the_statement_and_hangs_on_nothing_else() -> None:
    found = bridge_intent(chart_of(stated("bridge-to-transplant-intent", True, id="q1"), unread=["Observation"]))
    assert [(one.reference, one.text) for one in found.evidence] == [
        ("QuestionnaireResponse/q1", "ablation as a bridge to transplant: yes")
    ]
    assert found.unread == frozenset()


def test_a_stale_statement_on_bridging_is_unknown_and_says_why() -> None:
    found = bridge_intent(chart_of(stated("bridge-to-transplant-intent", True, on="2025-01-01", id="q1")))
    assert found.possible is None
    assert found.notes[0].startswith("QuestionnaireResponse/q1 of 2025-01-01 is older than")
