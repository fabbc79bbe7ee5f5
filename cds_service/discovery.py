"""The services offered: one per hook."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cds_service.crd.options import configuration_options
from cds_service.crd.versions import Version
from fhir_mappings.prefetch import templates


@dataclass(frozen=True, slots=True)
class Service:
    """A CDS Service: its id, the hook it answers, what it says of itself, whether orders are judged by the record.

    `has_encounter` is false where the hook's context tells no encounter.
    """

    id: str
    hook: str
    hook_version: str
    title: str
    description: str
    needs_record: bool = True
    has_encounter: bool = True


CDS_HOOKS_VERSION: Final = "2.0.1"
USAGE: Final = (
    "The caller is a registered client and signs its calls (JWT). The clinical record comes by prefetch or from a FHIR "
    "server registered for the client."
)

ORDER_SIGN: Final = Service(
    id="order-sign-crd",
    hook="order-sign",
    hook_version="1.0",
    title="Coverage criteria for orders about to be signed",
    description=(
        "Says for each liver-tumor order whether coverage is likely under medical policy 151, criterion by "
        "criterion, with the evidence from the record and the documentation that is missing."
    ),
)
ORDER_SELECT: Final = Service(
    id="order-select-crd",
    hook="order-select",
    hook_version="1.0",
    title="Coverage criteria for orders just selected",
    description=(
        "Says for each liver-tumor order selected, while it is still being written, how it stands under medical policy "
        "151. The other unsigned orders are background."
    ),
)
ORDER_DISPATCH: Final = Service(
    id="order-dispatch-crd",
    hook="order-dispatch",
    hook_version="1.1",
    title="Coverage criteria for orders about to be dispatched",
    description=(
        "Says for each liver-tumor order on its way to a performer whether coverage is likely under medical policy "
        "151. Orders that prefetch does not bring are read from the FHIR server."
    ),
    has_encounter=False,
)
APPOINTMENT_BOOK: Final = Service(
    id="appointment-book-crd",
    hook="appointment-book",
    hook_version="1.0",
    title="Coverage criteria for appointments about to be booked",
    description=(
        "Says for each order an appointment is based on whether coverage is likely under medical policy 151. Orders "
        "that prefetch does not bring are read from the FHIR server."
    ),
)
ENCOUNTER_START: Final = Service(
    id="encounter-start-crd",
    hook="encounter-start",
    hook_version="1.0",
    title="Coverage at the start of an encounter",
    description="Says what is known of the patient's coverage when an encounter starts. It judges no order.",
    needs_record=False,
)
ENCOUNTER_DISCHARGE: Final = Service(
    id="encounter-discharge-crd",
    hook="encounter-discharge",
    hook_version="1.0",
    title="Coverage at the end of an encounter",
    description="Says what is known of the patient's coverage when an encounter ends. It judges no order.",
    needs_record=False,
)

ALL_HOOKS: Final = (ORDER_SIGN, ORDER_SELECT, ORDER_DISPATCH, APPOINTMENT_BOOK, ENCOUNTER_START, ENCOUNTER_DISCHARGE)
OFFERED: Final = ALL_HOOKS
SERVICES: Final = {service.id: service for service in OFFERED}


def discovery(clinical_prefetch: bool, services: Iterable[Service] = OFFERED) -> dict[str, Any]:
    """The discovery document."""
    return {"services": [_entry(service, clinical_prefetch) for service in services]}


def _entry(service: Service, clinical_prefetch: bool) -> dict[str, Any]:
    """One service. Orders a hook only names are not asked for by template.

    Their standard CRD searches need FHIRPath: a client without it sends an empty search for them, or the token itself.
    The searches by patient bring these orders as well; what is still missing is read by id.
    """
    return {
        "hook": service.hook,
        "version": CDS_HOOKS_VERSION,
        "hookVersion": service.hook_version,
        "id": service.id,
        "title": service.title,
        "description": service.description,
        "usageRequirements": USAGE,
        "extension": {
            "davinci-crd.version": [version.value for version in Version],
            "davinci-crd.configuration-options": configuration_options(service.hook),
        },
        "prefetch": templates(clinical_prefetch and service.needs_record, service.has_encounter),
    }
