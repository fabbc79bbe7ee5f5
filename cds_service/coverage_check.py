"""The use case: each order in scope, over the patient's record, becomes a determination."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cds_service.errors import RecordNeeded
from cds_service.hook_request import DraftOrder, HookRequest
from cds_service.named_orders import find_named, may_be_addressed, partial_keys, unread_order
from cds_service.policies.policy_151.codes_2025_05_06 import (
    ABLATION,
    NOT_ADDRESSED,
    UNLISTED,
    Governed,
    governing,
)  # fmt: skip
from cds_service.policies.policy_151.effective_2025_05_06 import INDICATED, IV, REVISION, I
from cds_service.policies.policy_151.verdict import OrderLine, determine
from cds_service.policy.criteria import facts_of
from cds_service.policy.determination import Determination
from cds_service.policy.evaluation import Findings
from fhir_mappings.chart import Chart, Windows, open_chart
from fhir_mappings.client import Access, FhirClient, is_allowed
from fhir_mappings.coverage import Payer, Resolved, resolve_coverage
from fhir_mappings.dates import seen
from fhir_mappings.facts import PRIOR_ABLATION
from fhir_mappings.finding import Fact
from fhir_mappings.findings import read_findings
from fhir_mappings.gathering import NOT_SENT, NOTHING_HELD, Held, Source, deadline_in, gather
from fhir_mappings.orders import Order, line_of, read_order
from fhir_mappings.prefetch import CLINICAL, COVERAGE, Search
from fhir_mappings.record import CORE_TYPES, PatientRecord
from fhir_mappings.statements import STATEMENT_TYPES

_ABLATION_FACTS: Final = facts_of(I) | facts_of(IV) | {PRIOR_ABLATION}


@dataclass(frozen=True, slots=True)
class Check:
    """How orders are judged here: the payers, the age limits, the time for reads, which hosts may be read at all."""

    payers: tuple[Payer, ...]
    windows: Windows
    fhir_deadline_seconds: float
    client: FhirClient
    may_contact: Callable[[str], bool]


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


def nothing_held() -> Held:
    """No form was submitted here."""
    return NOTHING_HELD


def check_orders(  # noqa: PLR0913, PLR0917
    request: HookRequest, check: Check, today: date, fhir_servers: tuple[str, ...], always_read_coverage: bool = False,
    forms_held: Callable[[], Held] = nothing_held,
) -> Checked:  # fmt: skip
    """Judge every order a policy addresses, each by itself; only the FHIR servers given may be read.

    `forms_held` are the patient's forms that were submitted here, asked for when an order needs the record.
    Coverage is read for orders no policy addresses too when it came by prefetch, or when it is always to be read.

    Raises RecordNeeded when one of them needs the clinical record and nothing of it was sent or can be asked for.
    """
    source = source_of(request, check, fhir_servers)
    found = find_named(request, source, check.client)
    drafts = (*request.orders, *found.orders, *(DraftOrder(b"", {}, reference) for reference in found.unread))
    orders = _read(drafts)
    others = _read(request.background)
    governed = [(order, governing(order.service)) for order in orders]
    in_scope = [(order, by) for order, by in governed if by.by != NOT_ADDRESSED]
    is_asked = always_read_coverage or COVERAGE.key in request.prefetch or bool(found.unread)
    if not in_scope and not (drafts and is_asked):
        return Checked(drafts)
    searches = _searches(by for _, by in in_scope)
    held = forms_held() if searches else NOTHING_HELD
    record = gather(replace(source, held=held), (COVERAGE, *searches), check.client)
    _refuse_without_record(record, searches)
    lines = [line_of(draft.body, draft.reference) for draft in drafts]
    coverages = tuple(resolve_coverage(record, line, check.payers, today) for line in lines)
    judged = [_judge(order, (*orders, *others), record, check, today) for order, _ in in_scope]
    judged += [
        Judged(line, unread_order(line.reference, found.unread[line.reference]), coverage)
        for line, coverage in zip(lines, coverages, strict=True)
        if may_be_addressed(line.reference) and line.reference in found.unread
    ]
    return Checked(drafts, tuple(one for one in judged if one is not None), record, coverages)


def _read(drafts: Iterable[DraftOrder]) -> tuple[Order, ...]:
    return tuple(order for draft in drafts if (order := read_order(draft.body, draft.reference)))


def source_of(request: HookRequest, check: Check, fhir_servers: tuple[str, ...]) -> Source:
    """Where the record of a call may come from."""
    access = None
    if is_allowed(request.fhir_server, fhir_servers) and check.may_contact(request.fhir_server):
        access = Access(request.fhir_server, request.access_token)
    deadline = deadline_in(check.fhir_deadline_seconds)
    return Source(request.patient_id, request.prefetch, access, deadline, partial_keys(request.hook))


def _searches(governed: Iterable[Governed]) -> tuple[Search, ...]:
    """What must be read for these criteria: some need nothing of the patient, some no more than diagnoses."""
    listed = list(governed)
    if any(g.by in (ABLATION, UNLISTED) for g in listed):
        return CLINICAL
    if any(g.needs_indication for g in listed):
        return tuple(s for s in CLINICAL if s.resource_type in ("Condition", "BodyStructure"))
    return ()


def _refuse_without_record(record: PatientRecord, searches: tuple[Search, ...]) -> None:
    core = [s for s in searches if s.is_core]
    if len(core) < len(CORE_TYPES) or any(record.unread.get(s.resource_type) != NOT_SENT for s in core):
        return
    keys = ", ".join(s.key for s in core)
    raise RecordNeeded(
        f"an order needs the clinical record: send the prefetch keys {keys}, or a fhirServer this service may read",
        "$.prefetch",
    )


def _judge(order: Order, orders: tuple[Order, ...], record: PatientRecord, check: Check, today: date) -> Judged | None:
    others = tuple(o for o in orders if o is not order)
    chart = open_chart(record, order, others, today, check.windows)
    return judge_by(governing_in(chart), chart, check)


def judge_by(governed: Governed, chart: Chart, check: Check) -> Judged | None:
    """Judge the order of a chart by what governs it; None when the policy turns out not to address it."""
    order, record = chart.order, chart.record
    coverage = resolve_coverage(record, order, check.payers, chart.today)
    findings = read_findings(chart, facts_asked(governed))
    line = OrderLine(
        reference=order.reference,
        governed=governed,
        line_of_business=coverage.line_of_business,
        coverage_evidence=tuple(seen(c, "coverage") for c in coverage.coverages),
        is_form_unread=not record.was_read(*STATEMENT_TYPES),
        notes=_notes(order, chart, coverage, governed),
    )
    determination = determine(line, findings)
    return None if determination is None else Judged(order, determination, coverage, line, findings)


def governing_in(chart: Chart) -> Governed:
    """Which criterion governs the order of a chart: an unlisted code may stand for what the form says."""
    plain = governing(chart.order.service)
    if plain.by != UNLISTED:
        return plain
    stated = chart.stated("ablation-modality", chart.windows.statement_days)
    return governing(chart.order.service, stated.value if isinstance(stated.value, str) else "")


def facts_asked(governed: Governed) -> frozenset[Fact]:
    """What must be known of the patient for a criterion."""
    if governed.by == ABLATION:
        return frozenset(_ABLATION_FACTS)
    return facts_of(INDICATED[governed.by]) if governed.needs_indication else frozenset()


def _notes(order: Order, chart: Chart, coverage: Resolved, governed: Governed) -> tuple[str, ...]:
    """What a reader must know beside: dates, coverage, and for criteria on the patient what was not read."""
    ordered_on = order.when.earliest if order.when else chart.today
    dated = REVISION.note_on_date(ordered_on)
    notes = [*([dated] if dated else []), *coverage.notes]
    if governed.by == ABLATION or governed.needs_indication:
        notes += chart.record.notes
        notes += [f"{kind} was not read: {why}" for kind, why in sorted(chart.record.unread.items())]
    if order.body.get("modifierExtension"):
        notes.append("the order carries a modifier this service does not know; it was judged by the rest")
    return tuple(dict.fromkeys(notes))
