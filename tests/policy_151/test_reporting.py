"""What a determination of policy 151 says beside its outcome: paths, questions, evidence, notes (V7, V8, rule 2)."""

from typing import Final

import pytest

from cds_service.policies.policy_151 import codes_2025_05_06 as codes
from cds_service.policies.policy_151.codes_2025_05_06 import Governed
from cds_service.policies.policy_151.coding_notes import UNLISTED_OPEN
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policies.policy_151.reporting import hanging_facts
from cds_service.policies.policy_151.verdict import OrderLine, determine
from cds_service.policy.determination import OpenQuestion, Outcome
from cds_service.policy.evaluation import evaluate
from fhir_mappings import facts
from fhir_mappings.finding import Evidence, Fact, Finding, LineOfBusiness, Reason, Spread, Transplant, Tumor
from tests.policy_151.test_verdict import (
    ANY_BUT_MELANOMA,
    CARCINOMA,
    FIT,
    METASTASIS,
    NO,
    NOTHING,
    YES,
    Known,
    is_,
    judge,
    measures,
    said,
    unread,
)

ORDERED: Final = Evidence("ServiceRequest/1", "the code that is ordered")
LISTED: Final = is_(Transplant.LISTED)
EITHER: Final = is_(*Transplant)
BOTH: Final = (
    CARCINOMA
    | METASTASIS
    | {facts.TREATED_TUMOR: is_(Tumor.HCC, Tumor.BREAST), facts.LARGEST_TUMOR_CM: measures(3), facts.HCC_CONFIRMED: YES}
)
"""A carcinoma or a metastasis of breast cancer: whichever it is, its branch is met."""


@pytest.mark.parametrize(
    ("known", "paths"),
    [
        pytest.param(CARCINOMA, ("I.D.1.a",), id="one tumor, not awaiting"),
        pytest.param(BOTH, ("I.D.1.a", "I.D.1.d"), id="two possible tumors, each with a branch that is met"),
        pytest.param(BOTH | {facts.TRANSPLANT_STATUS: EITHER, facts.BRIDGE_INTENT: YES},
                     ("I.D.1.a", "I.D.1.d", "I.D.2"), id="two tumors, and listed or not"),
        pytest.param(CARCINOMA | {facts.TRANSPLANT_STATUS: LISTED, facts.BRIDGE_INTENT: YES}, ("I.D.2",),
                     id="listed, as a bridge"),
        pytest.param(CARCINOMA | {facts.TRANSPLANT_STATUS: EITHER, facts.BRIDGE_INTENT: YES}, ("I.D.1.a", "I.D.2"),
                     id="listed or not, each way met"),
    ],
)  # fmt: skip
def test_a_covered_order_names_the_path_of_every_possible_world(known: Known, paths: tuple[str, ...]) -> None:
    assert said(judge(known)) == (Outcome.COVERED, paths)


@pytest.mark.parametrize(
    ("known", "outcome", "criteria"),
    [
        pytest.param(BOTH | {facts.METASTASIS_CONFIRMED: unread("Condition")}, Outcome.UNDETERMINED,
                     ("I.D.1.d.conf",), id="a question behind the diagnosis was not read"),
        pytest.param(BOTH | {facts.METASTASIS_CONFIRMED: NOTHING}, Outcome.MISSING, ("I.D.1.a.dx", "I.D.1.d.dx"),
                     id="a question behind the diagnosis is open"),
        pytest.param(CARCINOMA | {facts.TRANSPLANT_STATUS: LISTED, facts.HCC_CONFIRMED: unread("Condition")},
                     Outcome.MISSING, ("I.D.2.bridge",), id="listed: what is unread of the branches does not matter"),
        pytest.param(CARCINOMA | {facts.TRANSPLANT_STATUS: LISTED, facts.BRIDGE_INTENT: NO}, Outcome.NOT_COVERED,
                     ("II", "I.D.1.0"), id="listed, and no bridge"),
        pytest.param(CARCINOMA | {facts.TRANSPLANT_STATUS: EITHER, facts.LOCATION_ACCESSIBLE: NOTHING},
                     Outcome.MISSING, ("I.D.1.0", "I.D.1.a.ii", "I.D.2.listed", "I.D.2.bridge"), id="listed or not"),
        pytest.param({fact: known for fact, known in CARCINOMA.items() if fact is not facts.TRANSPLANT_STATUS},
                     Outcome.MISSING, ("I.D.1.0", "I.D.2.listed", "I.D.2.bridge"), id="nothing known of a transplant"),
    ],
)  # fmt: skip
def test_what_is_open_is_asked_only_where_it_can_change_the_answer(
    known: Known, outcome: Outcome, criteria: tuple[str, ...]
) -> None:
    assert said(judge(known)) == (outcome, criteria)


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        pytest.param(
            CARCINOMA | {facts.LOCATION_ACCESSIBLE: NOTHING},
            OpenQuestion("I.D.1.a.ii", facts.LOCATION_ACCESSIBLE.question, is_on_form=True), id="a statement",
        ),
        pytest.param(
            CARCINOMA | {facts.CHILD_PUGH_POINTS: Finding(question="INR", unknown_parts=("INR",))},
            OpenQuestion("I.C", "INR", ("INR",), is_on_form=True), id="a computed value with a part missing",
        ),
        pytest.param(
            CARCINOMA | {facts.LIVER_TUMOR_COUNT: NOTHING},
            OpenQuestion("I.D.1.a.iii",
                         "How many tumors are in the liver, and the largest diameter of each, on current imaging",
                         is_on_form=True), id="number and size",
        ),
        pytest.param(
            FIT, OpenQuestion("I.D.1", facts.TREATED_TUMOR.question, is_on_form=True),
            id="the diagnosis",
        ),
    ],
)  # fmt: skip
def test_a_question_is_told_whole_and_says_whether_the_form_asks_it(known: Known, asked: OpenQuestion) -> None:
    known = {facts.TREATED_TUMOR: Finding(ANY_BUT_MELANOMA, established=False), **known}
    assert judge(known).missing == (asked,)


