"""The use case: each order in scope, over the patient's record, becomes a determination."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cds_service.check import Check, Line, lines_of
from cds_service.hook_request import DraftOrder, HookRequest
from cds_service.judging import Judged, Terms, judge
from cds_service.named_orders import find_named, may_be_addressed, unread_order
from cds_service.policy.determination import Determination
from cds_service.reading import read_for, source_of
from fhir_mappings.coverage import Resolved
from fhir_mappings.gathering import Held, nothing_held
from fhir_mappings.orders import Order
from fhir_mappings.prefetch import COVERAGE
from fhir_mappings.record import PatientRecord, ServerRead


@dataclass(frozen=True, slots=True)
class Checked:
    """The order lines a policy addresses, the record they were judged by, and the coverage of every line.

    `orders` are all that were sent, and found where they were only named; one that could not be read has an empty
    body. `coverages` has one entry for each, in their order; none where no record was needed. `order_reads` is what
    was asked of the EHR for orders that were only named.
    """

    orders: tuple[DraftOrder, ...] = ()
    judged: tuple[Judged, ...] = ()
    record: PatientRecord | None = None
    coverages: tuple[Resolved, ...] = ()
    order_reads: tuple[ServerRead, ...] = ()

    @property
    def reads(self) -> tuple[ServerRead, ...]:
        """All that was asked of the EHR's server."""
        return self.order_reads + (self.record.reads if self.record else ())

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


def check_orders(  # noqa: PLR0913, PLR0917
    request: HookRequest, check: Check, today: date, fhir_servers: tuple[str, ...], always_read_coverage: bool = False,
    forms_held: Callable[[], Held] = nothing_held,
) -> Checked:  # fmt: skip
    """Judge every order a policy addresses, each by itself; only the FHIR servers given may be read.

    Coverage is read for orders no policy addresses too when it came by prefetch, or when it is always to be read.
    `forms_held` are the patient's forms that were submitted here, asked for when an order needs the record.

    Raises RecordNeeded when one of them needs the clinical record and nothing of it was sent or can be asked for.
    """
    source = replace(source_of(request, check, fhir_servers), held=forms_held)
    found = find_named(request, source, check.client)
    drafts = (*request.orders, *found.orders, *(DraftOrder(b"", {}, reference) for reference in found.unread))
    lines = lines_of(drafts)
    is_asked = always_read_coverage or COVERAGE.key in request.prefetch or bool(found.unread)
    if not any(line.is_addressed for line in lines) and not (drafts and is_asked):
        return Checked(drafts, order_reads=found.reads)
    record, coverages = read_for(lines, source, check, today)
    covered = [(line, one) for line, one in zip(lines, coverages, strict=True) if check.is_in_force(one.payer)]
    side_by_side = tuple(line.order for line in (*lines, *lines_of(request.background)) if line.order)
    case = _Case(record, side_by_side, Terms(check.payers, check.windows, today))
    judged = (*_judged(covered, case), *_unread(covered, found.unread))
    return Checked(drafts, judged, record, coverages, found.reads)


@dataclass(frozen=True, slots=True)
class _Case:
    """What every order of a call is judged over: the record, and all orders that stand side by side."""

    record: PatientRecord
    orders: tuple[Order, ...]
    terms: Terms


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
    beside = tuple(other for other in case.orders if other is not order)
    return judge(order, beside, case.record, coverage, case.terms)
