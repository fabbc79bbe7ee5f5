"""The services offered: one per hook."""

from dataclasses import dataclass
from typing import Any, Final

from fhir_mappings.prefetch import templates


@dataclass(frozen=True, slots=True)
class Service:
    """A CDS Service: its id, the hook it answers, and what it says of itself."""

    id: str
    hook: str
    hook_version: str
    title: str
    description: str


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
SERVICES: Final = {service.id: service for service in (ORDER_SIGN,)}


def discovery(clinical_prefetch: bool) -> dict[str, Any]:
    """The discovery document."""
    return {
        "services": [
            {
                "hook": service.hook,
                "version": CDS_HOOKS_VERSION,
                "hookVersion": service.hook_version,
                "id": service.id,
                "title": service.title,
                "description": service.description,
                "usageRequirements": USAGE,
                "prefetch": templates(clinical_prefetch),
            }
            for service in SERVICES.values()
        ]
    }