@pytest.mark.parametrize("by", ["V", "VI", "VII", "VIII", "IX"])
def test_the_ordered_code_is_what_proves_v_to_ix(by: str) -> None:
    assert judge({}, Governed(by)).evidence == {by: (ORDERED,)}


@pytest.mark.parametrize(
    ("by", "outcome", "criterion", "unlisted"),
    [
        (codes.NO_CRITERION, Outcome.NO_CRITERION, "no-criterion", False),
        (codes.UNLISTED, Outcome.MISSING, "order.detail-code", True),
    ],
)
def test_an_order_without_a_criterion_rests_on_its_code(
    by: str, outcome: Outcome, criterion: str, unlisted: bool
) -> None:
    one = judge({}, Governed(by))
    assert (said(one), one.evidence) == ((outcome, (criterion,)), {criterion: (ORDERED,)})
    assert bool(one.claim_notes) is unlisted
    assert [q.criterion for q in one.missing] == ([criterion] if unlisted else [])


@pytest.mark.parametrize(
    ("by", "fact"), [("V", facts.LIVER_TUMOR_INDICATED), ("VII", facts.LIVER_MALIGNANCY_INDICATED)]
)
def test_a_guard_that_is_met_is_proved_beside_the_code_and_one_that_is_open_is_asked(by: str, fact: Fact) -> None:
    governed = Governed(by, needs_indication=True)
    proof = Evidence("Condition/1", "liver tumor on record", "2026-10-01")
    met = judge({fact: Finding(frozenset({True}), Reason.RECORDED, (proof,))}, governed)
    assert met.evidence == {by: (ORDERED,), f"{by}.guard": (proof,)}
    asked = judge({fact: Finding(evidence=(proof,), notes=("not clear",))}, governed)
    assert (said(asked), asked.evidence) == ((Outcome.MISSING, (f"{by}.guard",)), {})
    assert (asked.notes, len(asked.missing)) == (("not clear",), 1)


def test_a_repeat_is_proved_by_the_earlier_ablation_and_keeps_its_note() -> None:
    proof = Evidence("Procedure/1", "earlier ablation in the liver", "2025-09-01")
    one = judge(CARCINOMA | {facts.PRIOR_ABLATION: Finding(frozenset({True}), Reason.RECORDED, (proof,), ("a note",))})
    assert one.evidence["III"] == (proof,)
    assert "a note" in one.notes
    assert said(one) == (Outcome.COVERED, ("I.D.1.a", "III"))


NO_LISTING: Final = (
    "no transplant listing found: if the patient is listed for a liver transplant, say so and send again"
)


@pytest.mark.parametrize(
    ("known", "notes"),
    [
        pytest.param(CARCINOMA, (), id="covered"),
        pytest.param(CARCINOMA | {facts.LARGEST_TUMOR_CM: measures(6)}, (NO_LISTING,), id="denied, listing inferred"),
        pytest.param(
            CARCINOMA | {facts.LARGEST_TUMOR_CM: measures(6), facts.TRANSPLANT_STATUS: is_(Transplant.NOT_AWAITING)},
            (), id="denied, not awaiting by record",
        ),
        pytest.param(
            CARCINOMA | {facts.ECOG_GRADE: measures(3)},
            ("I.A.ecog is not met (as recorded); the other scale alone can still meet I.A",), id="one scale fails",
        ),
        pytest.param(
            CARCINOMA | {facts.ECOG_GRADE: measures(3), facts.KARNOFSKY_PERCENT: measures(80)},
            ("Karnofsky and ECOG disagree; one of them is enough (reading A3)",), id="scales disagree",
        ),
        pytest.param(
            CARCINOMA | {facts.HCC_CONFIRMED: Finding(frozenset({True}), notes=("mine",)),
                         facts.EXTRAHEPATIC_DISEASE: Finding(notes=("of another branch",))},
            ("mine",), id="notes of other branches are left out",
        ),
    ],
)  # fmt: skip
def test_notes_say_what_a_reader_must_know_beside_and_no_more(known: Known, notes: tuple[str, ...]) -> None:
    assert judge(known).notes == notes


