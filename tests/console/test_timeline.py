"""The timeline: dated proofs from the oldest to the newest, days equally wide."""

from datetime import date

import pytest

from cds_service.console.timeline import EDGE, WIDTH, timeline
from fhir_mappings.finding import Evidence, Finding

TODAY = date(2026, 11, 24)


def found(*days: str) -> dict[str, Finding]:
    return {"ecog_grade": Finding(evidence=tuple(Evidence(f"Observation/{day}", "ECOG", day) for day in days))}


def test_proofs_are_told_from_the_oldest_to_the_newest() -> None:
    events = timeline(found("2026-11-01", "2025-03", "2026-01-31"), TODAY)
    assert [event.date for event in events] == ["2025-03", "2026-01-31", "2026-11-01"]


def test_the_strip_reaches_from_the_oldest_proof_to_today() -> None:
    first, middle, last = timeline(found("2026-11-04", "2026-11-14", "2026-11-24"), TODAY)
    assert (first.x, last.x) == (EDGE, WIDTH - EDGE)
    assert middle.x == WIDTH / 2


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01", "2026-1"])
def test_what_has_no_date_is_left_out(written: str) -> None:
    assert timeline(found(written), TODAY) == ()


def test_a_year_alone_stands_at_its_beginning_and_the_future_at_the_edge() -> None:
    first, last = timeline(found("2025", "2027-01-01"), TODAY)
    assert (first.x, last.x) == (EDGE, WIDTH - EDGE)


def test_one_proof_of_several_facts_is_one_event_that_names_them() -> None:
    proof = Evidence("Observation/1", "form", "2026-11-01")
    findings = {"ecog_grade": Finding(evidence=(proof,)), "hcc_confirmed": Finding(evidence=(proof,))}
    (event,) = timeline(findings, TODAY)
    assert event.facts == ("ECOG grade", "HCC confirmed")
