"""Verdict rules V1 to V8 and the reporting rules where no record of the table leads: findings given by hand."""

from collections.abc import Mapping
from typing import Final

import pytest

from cds_service.policies.policy_151 import codes_2025_05_06 as codes
from cds_service.policies.policy_151.codes_2025_05_06 import Governed
from cds_service.policies.policy_151.verdict import OrderLine, determine
from cds_service.policy.answers import Answer
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings import facts
from fhir_mappings.coverage import LineOfBusiness
from fhir_mappings.finding import (
    ALL_TUMORS,
    Choice,
    Evidence,
    Fact,
    Finding,
    Interval,
    Reason,
    Spread,
    Transplant,
    Tumor,
    exactly,
)  # fmt: skip

Known = Mapping[str, Finding]
PROOF: Final = Evidence("Observation/1", "as recorded", "2026-11-14")


def is_(*choices: Choice) -> Finding:
    return Finding(frozenset(choices), Reason.RECORDED, (PROOF,))


def measures(value: float) -> Finding:
    return Finding(exactly(value), Reason.RECORDED, (PROOF,))


def unread(*kinds: str) -> Finding:
    return Finding(unread=frozenset(kinds))


ABLATION: Final = Governed(codes.ABLATION)
ANY_BUT_MELANOMA: Final = ALL_TUMORS - {Tumor.MELANOMA}
YES, NO, NOTHING = is_(True), is_(False), Finding()
FIT: Final[dict[Fact, Finding]] = {
    facts.ECOG_GRADE: measures(1),
    facts.LIVER_RESERVE_ADEQUATE: YES,
    facts.CHILD_PUGH_POINTS: measures(5),
    facts.TRANSPLANT_STATUS: Finding(frozenset({Transplant.NOT_AWAITING}), Reason.INFERRED),
}
CARCINOMA: Final = FIT | {
    facts.TREATED_TUMOR: is_(Tumor.HCC),
    facts.HCC_CONFIRMED: YES,
    facts.RESECTION_FEASIBLE: NO,
    facts.LOCATION_ACCESSIBLE: YES,
    facts.LIVER_TUMOR_COUNT: measures(1),
    facts.LARGEST_TUMOR_CM: measures(5),
    facts.ALL_FOCI_AMENABLE: YES,
    facts.COMPLETE_ABLATION_GOAL: YES,
}
METASTASIS: Final = FIT | {
    facts.TREATED_TUMOR: is_(Tumor.BREAST),
    facts.METASTASIS_CONFIRMED: YES,
    facts.RESECTION_FEASIBLE: NO,
    facts.LARGEST_TUMOR_CM: measures(3),
    facts.EXTRAHEPATIC_DISEASE: is_(Spread.NONE),
}


def judge(
    known: Mapping[Fact, Finding],
    governed: Governed = ABLATION,
    line: LineOfBusiness = LineOfBusiness.COMMERCIAL,
) -> Determination:
    order = OrderLine("ServiceRequest/1", governed, line, (Evidence("Coverage/1", "coverage"),))
    found = determine(order, {fact.name: finding for fact, finding in known.items()})
    assert found is not None
    return found


def said(one: Determination) -> tuple[Outcome, tuple[str, ...]]:
    return one.outcome, one.criteria


# ---------------------------------------------------------------------------- what could not be read


@pytest.mark.parametrize(
    ("known", "criteria"),
    [
        (CARCINOMA | {facts.ECOG_GRADE: unread("Observation")}, ("I.A.ecog",)),
        (CARCINOMA | {facts.LOCATION_ACCESSIBLE: unread("QuestionnaireResponse")}, ("I.D.1.a.ii",)),
        (CARCINOMA | {facts.LARGEST_TUMOR_CM: unread("Observation")}, ("I.D.1.a.iii",)),
        (METASTASIS | {facts.EXTRAHEPATIC_DISEASE: unread("Condition")}, ("I.D.1.d.iii",)),
    ],
)
def test_an_open_leaf_that_was_not_read_is_undetermined_and_nothing_is_asked(
    known: Mapping[Fact, Finding], criteria: tuple[str, ...]
) -> None:
    one = judge(known)
    assert said(one) == (Outcome.UNDETERMINED, criteria)
    assert one.missing == ()


def test_what_was_not_read_comes_before_what_is_missing() -> None:
    known = CARCINOMA | {facts.LOCATION_ACCESSIBLE: NOTHING, facts.ALL_FOCI_AMENABLE: unread("QuestionnaireResponse")}
    assert said(judge(known)) == (Outcome.UNDETERMINED, ("I.D.1.a.iv.1",))


def test_a_failure_stands_whatever_was_not_read() -> None:
    known = CARCINOMA | {facts.ECOG_GRADE: unread("Observation"), facts.LARGEST_TUMOR_CM: measures(6)}
    assert said(judge(known)) == (Outcome.NOT_COVERED, ("II", "I.D.1.a.iii"))


