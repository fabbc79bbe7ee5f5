"""What is counted of a call (CRD 2.2.1, logical model CRDMetricData), as the record keeps it beside the sealed payload.

Codes, counts, and ids of our own: nothing of the patient. An NPI identifies a practitioner. What columns of the record
tell already, as times and status, is left out; what is not known is absent.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from cds_service.coverage_check import Checked
from cds_service.crd.shapes import CARRIERS
from cds_service.crd.versions import Version
from cds_service.crd_metrics.order_detail import order_detail
from cds_service.crd_metrics.responses import Response
from cds_service.hook_request import HookRequest
from fhir_mappings.coverage import Resolved
from fhir_mappings.elements import Json, reference_id, text_of
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.orders import ORDER_TYPES
from fhir_mappings.practitioners import npi_of
from fhir_mappings.record import PatientRecord, ServerRead

JsonObject = dict[str, Any]

USED: Final = "used"
NOT_USED: Final = "not-used"
REJECTED: Final = "rejected"
_ORDERED: Final = ORDER_TYPES | CARRIERS[Version.V2_0] | CARRIERS[Version.V2_2]
"""What orders are counted under: a client's own word for a type could be anything."""


def metric_data(request: HookRequest, checked: Checked, responses: Iterable[Response]) -> JsonObject:
    """The metrics of a call that was answered."""
    return _told(
        payer=_payer(checked.coverages),
        provider=npi_of(request.user_id, (order.body for order in checked.orders)),
        tokenUse=token_use(request, checked.reads),
        resources=_resources(checked.record),
        request=_requests(request, checked, responses),
    )


def failed_metric_data(request: HookRequest | None, reads: Sequence[ServerRead] | None, issue: str) -> JsonObject:
    """The metrics of a call that ended in an error: its FHIR issue code, and what was ordered where that was readable.

    `reads` is what was asked of the EHR before; None when that is not known.
    """
    orders = [order.body for order in request.orders] if request else []
    return _told(
        issue=[{"code": issue}],
        provider=npi_of(request.user_id, orders) if request else "",
        tokenUse="" if reads is None else token_use(request, reads),
        request=[_focal("", order) for order in orders],
    )


def token_use(request: HookRequest | None, reads: Iterable[ServerRead]) -> str:
    """Whether the access token of a call was used to read from the EHR; rejected when none of the reads succeeded."""
    results = {read.result for read in reads}
    if request is None or not request.access_token or not results:
        return NOT_USED
    return USED if "ok" in results else REJECTED


def lines_of_business(checked: Checked) -> dict[str, str]:
    """The line of business of each order, by its reference; none where it is not known."""
    lines = {o.reference: r.line_of_business for o, r in zip(checked.orders, checked.coverages, strict=False)}
    return {reference: line.value for reference, line in lines.items() if line is not LineOfBusiness.UNKNOWN}


def _told(**members: Any) -> JsonObject:
    return {name: value for name, value in members.items() if value}


def _payer(coverages: Iterable[Resolved]) -> str:
    """The one payer that answered; blank for none, and where orders fall under several."""
    found = {resolved.payer.id for resolved in coverages if resolved.payer}
    return found.pop() if len(found) == 1 else ""


def _resources(record: PatientRecord | None) -> list[JsonObject]:
    retrieved = record.retrieved if record else ()
    return [{"type": one.resource_type, "count": one.number, "prefetch": one.by_prefetch} for one in retrieved]


def _requests(request: HookRequest, checked: Checked, responses: Iterable[Response]) -> list[JsonObject]:
    """Each order with the responses on it; what names none of them is on all, or on a resource of its own."""
    focal = {reference: _focal(reference, *bodies) for reference, bodies in _by_reference(checked).items()}
    if not focal and request.encounter_id:
        focal = {"": {"type": "Encounter"}}
    for response in responses:
        named = [reference for reference in response.about if reference in focal]
        if not named and response.resource is not None:
            named = [response.about[0]]
            focal[named[0]] = _focal(named[0], response.resource)
        for reference in named or focal:
            focal[reference].setdefault("response", []).append(response.counted)
    return [counted for counted in focal.values() if counted]


def _by_reference(checked: Checked) -> dict[str, list[Json]]:
    """The orders under each reference: what is said of two under one id cannot be told apart by their reference."""
    found: dict[str, list[Json]] = {}
    for order in checked.orders:
        found.setdefault(order.reference, []).append(order.body)
    return found


def _focal(reference: str, *orders: Json) -> JsonObject:
    """What is ordered; of an order that could not be read its type at most."""
    detail = [coding for order in orders for coding in order_detail(order)]
    kind = text_of(orders[0].get("resourceType")) or reference_id(reference)[0]
    return _told(type=kind if kind in _ORDERED else "", orderDetail={"coding": detail} if detail else {})
