"""An earlier ablation labels the order as repeat, and decides nothing (III; terminology 5.8; vector 38)."""

from typing import Any

import pytest

from fhir_mappings.finding import Reason
from fhir_mappings.prior_treatment import prior_ablation
from tests.fhir_mappings.building import BREAST, LIVER, chart_of, concept, order_of, procedure, stated

YES, NO = frozenset({True}), frozenset({False})


@pytest.mark.parametrize(
    "code",
    ["pcs 0F503ZZ", "pcs 0F504ZZ", "pcs 0F523ZZ", "cpt 47370", "cpt 47382", "cpt 47383", "snomed 708625004",
     "snomed 609232008", "snomed 449404007", "snomed 433876005", "snomed 428115007"],
)  # fmt: skip
def test_a_completed_ablation_in_the_liver_is_an_earlier_one(code: str) -> None:
    found = prior_ablation(chart_of(procedure(code)))
    assert (found.possible, found.reason) == (YES, Reason.RECORDED)
    assert found.evidence[0].reference == "Procedure/procedure-0"


@pytest.mark.parametrize(
    "done",
    [
        procedure("pcs 0F503Z3"),
        procedure("pcs 0F503ZF"),
        procedure("snomed 716756004"),
        procedure("snomed 433866007"),
        procedure("snomed 448012004"),
        procedure("snomed 107963000"),
        procedure("cpt 99213"),
        procedure("pcs 0F503ZZ", status="not-done"),
        procedure("pcs 0F503ZZ", status="in-progress"),
        procedure("pcs 0F503ZZ", status="entered-in-error"),
        procedure("pcs 0F503ZZ", bodySite=[concept(BREAST)]),
    ],
    ids=["laser, PCS", "electroporation, PCS", "electroporation", "laser", "focused ultrasound", "resection", "a visit",
         "not done", "in progress", "entered in error", "of the breast"],
)  # fmt: skip
def test_what_was_no_ablation_in_the_liver_is_none(done: dict[str, Any]) -> None:
    found = prior_ablation(chart_of(done))
    assert (found.possible, found.reason) == (NO, Reason.INFERRED)


@pytest.mark.parametrize(
    ("on", "before"),
    [("2026-11-23", True), ("2026-11-24", False), ("2026-11-25", False), ("2026-11", True), ("", True)],
    ids=["yesterday", "today is no repeat", "tomorrow", "this month", "undated"],
)
def test_an_ablation_counts_when_it_was_before_the_order(on: str, before: bool) -> None:
    assert (prior_ablation(chart_of(procedure("cpt 47382", on=on))).possible == YES) is before


def test_an_ablation_after_the_day_of_a_back_dated_order_is_not_before_it() -> None:
    order = order_of(occurrenceDateTime="2026-10-01")
    assert prior_ablation(chart_of(procedure("cpt 47382", on="2026-10-15"), order=order)).possible == NO


def test_a_site_in_the_liver_or_none_at_all_counts() -> None:
    assert prior_ablation(chart_of(procedure("cpt 47382", bodySite=[concept(LIVER)]))).possible == YES


def test_procedures_that_could_not_be_read_are_mentioned_and_stop_nothing() -> None:
    found = prior_ablation(chart_of(unread=["Procedure"]))
    assert found.possible == NO
    assert found.unread == frozenset()
    assert "could not be read" in found.notes[0]


def test_the_form_states_an_earlier_ablation_and_its_no_is_what_the_record_says_anyway() -> None:
    found = prior_ablation(chart_of(stated("prior-ablation", True)))
    assert (found.possible, found.reason) == (frozenset({True}), Reason.ATTESTED)
    assert prior_ablation(chart_of(stated("prior-ablation", False))).possible == frozenset({False})
