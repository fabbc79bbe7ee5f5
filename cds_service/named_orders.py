"""Orders a hook names instead of sending them (order-dispatch, appointment-book): found, or why they were not."""

from typing import Final

from cds_service.errors import RecordNeeded
from cds_service.hook_request import HookRequest
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.client import FhirClient
from fhir_mappings.elements import reference_id
from fhir_mappings.gathering import NOT_SENT, Source
from fhir_mappings.order_reads import PREFETCH_KEYS, FoundOrders, find_orders
from fhir_mappings.orders import ORDER_TYPES

_NAMING_HOOKS: Final = frozenset({"order-dispatch", "appointment-book"})


def partial_keys(hook: str) -> frozenset[str]:
    """On hooks that name orders CRD's own searches bring just these, under keys we use for all of the patient's."""
    return frozenset(PREFETCH_KEYS.values()) if hook in _NAMING_HOOKS else frozenset()


def find_named(request: HookRequest, source: Source, client: FhirClient) -> FoundOrders:
    """Find the orders a hook only names. Raises RecordNeeded when none was sent and none can be asked for."""
    if not request.to_fetch:
        return FoundOrders()
    found = find_orders(request.to_fetch, source, client)
    nothing = not request.orders and not found.orders
    if nothing and all(why == NOT_SENT for why in found.unread.values()):
        raise RecordNeeded(
            "the orders are named and were not sent: send them by prefetch (serviceRequests, deviceRequests, "
            "medicationRequests), or a fhirServer this service may read",
            "$.prefetch",
        )
    return found


def may_be_addressed(reference: str) -> bool:
    """Whether an order nobody could read may be one a policy addresses: by its type, if that is known."""
    kind = reference_id(reference)[0]
    return kind in ORDER_TYPES or kind not in PREFETCH_KEYS


def unread_order(reference: str, why: str) -> Determination:
    """What is said of an order that may be addressed and could not be read."""
    return Determination(
        order=reference,
        policy=REVISION.number,
        revision=REVISION.id,
        outcome=Outcome.UNDETERMINED,
        criteria=(),
        notes=(f"{reference} was not read: {why}",),
    )
