"""Prior authorization: what the table asks, what is on file, what nobody knows (crd-ci-q4, crd-ci-q5, found-35)."""

from datetime import date
from typing import Any

import pytest

from cds_service.crd.deciding import decide
from cds_service.crd.decision import BillingCode
from cds_service.crd.extension import values
from cds_service.crd.prior_authorization import Granted, prior_authorization
from cds_service.crd.rendering import render
from cds_service.crd.terms import PlanTable
from cds_service.crd.versions import Version
from cds_service.policy.determination import Outcome
from tests.crd.building import ON, case, decided, determination, said

V2_0, V2_2 = Version.V2_0, Version.V2_2
CODES = (BillingCode("http://www.ama-assn.org/go/cpt", "47382"), BillingCode("http://hcpcs", "C9734"))
PA = Granted("PA-1", date(2027, 1, 31))
GOLD = Granted("GC-9", None, is_gold_card=True)
COVERED = determination(Outcome.COVERED, "I.D.1.a")


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        ({}, ""),
        ({"47382": "no-auth"}, ""),
        ({"47382": "no-auth", "C9734": "no-auth"}, "no-auth"),
        ({"47382": "no-auth", "C9734": "performpa"}, "performpa"),
        ({"47382": "auth-needed", "C9734": "performpa"}, "auth-needed"),
        ({"C9734": "auth-needed"}, "auth-needed"),
        ({"99999": "auth-needed"}, ""),
    ],
)
def test_the_strictest_word_counts_and_none_is_needed_only_where_all_codes_are_known(asked: Any, needed: str) -> None:
    assert prior_authorization(CODES, asked, {}).needed == needed
    assert prior_authorization((), asked, {}).needed == ""


@pytest.mark.parametrize(
    ("asked", "grants", "number"),
    [
        pytest.param({}, {"47382": (PA,), "C9734": (PA,)}, "PA-1", id="one number for both codes"),
        pytest.param({}, {"47382": (PA,)}, "", id="for one of two codes"),
        pytest.param({"C9734": "no-auth"}, {"47382": (PA,)}, "PA-1", id="the other code needs none"),
        pytest.param({}, {"47382": (PA,), "C9734": (GOLD,)}, "", id="two numbers, neither for both"),
        pytest.param({}, {"47382": (PA, GOLD), "C9734": (GOLD,)}, "GC-9", id="the one for both"),
        pytest.param({}, {"47382": (PA, GOLD), "C9734": (PA, GOLD)}, "GC-9", id="of two the one that holds longest"),
        pytest.param({"47382": "no-auth", "C9734": "no-auth"}, {"47382": (PA,), "C9734": (PA,)}, "", id="none needed"),
        pytest.param({"47382": "auth-needed"}, {"47382": (), "C9734": ()}, "", id="nothing on file"),
    ],
)
def test_a_number_meets_an_order_when_it_covers_every_code_that_needs_one(asked: Any, grants: Any, number: str) -> None:
    found = prior_authorization(CODES, asked, grants)
    assert found.number == number
    assert (found.needed == "satisfied") is bool(number)


def test_an_authorization_of_several_codes_ends_with_the_first_of_them() -> None:
    short = Granted("PA-1", date(2026, 12, 24))
    assert prior_authorization(CODES, {}, {"47382": (PA,), "C9734": (short,)}).ends == short.ends


@pytest.mark.parametrize(
    ("asked", "newer", "older"),
    [
        ({"47382": "auth-needed"}, ["indeterminate"], ["conditional"]),
        ({"47382": "performpa"}, ["indeterminate"], ["conditional"]),
        ({"47382": "no-auth"}, ["no-auth"], ["no-auth"]),
        ({}, [], ["conditional"]),
    ],
)
def test_what_is_on_file_and_cannot_be_read_is_open_and_never_needed(asked: Any, newer: Any, older: Any) -> None:
    decision = decided(COVERED, PlanTable(asked), grants=None)
    for version, expected in ((V2_2, newer), (V2_0, older)):
        extension = render(decision, version)
        assert said(extension, "pa-needed") == expected
        assert said(extension, "satisfied-pa-id") == []
    if newer == ["indeterminate"]:
        assert said(render(decision, V2_2), "reason")[-1]["coding"][0]["code"] == "technical"


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(
    "outcome", [Outcome.COVERED, Outcome.MISSING, Outcome.REFER, Outcome.NO_CRITERION, Outcome.UNDETERMINED]
)
def test_q4_and_q5_satisfied_has_a_number_and_asks_for_no_documents_with_a_request(
    outcome: Outcome, version: Version
) -> None:
    decision = decided(determination(outcome, "I.C"), PlanTable({"47382": "auth-needed"}), grants={"47382": (PA,)})
    extension = render(decision, version)
    assert said(extension, "pa-needed") == ["satisfied"]
    assert said(extension, "satisfied-pa-id") == ["PA-1"]
    assert said(extension, "doc-purpose") == []
    assert "until 2027-01-31" in said(extension, "reason")[-1]["text"]


@pytest.mark.parametrize("version", Version)
def test_q2_a_denied_order_has_no_authorization_whatever_is_on_file(version: Version) -> None:
    denied = decided(determination(Outcome.NOT_COVERED, "IX"), grants={"47382": (PA,)})
    extension = render(denied, version)
    assert said(extension, "pa-needed") == said(extension, "satisfied-pa-id") == []


@pytest.mark.parametrize("version", Version)
def test_a_gold_carded_practitioner_is_the_coded_reason(version: Version) -> None:
    extension = render(decided(COVERED, grants={"47382": (GOLD,)}), version)
    assert said(extension, "satisfied-pa-id") == ["GC-9"]
    assert said(extension, "reason")[-1]["coding"][0]["code"] == "gold-card"


@pytest.mark.parametrize(
    ("days", "grants", "expiry"),
    [
        (None, {}, None),
        (90, {}, date(2027, 2, 22)),
        (90, {"47382": (PA,)}, date(2027, 1, 31)),
        (30, {"47382": (PA,)}, date(2026, 12, 24)),
        (None, {"47382": (PA,)}, date(2027, 1, 31)),
        (None, {"47382": (GOLD,)}, None),
    ],
)
def test_a_statement_holds_as_long_as_the_payer_says_and_no_longer_than_its_authorization(
    days: int | None, grants: Any, expiry: date | None
) -> None:
    assert decided(COVERED, PlanTable(valid_days=days), grants=grants).expiry == expiry


@pytest.mark.parametrize(
    ("outcome", "is_timed"),
    [
        (Outcome.COVERED, True), (Outcome.NOT_COVERED, True), (Outcome.MISSING, True), (Outcome.REFER, False),
        (Outcome.UNDETERMINED, False),
    ],
)  # fmt: skip
def test_what_could_not_be_determined_holds_for_no_time(outcome: Outcome, is_timed: bool) -> None:
    (decision,) = decide(case(determination(outcome, "I.C")), PlanTable(valid_days=90), ON, names_version=True)
    assert values(render(decision, V2_2), "expiry-date", "Date") == (["2027-02-22"] if is_timed else [])
