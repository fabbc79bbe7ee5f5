"""Judge one order over a patient's record: what a hook call, the console and a batch have in common."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from cds_service.coverage_standing import under_coverage
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, UNLISTED, Governed, governing
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policies.policy_151.verdict import OrderLine, determine
from cds_service.policy.criteria import facts_of
from cds_service.policy.determination import Determination, Outcome
from cds_service.policy.evaluation import Findings
from cds_service.policy.revision import Revision
from fhir_mappings.chart import Chart, Windows, open_chart
from fhir_mappings.coverage import Resolved, Standing
from fhir_mappings.dates import seen
from fhir_mappings.facts import PRIOR_ABLATION
from fhir_mappings.finding import Fact
from fhir_mappings.findings import read_findings
from fhir_mappings.orders import Order
from fhir_mappings.payers import Payer, is_in_force
from fhir_mappings.record import PatientRecord
from fhir_mappings.statements import STATEMENT_TYPES

_SEVERAL_NOTE: Final = (
    "several active coverages of this payer are known and none of them is named: the plan states coverage as not "
    "resolved until the order's insurance names one"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms orders are judged: the payers answered for, the age limits, the day, the text in force."""

    payers: tuple[Payer, ...]
    windows: Windows
    today: date
    revision: Revision = REVISION

    def is_in_force(self, payer: Payer | None) -> bool:
        """Whether the policy is in force under a payer; while the payer is not known, whether it may be."""
        return is_in_force(self.revision.number, payer, self.payers)


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

    @property
    def denies(self) -> bool:
        """Whether coverage is denied, or would be by the criteria where nobody decides by them."""
        return Outcome.NOT_COVERED in (self.determination.outcome, self.determination.advisory)


def judge(
    order: Order, others: tuple[Order, ...], record: PatientRecord, coverage: Resolved, terms: Terms
) -> Judged | None:
    """Judge one order, with those signed beside it in view; None when the policy does not address it."""
    chart = open_chart(record, order, others, terms.today, terms.windows)
    judged = judge_by(governing_in(chart), chart, coverage, terms.revision)
    if judged and record.withheld and judged.denies:
        return judge(order, others, record.with_withheld_unread(), coverage, terms)  # no denial for what was withheld
    return judged


def judge_by(governed: Governed, chart: Chart, coverage: Resolved, revision: Revision = REVISION) -> Judged | None:
    """Judge the order of a chart by what governs it; None when the policy turns out not to address it."""
    findings = read_findings(chart, facts_asked(governed, revision))
    line = OrderLine(
        reference=chart.order.reference,
        governed=governed,
        line_of_business=coverage.line_of_business,
        coverage_evidence=tuple(seen(c, "coverage") for c in coverage.coverages),
        is_form_unread=not chart.record.was_read(*STATEMENT_TYPES),
        notes=_notes(chart, coverage, governed, revision),
        revision=revision,
    )
    determination = determine(line, findings)
    if determination is None:
        return None
    return Judged(chart.order, under_coverage(determination, coverage), coverage, line, findings)


def reconsider(judged: Judged, assumed: Findings) -> Determination | None:
    """What the policy would say if these facts were so, all else as it was; None where it would not speak at all."""
    if judged.line is None or not assumed:
        return judged.determination
    found = determine(judged.line, {**judged.findings, **assumed})
    return None if found is None else under_coverage(found, judged.coverage)


def governing_in(chart: Chart) -> Governed:
    """Which criterion governs the order of a chart: an unlisted code may stand for what the form says."""
    service = chart.order.service
    plain = governing(service)
    if plain.by != UNLISTED:
        return plain
    stated = chart.stated("ablation-modality", chart.windows.statement_days)
    return governing(service, stated.value if isinstance(stated.value, str) else "")


@cache
def facts_asked(governed: Governed, revision: Revision = REVISION) -> frozenset[Fact]:
    """What must be known of the patient for a criterion."""
    if governed.by == ABLATION:
        return facts_of(revision.criterion("I")) | facts_of(revision.criterion("IV")) | {PRIOR_ABLATION}
    return facts_of(revision.criterion(f"{governed.by}.guard")) if governed.needs_indication else frozenset()


def _notes(chart: Chart, coverage: Resolved, governed: Governed, revision: Revision) -> tuple[str, ...]:
    """What a reader must know beside: dates, coverage, and for criteria on the patient what was not read."""
    order = chart.order
    dated = revision.note_on_date(order.when.earliest if order.when else chart.today)
    notes = [*([dated] if dated else []), *coverage.notes]
    if coverage.standing is Standing.SEVERAL:
        notes.append(_SEVERAL_NOTE)
    if governed.by == ABLATION or governed.needs_indication:
        notes += chart.record.notes
        unread = {**chart.record.unread, **chart.record.withheld}
        notes += [f"{kind} was not read: {why}" for kind, why in sorted(unread.items())]
    if order.body.get("modifierExtension"):
        notes.append("the order carries a modifier this service does not know; it was judged by the rest")
    return tuple(dict.fromkeys(notes))
