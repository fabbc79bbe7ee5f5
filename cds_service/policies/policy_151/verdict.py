"""Verdict rules V1 to V8 of policy 151, for one order line; the first that applies decides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cds_service.policies.policy_151 import codes_2025_05_06 as codes
from cds_service.policies.policy_151.coding_notes import PA_ADVICE, UNLISTED_DENIAL, UNLISTED_OPEN
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policies.policy_151.questions import DETAIL_QUESTION, question_on
from cds_service.policies.policy_151.reporting import (
    BRANCHES,
    deeper_leaves,
    evidence_of,
    failed_leaves,
    met_paths,
    notes_of,
    open_leaves,
    relevant_branches,
    unread_leaves,
)  # fmt: skip
from cds_service.policy.answers import Answer
from cds_service.policy.determination import Determination, OpenQuestion, Outcome
from cds_service.policy.evaluation import Answered, Findings, evaluate
from cds_service.policy.revision import Revision
from fhir_mappings.facts import PRIOR_ABLATION
from fhir_mappings.finding import Evidence, Finding, LineOfBusiness


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What the verdict needs to know of the order itself, and the text it is judged by."""

    reference: str
    governed: codes.Governed
    line_of_business: LineOfBusiness
    coverage_evidence: tuple[Evidence, ...] = ()
    is_form_unread: bool = False
    notes: tuple[str, ...] = ()
    revision: Revision = REVISION


def determine(line: OrderLine, findings: Findings) -> Determination | None:
    """Judge one order line; None when the policy does not address it (V1)."""
    judged = _judge(line, findings)
    if judged is None or line.line_of_business not in (LineOfBusiness.MEDICAID, LineOfBusiness.MEDICARE):
        return judged
    evidence = {**judged.evidence, "order.line-of-business": line.coverage_evidence}
    return replace(
        judged,
        outcome=Outcome.REFER,
        advisory=judged.outcome,
        criteria=("order.line-of-business",),
        advice=(*judged.criteria, *judged.advice),
        evidence={number: proofs for number, proofs in evidence.items() if proofs},
    )


def _judge(line: OrderLine, findings: Findings) -> Determination | None:
    by = line.governed.by
    if by == codes.NOT_ADDRESSED:
        return None
    if by == codes.NO_CRITERION:
        return _plain(line, Outcome.NO_CRITERION, ("no-criterion",))
    if by == codes.UNLISTED and line.is_form_unread:  # it may say what the code stands for
        return replace(_plain(line, Outcome.UNDETERMINED, (DETAIL_QUESTION.criterion,)), claim_notes=(UNLISTED_OPEN,))
    if by == codes.UNLISTED:
        asked = _plain(line, Outcome.MISSING, (DETAIL_QUESTION.criterion,), (DETAIL_QUESTION,))
        return replace(asked, claim_notes=(UNLISTED_OPEN,))
    if by == codes.ABLATION:
        return _ablation(line, findings)
    return _never_covered(line, findings)


def _plain(
    line: OrderLine, outcome: Outcome, criteria: tuple[str, ...], missing: tuple[OpenQuestion, ...] = ()
) -> Determination:
    return Determination(
        order=line.reference,
        policy=line.revision.number,
        revision=line.revision.id,
        outcome=outcome,
        criteria=criteria,
        missing=missing,
        evidence={criteria[0]: (Evidence(line.reference, "the code that is ordered"),)},
        notes=line.notes,
    )


def _never_covered(line: OrderLine, findings: Findings) -> Determination | None:
    """V to IX: no patient criteria, once the order is for a liver tumor at all (V3, V4)."""
    by = line.governed.by
    own = Evidence(line.reference, "the code that is ordered")
    if line.governed.needs_indication:
        answered = evaluate(line.revision.criterion(f"{by}.guard"), findings)
        if answered.answer is Answer.NOT_MET:
            return None
        if answered.answer is Answer.UNKNOWN:
            return _guard_open(line, answered)
        own_evidence = {by: (own,), answered.id: answered.finding.evidence}
        answers = {answered.id: Answer.MET, by: Answer.MET}
    else:
        own_evidence, answers = {by: (own,)}, {by: Answer.MET}
    return replace(
        _plain(line, Outcome.NOT_COVERED, (by,)),
        answers=answers,
        evidence={number: proofs for number, proofs in own_evidence.items() if proofs},
        claim_notes=(UNLISTED_DENIAL,) if line.governed.is_unlisted else (),
    )


def _guard_open(line: OrderLine, guard: Answered) -> Determination:
    unread = bool(guard.finding.unread)
    question = question_on(guard)
    return replace(
        _plain(
            line,
            Outcome.UNDETERMINED if unread else Outcome.MISSING,
            (guard.id,),
            () if unread else (question,),
        ),
        answers={guard.id: Answer.UNKNOWN},
        evidence={},
        notes=(*guard.finding.notes, *line.notes),
    )


def _ablation(line: OrderLine, findings: Findings) -> Determination:
    """V5 to V8: criterion IV, then I and with it II; III labels a repeat."""
    four, one = evaluate(line.revision.criterion("IV"), findings), evaluate(line.revision.criterion("I"), findings)
    prior = findings.get(PRIOR_ABLATION.name, Finding())
    repeat = prior.possible == frozenset({True})
    outcome, criteria, missing = _outcome(four, one, findings, repeat)
    return Determination(
        order=line.reference,
        policy=line.revision.number,
        revision=line.revision.id,
        outcome=outcome,
        criteria=criteria,
        missing=missing,
        repeat=repeat,
        beside=tuple(branch for branch in BRANCHES if branch not in relevant_branches(findings)),
        answers=_answers(four, one, repeat),
        evidence=evidence_of((four, one), {"III": prior.evidence} if repeat else {}),
        notes=(*notes_of(four, one, findings, outcome), *prior.notes, *line.notes),
        claim_notes=(PA_ADVICE,) if line.governed.is_unlisted else (),
    )


def outcome_of(four: Answer, one: Answer) -> Outcome:
    """What criteria IV and I come to (V5 to V8), as far as everything could be read."""
    if four is Answer.MET or one is Answer.NOT_MET:
        return Outcome.NOT_COVERED
    return Outcome.COVERED if one is Answer.MET and four is Answer.NOT_MET else Outcome.MISSING


def _outcome(
    four: Answered, one: Answered, findings: Findings, repeat: bool
) -> tuple[Outcome, tuple[str, ...], tuple[OpenQuestion, ...]]:
    outcome = outcome_of(four.answer, one.answer)
    if outcome is Outcome.COVERED:
        return outcome, (*met_paths(one, findings), *(("III",) if repeat else ())), ()
    if outcome is Outcome.NOT_COVERED:
        return outcome, ("IV",) if four.answer is Answer.MET else ("II", *failed_leaves(one, findings)), ()
    open_ = open_leaves(four, one, findings)
    unread = unread_leaves([*open_, *deeper_leaves(one, findings)])
    if unread:
        return Outcome.UNDETERMINED, _ids(unread), ()
    return Outcome.MISSING, _ids(open_), tuple(question_on(node) for node in open_)


def _ids(nodes: Iterable[Answered]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.id for node in nodes))


def _answers(four: Answered, one: Answered, repeat: bool) -> dict[str, Answer]:
    tree = {node.id: node.answer for tree in (one, four) for node in tree.walk() if node.published}
    tree["II"] = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}.get(one.answer, Answer.UNKNOWN)
    if repeat:
        tree["III"] = one.answer
    return tree
