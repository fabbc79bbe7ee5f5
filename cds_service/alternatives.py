"""What the policy could cover in the place of a technique it never does, for this very patient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cds_service.check import Check
from cds_service.coverage_check import Checked
from cds_service.hook_request import HookRequest
from cds_service.hooks import DRAFTING_HOOKS
from cds_service.judging import Judged, judge_by
from cds_service.policies.policy_151.alternatives_2025_05_06 import REPLACEABLE, ablations_instead
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, Governed, governing
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.chart import open_chart
from fhir_mappings.gathering import Source, gather
from fhir_mappings.orders import Order, read_order
from fhir_mappings.prefetch import CLINICAL
from fhir_mappings.record import PatientRecord

_CORE_KEYS: Final = frozenset(search.key for search in CLINICAL if search.is_core)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Codes that can stand in the place of an order's, and the determination under which they would be covered."""

    codes: tuple[str, ...]
    determination: Determination


def find_alternatives(request: HookRequest, checked: Checked, check: Check, today: date) -> Mapping[str, Alternative]:
    """The alternatives to the orders that are never covered, by the reference of the order.

    Only where the criteria on ablation are met as the record stands; only from what prefetch brought, because nothing
    of the patient may be asked for an order that no patient criterion decides (V4); and none where an ablation is
    ordered already.
    """
    refused = [one for one in checked.judged if _is_replaceable(one)]
    if request.hook not in DRAFTING_HOOKS or not refused or not request.prefetch.keys() >= _CORE_KEYS:
        return {}
    orders = tuple(_read(request))
    if any(governing(order.service).by == ABLATION for order in orders):
        return {}
    record = _prefetched(request, check)
    found = ((one.order.reference, _instead(one, orders, record, check, today)) for one in refused)
    return {reference: alternative for reference, alternative in found if alternative is not None}


def _is_replaceable(one: Judged) -> bool:
    determination = one.determination
    return determination.outcome is Outcome.NOT_COVERED and not REPLACEABLE.isdisjoint(determination.criteria)


def _read(request: HookRequest) -> Iterator[Order]:
    for draft in (*request.orders, *request.background):
        order = read_order(draft.body, draft.reference)
        if order is not None:
            yield order


def _prefetched(request: HookRequest, check: Check) -> PatientRecord:
    source = Source(request.patient_id, request.prefetch, access=None, deadline=0)
    return gather(source, CLINICAL, check.client)


def _instead(
    one: Judged, orders: tuple[Order, ...], record: PatientRecord, check: Check, today: date
) -> Alternative | None:
    others = tuple(other for other in orders if other.reference != one.order.reference)
    chart = open_chart(record, one.order, others, today, check.windows)
    judged = judge_by(Governed(ABLATION), chart, one.coverage)
    if judged is None or judged.determination.outcome is not Outcome.COVERED:
        return None
    return Alternative(ablations_instead(one.order.service), judged.determination)
