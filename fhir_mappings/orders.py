"""A draft order as readers and policies ask it: codes, site, reasons, intent, insurance, date."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from fhir_mappings.dates import ClinicalDate, clinical_date
from fhir_mappings.elements import (
    Json,
    codes,
    extensions,
    items,
    local_reference,
    member,
    reference_id,
    text_of,
)
from fhir_mappings.ordered_service import OrderedService
from fhir_mappings.terminology import Code

BILLING_OPTIONS: Final = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-billing-options"
PROCEDURE_INTENT: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"

_CODE_ELEMENTS: Final = {
    "ServiceRequest": ("code",),
    "DeviceRequest": ("codeCodeableConcept", "code"),
    "MedicationRequest": ("medicationCodeableConcept", "medication"),
    "SupplyRequest": ("itemCodeableConcept", "item"),
    "Appointment": ("serviceType",),
}
_REFERENCE_ELEMENTS: Final = {
    "DeviceRequest": "codeReference",
    "MedicationRequest": "medicationReference",
    "SupplyRequest": "itemReference",
}
ORDER_TYPES: Final = frozenset(_CODE_ELEMENTS)
NOT_ORDERED: Final = frozenset({"entered-in-error", "revoked", "cancelled", "stopped", "noshow"})


@dataclass(frozen=True, slots=True)
class Order:
    """One line to be signed."""

    reference: str
    body: Json
    service: OrderedService
    site: tuple[Code, ...]
    reasons: tuple[tuple[Code, ...], ...]
    reason_ids: tuple[str, ...]
    intents: tuple[Code, ...]
    insurance: tuple[str, ...]
    when: ClinicalDate | None

    @property
    def reason_codes(self) -> tuple[Code, ...]:
        """Every code given as a reason."""
        return tuple(code for reason in self.reasons for code in reason)


def read_order(body: Json, reference: str) -> Order | None:
    """Read a draft order; None for types that order nothing we know, and for what is not to be done."""
    kind = text_of(body.get("resourceType"))
    if kind not in ORDER_TYPES or body.get("doNotPerform") is True:
        return None
    if text_of(body.get("status")) in NOT_ORDERED:
        return None
    return _line(body, reference, list(_concepts(body, kind)))


def billable_codes(body: Json) -> tuple[Code, ...]:
    """Every code an order of any type carries, its billing options included."""
    concepts = list(_concepts(body, text_of(body.get("resourceType"))))
    return tuple(dict.fromkeys(code for concept in concepts for code in codes(concept)))


def line_of(body: Json, reference: str) -> Order:
    """An order of any type, its codes unread: for what is asked of every order, such as whose coverage it is under."""
    return _line(body, reference, [])


def _line(body: Json, reference: str, concepts: list[Json]) -> Order:
    return Order(
        reference=reference,
        body=body,
        service=OrderedService(
            codes=tuple(dict.fromkeys(code for concept in concepts for code in codes(concept))),
            detail_codes=codes(body.get("orderDetail")),
            words=" ".join(text_of(c.get("text")) for c in concepts + list(items(body.get("orderDetail")))),
        ),
        site=codes(body.get("bodySite")),
        reasons=tuple(codes(concept) for concept in items(body.get("reasonCode"))),
        reason_ids=tuple(reference_id(r)[1] for r in items(body.get("reasonReference"))),
        intents=_intents(body),
        insurance=tuple(local_reference(r) for r in items(body.get("insurance"))),
        when=clinical_date(body),
    )


def _concepts(body: Json, kind: str) -> Iterator[Json]:
    for element in _CODE_ELEMENTS.get(kind, ()):
        for concept in items(body.get(element)):
            yield from _with_billing(concept)
    product = _contained(body, body.get(_REFERENCE_ELEMENTS.get(kind, "")))
    for element in ("code", "type"):
        for concept in items(product.get(element)):
            yield from _with_billing(concept)
    yield from _billing(product)  # a Device has no code of its own to carry them
    for lens in items(body.get("lensSpecification")):
        for concept in items(lens.get("product")):
            yield from _with_billing(concept)
    if kind == "NutritionOrder":
        yield from _billing(body)


def _with_billing(concept: Json) -> Iterator[Json]:
    yield concept
    yield from _billing(concept)


def _billing(element: Json) -> Iterator[Json]:
    for extension in extensions(element, BILLING_OPTIONS):
        yield from items(extension.get("valueCodeableConcept"))


def _contained(body: Json, reference: Any) -> Json:
    wanted = text_of(member(reference, "reference"))
    for one in items(body.get("contained")):
        if wanted.startswith("#") and text_of(one.get("id")) == wanted[1:]:
            return one
    return {}


def _intents(body: Json) -> tuple[Code, ...]:
    found = extensions(body, PROCEDURE_INTENT)
    return tuple(code for e in found for code in codes(e.get("valueCodeableConcept")))
