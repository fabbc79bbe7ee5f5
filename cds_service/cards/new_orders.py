"""Draft orders that suggestions create: what CRD asks of a ServiceRequest (CRD 2.0.1, profile-servicerequest)."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cds_service.cards.audience import Audience
from cds_service.cards.card import JsonObject, is_local
from fhir_mappings.elements import Json, extensions, member, reference_id, text_of
from fhir_mappings.models import service_request
from fhir_mappings.orders import PROCEDURE_INTENT

_REQUESTERS: Final = frozenset({"Practitioner", "PractitionerRole"})
_CARRIED: Final = (
    "category", "priority", "encounter", "occurrenceDateTime", "occurrencePeriod", "performer", "locationReference",
    "reasonCode", "reasonReference", "insurance", "supportingInfo", "bodySite",
)  # fmt: skip
"""What an order says beside its code, and says as well of the order in its place."""


class NewService(NamedTuple):
    """What is to be ordered: a code, and our own words for it."""

    system: str
    code: str
    words: str


def new_order(
    service: NewService, ordered: Json, audience: Audience, more: Mapping[str, Any] | None = None
) -> JsonObject | None:
    """A draft of one service for this patient; None where nobody can be named who requests it.

    `ordered` is the order it goes with. It has no id: the EHR gives one.
    """
    requester = _requester(ordered, audience.user_id)
    if not requester:
        return None
    return service_request({
        **(more or {}),
        "status": "draft",
        "intent": "original-order",
        "code": {"coding": [{"system": service.system, "code": service.code}], "text": service.words},
        "subject": {"reference": f"Patient/{audience.patient_id}"},
        "authoredOn": audience.today.isoformat(),
        "requester": {"reference": requester},
    })  # fmt: skip


def carried_over(ordered: Json) -> JsonObject:
    """What an order in the place of another keeps of it: indication, intent, site, time, who performs and who pays."""
    kept = {name: ordered[name] for name in _CARRIED if ordered.get(name)}
    intents = [dict(extension) for extension in extensions(ordered, PROCEDURE_INTENT)]
    return {**kept, "extension": intents} if intents else kept


def _requester(ordered: Json, user_id: str) -> str:
    """Who requests the order it goes with, else the user of the call, if that is a practitioner; as it is written."""
    for written in (text_of(member(ordered.get("requester"), "reference")), user_id):
        kind, identity = reference_id(written)
        if kind in _REQUESTERS and is_local(f"{kind}/{identity}"):
            return written
    return ""
