"""The use case: each order in scope, over the patient's record, becomes a determination."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cds_service.check import Check, Line, lines_of
from cds_service.coverage_standing import under_coverage
from cds_service.hook_request import DraftOrder, HookRequest
from cds_service.named_orders import find_named, may_be_addressed, unread_order
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, UNLISTED, Governed, governing
from cds_service.policies.policy_151.effective_2025_05_06 import INDICATED, IV, REVISION, I
from cds_service.policies.policy_151.verdict import OrderLine, determine
from cds_service.policy.criteria import facts_of
from cds_service.policy.determination import Determination
from cds_service.policy.evaluation import Findings
from cds_service.reading import read_for, source_of
from fhir_mappings.chart import Chart, open_chart
from fhir_mappings.coverage import Resolved, Standing
from fhir_mappings.dates import seen
from fhir_mappings.facts import PRIOR_ABLATION
from fhir_mappings.finding import Fact
from fhir_mappings.findings import read_findings
from fhir_mappings.orders import Order
from fhir_mappings.prefetch import COVERAGE
from fhir_mappings.record import PatientRecord
from fhir_mappings.statements import STATEMENT_TYPES

__all__ = ["Check", "Checked", "Judged", "check_orders"]

_SEVERAL_NOTE: Final = (
    "several active coverages of this payer are known and none of them is named: the plan states coverage as not "
    "resolved until the order's insurance names one"
)
_ABLATION_FACTS: Final = facts_of(I) | facts_of(IV) | {PRIOR_ABLATION}


@dataclass(frozen=True, slots=True)
class Judged:
    """An order line with its determination and the coverage it was judged under.

    `line` and `findings` are what the policy was asked with; None and empty for an order that could not be read.
    """

    order: Order
    determination: Determination
    coverage: Resolved
    line: OrderLine | None = None
    findings: Findings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The order lines a policy addresses, the record they were judged by, and the coverage of every line.

    `orders` are all that were sent, and found where they were only named; one that could not be read has an empty
    body. `coverages` has one entry for each, in their order; none where no record was needed.
    """

    orders: tuple[DraftOrder, ...] = ()
    judged: tuple[Judged, ...] = ()
    record: PatientRecord | None = None
    coverages: tuple[Resolved, ...] = ()

    def determination_of(self, order: DraftOrder) -> Determination | None:
        """What a policy says of an order; None when none addresses it. Two may come under one id: each has its own."""
        return next((one.determination for one in self.judged if one.order.body is order.body), None)

    @property
    def is_coverage_unread(self) -> bool:
        """Whether reading the patient's Coverages failed, so that finding none says nothing."""
        if self.record is None:
            return False
        failed = any(read.resource_type == "Coverage" and read.result != "ok" for read in self.record.reads)
        return failed or not self.record.was_read("Coverage")


def check_orders(
    request: HookRequest, check: Check, today: date, fhir_servers: tuple[str, ...], always_read_coverage: bool = False
) -> Checked:
    """Judge every order a policy addresses, each by itself; only the FHIR servers given may be read.

    Coverage is read for orders no policy addresses too when it came by prefetch, or when it is always to be read.

    Raises RecordNeeded when one of them needs the clinical record and nothing of it was sent or can be asked for.
    """
    source = source_of(request, check, fhir_servers)
    found = find_named(request, source, check.client)
    drafts = (*request.orders, *found.orders, *(DraftOrder(b"", {}, reference) for reference in found.unread))
    lines = lines_of(drafts)
    is_asked = always_read_coverage or COVERAGE.key in request.prefetch or bool(found.unread)
    if not any(line.is_addressed for line in lines) and not (drafts and is_asked):
        return Checked(drafts)
    record, coverages = read_for(lines, source, check, today)
    covered = [(line, one) for line, one in zip(lines, coverages, strict=True) if check.is_in_force(one.payer)]
    case = _Case(
        record, tuple(line.order for line in (*lines, *lines_of(request.background)) if line.order), check, today
    )
    judged = (*_judged(covered, case), *_unread(covered, found.unread))
    return Checked(drafts, judged, record, coverages)


@dataclass(frozen=True, slots=True)
class _Case:
    """What every order of a call is judged over: the record, and all orders that stand side by side."""

    record: PatientRecord
    orders: tuple[Order, ...]
    check: Check
    today: date


def _judged(covered: Iterable[tuple[Line, Resolved]], case: _Case) -> Iterator[Judged]:
    for line, coverage in covered:
        found = _judge(line.order, coverage, case) if line.order and line.is_addressed else None
        if found is not None:
            yield found


def _unread(covered: Iterable[tuple[Line, Resolved]], unread: Mapping[str, str]) -> Iterator[Judged]:
    """The orders that were named and could not be read: what they are is open."""
    for line, coverage in covered:
        reference = line.draft.reference
        if reference in unread and may_be_addressed(reference):
            yield Judged(line.as_order(), unread_order(reference, unread[reference]), coverage)


def _judge(order: Order, coverage: Resolved, case: _Case) -> Judged | None:
    others = tuple(o for o in case.orders if o is not order)
    chart = open_chart(case.record, order, others, case.today, case.check.windows)
    return judge_by(_governing(order, chart), chart, coverage)


def judge_by(governed: Governed, chart: Chart, coverage: Resolved) -> Judged | None:
    """Judge the order of a chart by what governs it; None when the policy turns out not to address it."""
    order, findings = chart.order, read_findings(chart, _facts(governed))
    line = OrderLine(
        reference=order.reference,
        governed=governed,
        line_of_business=coverage.line_of_business,
        coverage_evidence=tuple(seen(c, "coverage") for c in coverage.coverages),
        is_form_unread=not chart.record.was_read(*STATEMENT_TYPES),
        notes=_notes(order, chart, coverage, governed),
    )
    determination = determine(line, findings)
    if determination is None:
        return None
    return Judged(order, under_coverage(determination, coverage), coverage, line, findings)


def _governing(order: Order, chart: Chart) -> Governed:
    plain = governing(order.service)
    if plain.by != UNLISTED:
        return plain
    stated = chart.stated("ablation-modality", chart.windows.statement_days)
    return governing(order.service, stated.value if isinstance(stated.value, str) else "")


def _facts(governed: Governed) -> frozenset[Fact]:
    if governed.by == ABLATION:
        return frozenset(_ABLATION_FACTS)
    return facts_of(INDICATED[governed.by]) if governed.needs_indication else frozenset()


def _notes(order: Order, chart: Chart, coverage: Resolved, governed: Governed) -> tuple[str, ...]:
    """What a reader must know beside: dates, coverage, and for criteria on the patient what was not read."""
    ordered_on = order.when.earliest if order.when else chart.today
    dated = REVISION.note_on_date(ordered_on)
    notes = [*([dated] if dated else []), *coverage.notes]
    if coverage.standing is Standing.SEVERAL:
        notes.append(_SEVERAL_NOTE)
    if governed.by == ABLATION or governed.needs_indication:
        notes += chart.record.notes
        notes += [f"{kind} was not read: {why}" for kind, why in sorted(chart.record.unread.items())]
    if order.body.get("modifierExtension"):
        notes.append("the order carries a modifier this service does not know; it was judged by the rest")
    return tuple(dict.fromkeys(notes))