@pytest.mark.parametrize(
    ("known", "beside"),
    [
        (CARCINOMA, ("I.D.1.b", "I.D.1.c", "I.D.1.d")),
        (BOTH, ("I.D.1.b", "I.D.1.c")),
        (FIT, ("I.D.1.a", "I.D.1.b", "I.D.1.c", "I.D.1.d")),
        (
            FIT | {facts.TREATED_TUMOR: Finding(established=False, hints=frozenset({Tumor.BREAST}))},
            ("I.D.1.a", "I.D.1.b", "I.D.1.c"),
        ),
    ],
)
def test_branches_that_have_no_part_in_the_answer_are_named(known: Known, beside: tuple[str, ...]) -> None:
    assert judge(known).beside == beside


def test_every_node_of_a_covered_order_has_its_answer_and_ii_is_the_opposite_of_i() -> None:
    answers = judge(CARCINOMA | {facts.PRIOR_ABLATION: YES}).answers
    assert {number: answers[number].word for number in ("I", "II", "III", "IV", "I.D", "I.D.1.a", "I.D.1.b")} == {
        "I": "met", "II": "not-met", "III": "met", "IV": "not-met", "I.D": "met", "I.D.1.a": "met",
        "I.D.1.b": "not-met",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("known", "hanging"),
    [
        pytest.param(CARCINOMA, set(), id="nothing is open"),
        pytest.param(CARCINOMA | {facts.CHILD_PUGH_POINTS: measures(12), facts.LOCATION_ACCESSIBLE: NOTHING}, set(),
                     id="it has failed already"),
        pytest.param(METASTASIS | {facts.TREATED_TUMOR: is_(Tumor.BREAST, Tumor.MELANOMA),
                                   facts.CHILD_PUGH_POINTS: measures(12)}, set(),
                     id="it has failed already, and melanoma is possible"),
        pytest.param(CARCINOMA | {facts.LOCATION_ACCESSIBLE: NOTHING}, {facts.LOCATION_ACCESSIBLE}, id="one is open"),
        pytest.param(BOTH | {facts.EXTRAHEPATIC_DISEASE: NOTHING}, {facts.TREATED_TUMOR, facts.EXTRAHEPATIC_DISEASE},
                     id="open behind a diagnosis that is open"),
        pytest.param(METASTASIS | {facts.TREATED_TUMOR: is_(Tumor.BREAST, Tumor.MELANOMA)}, {facts.TREATED_TUMOR},
                     id="melanoma is possible"),
    ],
)  # fmt: skip
def test_the_outcome_hangs_on_what_is_open_also_where_it_is_not_asked_yet(known: Known, hanging: set[Fact]) -> None:
    findings = {fact.name: finding for fact, finding in known.items()}
    four, one = (evaluate(REVISION.criterion(number), findings) for number in ("IV", "I"))
    assert {fact.name for fact in hanging_facts(four, one)} == {fact.name for fact in hanging}


def test_an_unlisted_tumor_and_an_attested_status_fail_beside_the_leaves() -> None:
    attested = Finding(frozenset({Transplant.NOT_AWAITING}), Reason.ATTESTED)
    one = judge(METASTASIS | {facts.EXTRAHEPATIC_DISEASE: is_(Spread.PRESENT), facts.TRANSPLANT_STATUS: attested})
    assert said(one) == (Outcome.NOT_COVERED, ("II", "I.D.1.d.iii", "I.D.2.listed"))


def test_beside_a_failed_score_the_failures_of_the_one_branch_in_question_are_told() -> None:
    listed_or_not = {facts.TRANSPLANT_STATUS: EITHER, facts.BRIDGE_INTENT: NOTHING}
    failed = CARCINOMA | {facts.CHILD_PUGH_POINTS: measures(12), facts.LARGEST_TUMOR_CM: measures(6)} | listed_or_not
    assert said(judge(failed)) == (Outcome.NOT_COVERED, ("II", "I.C", "I.D.1.a.iii"))
    two = failed | BOTH | {facts.CHILD_PUGH_POINTS: measures(12), facts.LARGEST_TUMOR_CM: measures(6)} | listed_or_not
    assert said(judge(two)) == (Outcome.NOT_COVERED, ("II", "I.C"))


def test_an_unlisted_code_nobody_could_read_the_form_for_is_undetermined_with_advice_for_the_claim() -> None:
    order = OrderLine("ServiceRequest/1", Governed(codes.UNLISTED), LineOfBusiness.COMMERCIAL, is_form_unread=True)
    one = determine(order, {})
    assert one is not None
    assert (said(one), one.missing) == ((Outcome.UNDETERMINED, ("order.detail-code",)), ())
    assert one.claim_notes == (UNLISTED_OPEN,)
