"""From a determination to what the payer states of the order (policy 151 verdicts; CRD 2.2.1, coverage-information)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from cds_service.crd.assertion import assertion_id
from cds_service.crd.billing import billing_codes
from cds_service.crd.decision import (
    CONDITIONAL,
    COVERED,
    DETAIL_CODE,
    INDETERMINATE,
    NOT_COVERED,
    OTHER,
    POLICY_LINK,
    WITH_PRIOR_AUTHORIZATION,
    BillingCode,
    Contact,
    CoverageDecision,
    Covered,
    Detail,
)  # fmt: skip
from cds_service.crd.wording import ASK_THE_PLAN, NO_RULE, SEVERAL, instruct, instructions, reason
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.coverage import Resolved
from fhir_mappings.elements import reference_id
from fhir_mappings.order_reads import DraftOrder

Authorization = Literal["no-auth", "auth-needed", "performpa"]

_COVERED: Final[Mapping[Outcome, Covered]] = {
    Outcome.COVERED: COVERED,
    Outcome.NOT_COVERED: NOT_COVERED,
    Outcome.MISSING: CONDITIONAL,
    Outcome.REFER: INDETERMINATE,
    Outcome.NO_CRITERION: INDETERMINATE,
    Outcome.UNDETERMINED: INDETERMINATE,
}
_STRICTEST_FIRST: Final[tuple[Authorization, ...]] = ("auth-needed", "performpa", "no-auth")
_ORDER_UNCLEAR: Final = frozenset({"order.detail-code", "V.guard", "VII.guard"})
"""Verdict rule V3: the code alone does not say what is ordered, or for what."""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """What a plan states by itself: prior authorization by code, the statement for orders outside every policy."""

    authorizations: Mapping[str, Authorization] = field(default_factory=dict)
    default_statement: Literal["conditional", "none"] = "conditional"
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One order to be stated on: whose, under which Coverages, and what the policy says of it.

    No determination: no policy addresses the order. `policy_url` leads to the deciding criterion; `questionnaires`
    are canonicals, with version, of the forms that supply what is missing. On secondary hooks (`is_primary` false)
    no documentation is asked for (hook-19).
    """

    patient_id: str
    order: DraftOrder
    coverage: Resolved
    determination: Determination | None = None
    policy_url: str = ""
    questionnaires: tuple[str, ...] = ()
    expiry: date | None = None
    is_primary: bool = True


def decide(case: Case, plan: PlanTable, on: date, *, names_version: bool) -> tuple[CoverageDecision, ...]:
    """What is stated of an order, once for each Coverage; nothing without a Coverage the client can refer to.

    Clients that name no version of CRD may be spared the default statement (`default_statement = "none"`).
    """
    coverages = [c.reference for c in case.coverage.coverages if reference_id(c.reference)[0] == "Coverage"]
    if case.determination is None and plan.default_statement == "none" and not names_version:
        return ()
    if len(case.coverage.coverages) > 1:
        drafts = [CoverageDecision(one, NOT_COVERED, on, reasons=(SEVERAL,)) for one in coverages]
    else:
        drafts = [_under(one, case, plan, on) for one in coverages]
    return tuple(_traced(replace(draft, contact=plan.contact), case) for draft in drafts)


def _under(coverage: str, case: Case, plan: PlanTable, on: date) -> CoverageDecision:
    codes = billing_codes(case.order.body)
    determination = case.determination
    stated = _by_policy(determination, coverage, case, on) if determination else _by_default(coverage, on)
    stated = replace(stated, billing_codes=codes, expiry=case.expiry)
    if stated.covered == NOT_COVERED:
        return stated
    authorization = _authorization(codes, plan)
    is_for_it = stated.doc_needed and authorization in ("auth-needed", "performpa")
    return replace(
        stated, pa_needed=authorization, doc_purpose=(WITH_PRIOR_AUTHORIZATION,) if is_for_it else ()
    )  # fmt: skip


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
        details=(*_link(determination, case.policy_url), *instructions(determination)),
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


def _authorization(codes: tuple[BillingCode, ...], plan: PlanTable) -> str:
    """What the plan asks for these codes; of several the strictest. Not in its table: nothing is stated."""
    asked = {plan.authorizations[c.code] for c in codes if c.code in plan.authorizations}
    return next((word for word in _STRICTEST_FIRST if word in asked), "")


def _traced(decision: CoverageDecision, case: Case) -> CoverageDecision:
    determination = case.determination
    revision = f"{determination.policy}/{determination.revision}" if determination else ""
    return replace(decision, assertion_id=assertion_id(case.patient_id, case.order.body, revision, decision))