def test_a_scale_that_was_not_read_does_not_matter_when_the_other_is_met() -> None:
    assert said(judge(CARCINOMA | {facts.KARNOFSKY_PERCENT: unread("Observation")})) == (
        Outcome.COVERED, ("I.D.1.a",),
    )  # fmt: skip


def test_facts_of_other_branches_that_were_not_read_do_not_matter() -> None:
    known = CARCINOMA | {facts.EXTRAHEPATIC_DISEASE: unread("Condition"), facts.CONFINED_TO_LIVER: unread("Condition")}
    assert said(judge(known)) == (Outcome.COVERED, ("I.D.1.a",))


@pytest.mark.parametrize(
    ("by", "fact"), [("V", facts.LIVER_TUMOR_INDICATED), ("VII", facts.LIVER_MALIGNANCY_INDICATED)]
)
def test_an_indication_that_was_not_read_is_undetermined(by: str, fact: Fact) -> None:
    one = judge({fact: unread("Condition")}, Governed(by, needs_indication=True))
    assert said(one) == (Outcome.UNDETERMINED, (f"{by}.guard",))
    assert one.missing == ()


# ---------------------------------------------------------------------------- IV, and the order of the rules


@pytest.mark.parametrize(
    "other", [{}, {facts.ECOG_GRADE: measures(4), facts.KARNOFSKY_PERCENT: measures(30)}, {facts.ECOG_GRADE: NOTHING}]
)
def test_iv_decides_before_i_whatever_i_says(other: Mapping[Fact, Finding]) -> None:
    one = judge(METASTASIS | {facts.TREATED_TUMOR: is_(Tumor.MELANOMA)} | other)
    assert said(one) == (Outcome.NOT_COVERED, ("IV",))


def test_a_failed_i_decides_though_iv_is_open() -> None:
    known = METASTASIS | {facts.TREATED_TUMOR: is_(Tumor.MELANOMA, Tumor.BREAST), facts.CHILD_PUGH_POINTS: measures(12)}
    assert said(judge(known)) == (Outcome.NOT_COVERED, ("II", "I.C"))


def test_an_open_origin_is_asked_beside_a_to_c_and_before_the_branches() -> None:
    known = METASTASIS | {
        facts.TREATED_TUMOR: is_(Tumor.MELANOMA, Tumor.BREAST),
        facts.CHILD_PUGH_POINTS: NOTHING,
        facts.RESECTION_FEASIBLE: NOTHING,
    }
    assert said(judge(known)) == (Outcome.MISSING, ("I.C", "IV.origin"))


def test_melanoma_or_a_cancer_of_no_branch_is_not_covered_only_when_known_which() -> None:
    known = METASTASIS | {facts.TREATED_TUMOR: is_(Tumor.MELANOMA, Tumor.OTHER_METASTASIS)}
    assert said(judge(known)) == (Outcome.NOT_COVERED, ("II", "I.D.1"))


# ---------------------------------------------------------------------------- what is reported, what is asked


def test_a_suspicion_is_asked_in_its_own_branches() -> None:
    hinted = Finding(ANY_BUT_MELANOMA, established=False, hints=frozenset({Tumor.HCC, Tumor.BREAST}))
    assert said(judge(FIT | {facts.TREATED_TUMOR: hinted})) == (Outcome.MISSING, ("I.D.1.a.dx", "I.D.1.d.dx"))


def test_without_a_suspicion_the_diagnosis_is_asked_as_one_question() -> None:
    one = judge(FIT | {facts.TREATED_TUMOR: Finding(ANY_BUT_MELANOMA, established=False)})
    assert said(one) == (Outcome.MISSING, ("I.D.1",))
    assert "diagnosis" in one.missing[0].question


def test_nothing_established_is_never_denied_for_its_branches() -> None:
    known = CARCINOMA | {
        facts.TREATED_TUMOR: Finding(frozenset({Tumor.BENIGN}), established=False),
        facts.LARGEST_TUMOR_CM: measures(9),
        facts.RESECTION_FEASIBLE: YES,
    }
    assert said(judge(known)) == (Outcome.MISSING, ("I.D.1",))


def test_a_failed_leaf_of_a_branch_closes_its_other_questions() -> None:
    """Rule 1: what is open in a branch that has failed is not asked."""
    known = CARCINOMA | {
        facts.TREATED_TUMOR: is_(Tumor.HCC, Tumor.BREAST),
        facts.LARGEST_TUMOR_CM: measures(4),
        facts.LIVER_TUMOR_COUNT: measures(2),
        facts.METASTASIS_CONFIRMED: YES,
        facts.EXTRAHEPATIC_DISEASE: NOTHING,
        facts.LOCATION_ACCESSIBLE: NOTHING,
    }
    one = judge(known)
    assert one.outcome is Outcome.MISSING
    assert "I.D.1.a.ii" not in one.criteria


def test_the_finding_may_know_better_what_to_ask() -> None:
    finding = Finding(question="INR: bilirubin and albumin are there")
    assert judge(CARCINOMA | {facts.CHILD_PUGH_POINTS: finding}).missing[0].question == finding.question


