"""What a clinician reads while coverage is not resolved: no card claims coverage, and each says what to do."""

from dataclasses import replace

import pytest

from cds_service.cards.coverage import summary
from cds_service.cards.detail import detail
from cds_service.coverage_standing import OPEN_POINTS, open_point, orientation, under_coverage
from cds_service.judging import Judged
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.coverage import Standing
from fhir_mappings.finding import Evidence
from tests.crd.building import coverage, determination
from tests.fhir_mappings.building import order_of

UNRESOLVED = (Standing.INACTIVE, Standing.NO_MEMBER, Standing.NO_NUMBER, Standing.UNREAD)
COVERED = determination(
    Outcome.COVERED, "I.D.1.a", evidence={"I.A.ecog": (Evidence("Observation/e", "ECOG 1", "2026-11-01"),)}
)


def shown(standing: Standing, found: Determination = COVERED) -> Determination:
    return under_coverage(found, replace(coverage(), standing=standing))


@pytest.mark.parametrize("standing", [s for s in Standing if s not in UNRESOLVED])
def test_a_resolved_or_unasked_coverage_leaves_the_determination(standing: Standing) -> None:
    assert shown(standing) is COVERED


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("standing", UNRESOLVED)
def test_an_unresolved_one_leaves_the_policy_as_advice_and_asks_for_no_documents(
    standing: Standing, outcome: Outcome
) -> None:
    found = shown(standing, determination(outcome, "I.C"))
    assert (found.outcome, found.advisory, found.missing) == (Outcome.UNDETERMINED, outcome, ())
    assert (len(found.criteria), found.advice) == (1, ("I.C",))


@pytest.mark.parametrize("standing", UNRESOLVED)
def test_the_coverage_it_is_about_is_the_evidence(standing: Standing) -> None:
    found = shown(standing)
    (number,) = found.criteria
    assert [proof.reference for proof in found.evidence[number]] == ["Coverage/cov-7"]
    assert "I.A.ecog" in found.evidence


@pytest.mark.parametrize("standing", UNRESOLVED)
def test_no_card_claims_coverage_and_none_is_a_denial(standing: Standing) -> None:
    found = shown(standing)
    point = open_point(found)
    assert point is not None
    short, long = summary(found), detail(Judged(order_of(), found, coverage()))
    assert short == f"Could not be determined: {point.gist} (policy 151, 2025-05-06)"
    assert len(short) < 140
    assert point.lead() in long
    assert "on this record the policy's criteria are met; that says nothing of coverage" in long
    assert "likely covered" not in f"{short} {long}".lower()
    assert "may be considered medically necessary" not in long


@pytest.mark.parametrize("outcome", Outcome)
def test_for_orientation_each_outcome_has_words_of_its_own(outcome: Outcome) -> None:
    found = shown(Standing.NO_MEMBER, determination(outcome, "I.C"))
    others = [orientation(shown(Standing.NO_MEMBER, determination(o, "I.C"))) for o in Outcome if o is not outcome]
    assert orientation(found) not in others


def test_what_the_policy_would_say_is_kept_behind_a_referral() -> None:
    refer = determination(Outcome.REFER, "order.line-of-business", advisory=Outcome.COVERED, advice=("I.D.1.a",))
    found = shown(Standing.NO_MEMBER, refer)
    assert (found.advisory, found.advice) == (Outcome.COVERED, ("order.line-of-business", "I.D.1.a"))


def test_each_point_says_something_of_its_own() -> None:
    assert len({point.gist for point in OPEN_POINTS.values()}) == len(UNRESOLVED)
    assert open_point(COVERED) is None
