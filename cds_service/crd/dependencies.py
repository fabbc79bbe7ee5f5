"""The orders a statement depends on (CRD, dependency): those it was judged by, and the one a planning order is for."""

from collections.abc import Iterable, Iterator
from typing import Final

from cds_service.policies.policy_151.codes_2025_05_06 import is_planning, may_be_planned
from cds_service.policy.determination import Determination
from fhir_mappings.elements import local_reference, reference_id
from fhir_mappings.order_reads import DraftOrder
from fhir_mappings.orders import read_order

_ORDERS: Final = frozenset({
    "Appointment", "CommunicationRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder", "ServiceRequest",
})  # fmt: skip
"""What the element may refer to."""


def dependencies(
    order: DraftOrder, determination: Determination | None, others: Iterable[DraftOrder]
) -> tuple[str, ...]:
    """The orders an order of the policy is stated by, as `Type/id`: it would be judged anew if one of them changed."""
    if determination is None:
        return ()
    named = dict.fromkeys((*_rested_on(determination), *_planned(order, others)))
    found = (local_reference(one) for one in named if reference_id(one)[0] in _ORDERS)
    return tuple(dict.fromkeys(one for one in found if one != order.reference))


def _rested_on(determination: Determination) -> Iterator[str]:
    """Orders among the evidence, as a resection the ablation goes with (I.D.1.b.i); not that of branches beside."""
    for number, proofs in determination.evidence.items():
        if not number.startswith(determination.beside):
            yield from (proof.reference for proof in proofs)


def _planned(order: DraftOrder, others: Iterable[DraftOrder]) -> Iterator[str]:
    planning = read_order(order.body, order.reference)
    if planning is None or not is_planning(planning.service):
        return
    for other in others:
        ablation = read_order(other.body, other.reference)
        if ablation and may_be_planned(ablation.service):
            yield other.reference