def test_number_and_size_are_asked_together() -> None:
    one = judge(CARCINOMA | {facts.LIVER_TUMOR_COUNT: NOTHING})
    assert said(one) == (Outcome.MISSING, ("I.D.1.a.iii",))
    assert "How many" in one.missing[0].question


def test_a_failed_scale_beside_an_open_one_is_said() -> None:
    one = judge(CARCINOMA | {facts.ECOG_GRADE: measures(3), facts.KARNOFSKY_PERCENT: NOTHING})
    assert said(one) == (Outcome.MISSING, ("I.A.kps",))
    assert any("I.A.ecog is not met" in note for note in one.notes)


def test_evidence_of_an_open_leaf_is_not_given_as_proof() -> None:
    one = judge(CARCINOMA | {facts.CHILD_PUGH_POINTS: Finding(Interval(9, 13), Reason.COMPUTED, (PROOF,))})
    assert one.answers["I.C"] is Answer.UNKNOWN
    assert "I.C" not in one.evidence
    assert one.evidence["I.A.ecog"] == (PROOF,)


def test_a_listing_that_is_attested_as_absent_is_named_and_an_inferred_one_is_not() -> None:
    other = CARCINOMA | {facts.TREATED_TUMOR: is_(Tumor.OTHER_PRIMARY)}
    attested = Finding(frozenset({Transplant.NOT_AWAITING}), Reason.ATTESTED, (PROOF,))
    assert judge(other).criteria == ("II", "I.D.1")
    assert judge(other | {facts.TRANSPLANT_STATUS: attested}).criteria == ("II", "I.D.1", "I.D.2.listed")


@pytest.mark.parametrize("prior", [YES, NO, NOTHING])
def test_only_a_known_earlier_ablation_makes_a_repeat(prior: Finding) -> None:
    one = judge(CARCINOMA | {facts.PRIOR_ABLATION: prior})
    assert one.repeat is (prior is YES)
    assert ("III" in one.criteria) is one.repeat
    assert ("III" in one.answers) is one.repeat


# ---------------------------------------------------------------------------- V1 to V4, and whose rules come first


def test_a_service_the_policy_does_not_address_is_not_judged() -> None:
    for by in (Governed(codes.NOT_ADDRESSED), Governed(codes.NOT_ADDRESSED, is_unlisted=True)):
        order = OrderLine("ServiceRequest/1", by, LineOfBusiness.MEDICAID)
        assert determine(order, {}) is None


@pytest.mark.parametrize("by", ["V", "VII"])
def test_an_indication_elsewhere_is_not_judged(by: str) -> None:
    fact = {"V": facts.LIVER_TUMOR_INDICATED, "VII": facts.LIVER_MALIGNANCY_INDICATED}[by]
    order = OrderLine("ServiceRequest/1", Governed(by, needs_indication=True), LineOfBusiness.MEDICAID)
    assert determine(order, {fact.name: NO}) is None


@pytest.mark.parametrize("by", ["V", "VI", "VII", "VIII", "IX"])
def test_v_to_ix_ask_nothing_of_the_patient(by: str) -> None:
    one = judge({}, Governed(by))
    assert said(one) == (Outcome.NOT_COVERED, (by,))
    assert (one.missing, one.answers) == ((), {by: Answer.MET})
    assert one.evidence[by][0].reference == "ServiceRequest/1"


@pytest.mark.parametrize("line", [LineOfBusiness.MEDICAID, LineOfBusiness.MEDICARE])
def test_where_other_rules_come_first_the_coverage_is_the_evidence_and_the_policy_advises(line: LineOfBusiness) -> None:
    one = judge(CARCINOMA, line=line)
    assert said(one) == (Outcome.REFER, ("order.line-of-business",))
    assert (one.advisory, one.advice) == (Outcome.COVERED, ("I.D.1.a",))
    assert one.evidence["order.line-of-business"] == (Evidence("Coverage/1", "coverage"),)
    assert one.answers["I"] is Answer.MET


@pytest.mark.parametrize("line", [LineOfBusiness.COMMERCIAL, LineOfBusiness.UNKNOWN])
def test_commercial_and_unknown_lines_are_judged_by_the_policy(line: LineOfBusiness) -> None:
    one = judge(CARCINOMA, line=line)
    assert said(one) == (Outcome.COVERED, ("I.D.1.a",))
    assert one.advisory is None


def test_advice_on_unlisted_codes_stands_with_every_verdict() -> None:
    unlisted = Governed(codes.ABLATION, is_unlisted=True)
    for known in (CARCINOMA, CARCINOMA | {facts.LARGEST_TUMOR_CM: measures(6)}, FIT):
        assert any("prior authorization is recommended" in note.said for note in judge(known, unlisted).claim_notes)
    assert any("denied as not covered" in note.said for note in judge({}, Governed("V", is_unlisted=True)).claim_notes)
