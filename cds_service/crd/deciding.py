"""From a determination to what the payer states of the order (policy 151 verdicts; CRD 2.2.1, coverage-information)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from cds_service.crd.assertion import assertion_id
from cds_service.crd.billing import billing_codes
from cds_service.crd.decision import (
    AUTH_NEEDED,
    CONDITIONAL,
    COVERED,
    DETAIL_CODE,
    INDETERMINATE,
    NO_AUTH,
    NOT_COVERED,
    OTHER,
    PERFORMER,
    POLICY_LINK,
    SATISFIED,
    WITH_PRIOR_AUTHORIZATION,
    CoverageDecision,
    Covered,
    Detail,
)  # fmt: skip
from cds_service.crd.prior_authorization import Grants, PriorAuthorization, prior_authorization
from cds_service.crd.terms import PlanTable
from cds_service.crd.unresolved import is_resolved, unresolved
from cds_service.crd.wording import ASK_THE_PLAN, DETAIL_OPEN, NO_RULE, instruct, instructions, reason
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.coverage import Resolved
from fhir_mappings.elements import reference_id
from fhir_mappings.order_reads import DraftOrder

_COVERED: Final[Mapping[Outcome, Covered]] = {
    Outcome.COVERED: COVERED,
    Outcome.NOT_COVERED: NOT_COVERED,
    Outcome.MISSING: CONDITIONAL,
    Outcome.REFER: INDETERMINATE,
    Outcome.NO_CRITERION: INDETERMINATE,
    Outcome.UNDETERMINED: INDETERMINATE,
}
_ORDER_UNCLEAR: Final = frozenset({DETAIL_OPEN, "V.guard", "VII.guard"})
"""Verdict rule V3: the code alone does not say what is ordered, or for what."""


@dataclass(frozen=True, slots=True)
class Case:
    """One order to be stated on: whose, under which Coverages, and what the policy says of it.

    No determination: no policy addresses the order. `policy_url` leads to the deciding criterion; `questionnaires`
    are canonicals, with version, of the forms that supply what is missing; `grants` the prior authorizations on file,
    None where they could not be read; `dependencies` the orders the determination rests on. On secondary hooks
    (`is_primary` false) no documentation is asked for (hook-19).
    """

    patient_id: str
    order: DraftOrder
    coverage: Resolved
    determination: Determination | None = None
    policy_url: str = ""
    questionnaires: tuple[str, ...] = ()
    grants: Grants | None = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    is_primary: bool = True


def decide(case: Case, plan: PlanTable, on: date, *, names_version: bool) -> tuple[CoverageDecision, ...]:
    """What is stated of an order, once for each Coverage; nothing without a Coverage the client can refer to.

    Clients that name no version of CRD may be spared the default statement (`default_statement = "none"`).
    """
    coverages = [c.reference for c in case.coverage.coverages if reference_id(c.reference)[0] == "Coverage"]
    if case.determination is None and plan.default_statement == "none" and not names_version:
        return ()
    if is_resolved(case.coverage.standing):
        drafts = [_under(one, case, plan, on) for one in coverages]
    else:
        drafts = [unresolved(one, case.coverage.standing, on) for one in coverages]
    return tuple(_traced(_with_contact(draft, plan), case) for draft in drafts)


def _under(coverage: str, case: Case, plan: PlanTable, on: date) -> CoverageDecision:
    codes = billing_codes(case.order.body)
    determination = case.determination
    stated = _by_policy(determination, coverage, case, on) if determination else _by_default(coverage, on)
    stated = replace(stated, billing_codes=codes, dependencies=case.dependencies)
    if stated.covered == NOT_COVERED:
        return replace(stated, expiry=_expiry(stated, plan, None))
    return _authorized(stated, prior_authorization(codes, plan.authorizations, case.grants), plan)


def _authorized(stated: CoverageDecision, found: PriorAuthorization, plan: PlanTable) -> CoverageDecision:
    is_for_it = stated.doc_needed and found.needed in (AUTH_NEEDED, PERFORMER)
    return replace(
        stated,
        pa_needed=found.needed,
        satisfied_pa_id=found.number,
        reasons=(*stated.reasons, *found.reasons),
        doc_purpose=(WITH_PRIOR_AUTHORIZATION,) if is_for_it else (),
        expiry=_expiry(stated, plan, found.ends),
    )


def _expiry(stated: CoverageDecision, plan: PlanTable, authorization_ends: date | None) -> date | None:
    """The last day it holds: what could not be determined is given no time, an authorization on file has its own."""
    is_timed = plan.valid_days is not None and stated.covered != INDETERMINATE
    by_plan = stated.stated_on + timedelta(days=plan.valid_days or 0) if is_timed else None
    return min((day for day in (by_plan, authorization_ends) if day), default=None)


def _with_contact(decision: CoverageDecision, plan: PlanTable) -> CoverageDecision:
    """Whom to ask, only where something is left to ask: a contact is for the case, not for the payer as a whole."""
    is_plain = decision.covered == COVERED and decision.pa_needed in (NO_AUTH, SATISFIED)
    return decision if is_plain else replace(decision, contact=plan.contact)


def _by_default(coverage: str, on: date) -> CoverageDecision:
    return CoverageDecision(
        coverage, CONDITIONAL, on, info_needed=(OTHER,), reasons=(NO_RULE,), details=(instruct(ASK_THE_PLAN),)
    )  # fmt: skip


def _by_policy(determination: Determination, coverage: str, case: Case, on: date) -> CoverageDecision:
    decision = CoverageDecision(
        coverage,
        _COVERED[determination.outcome],
        on,
        reasons=(reason(determination, case.coverage.line_of_business),),
        details=(*_link(determination, case.policy_url), *instructions(determination, is_primary=case.is_primary)),
    )
    if determination.outcome is not Outcome.MISSING:
        return decision
    is_unclear = not _ORDER_UNCLEAR.isdisjoint(determination.criteria)
    return replace(
        decision,
        doc_needed=("clinical",) if case.is_primary else (),
        info_needed=(DETAIL_CODE if is_unclear else OTHER,),
        questionnaires=case.questionnaires if case.is_primary else (),
    )


def _link(determination: Determination, url: str) -> tuple[Detail, ...]:
    if not url or determination.outcome not in (Outcome.COVERED, Outcome.NOT_COVERED):
        return ()
    return (Detail("cat-other", POLICY_LINK, "Url", url),)


def _traced(decision: CoverageDecision, case: Case) -> CoverageDecision:
    determination = case.determination
    revision = f"{determination.policy}/{determination.revision}" if determination else ""
    return replace(decision, assertion_id=assertion_id(case.patient_id, case.order.body, revision, decision))
