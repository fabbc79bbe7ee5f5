"""The input of $questionnaire-package, checked: whose coverage, which orders, which forms, under which statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cds_service.dtr.parameters import Parameter, Parameters, text
from cds_service.dtr.refusals import BadParameters, Unprocessable
from fhir_mappings.elements import member, reference_id, text_of
from fhir_mappings.orders import ORDER_TYPES
from fhir_mappings.record import belongs_to

Json = dict[str, Any]

NAMES: Final = ("coverage", "order", "questionnaire", "context", "changedsince", "referenced")
_ORDERS: Final = (*sorted(ORDER_TYPES), "NutritionOrder", "CommunicationRequest", "VisionPrescription", "Encounter")


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """What a form is asked for.

    `referenced` are resources of the record that the client gives along (as in earlier versions of DTR); `unknown`
    names parameters nobody here understands.
    """

    patient_id: str
    patient_reference: str
    coverage: Json
    orders: tuple[Json, ...]
    canonicals: tuple[str, ...] = ()
    context: str = ""
    changed_since: datetime | None = None
    referenced: tuple[Parameter, ...] = ()
    unknown: tuple[str, ...] = ()


def read_package_request(content: Json) -> PackageRequest:
    """Read the Parameters. Raises BadParameters, or Unprocessable where they are about different patients."""
    given = Parameters(content)
    coverage = _coverage(given)
    orders = given.resources("order", *_ORDERS)
    canonicals = tuple(given.texts("questionnaire", "valueCanonical"))
    context = next(iter([text(one, "valueString") for one in [given.only("context")] if one]), "")
    if not (orders or canonicals or context):
        raise BadParameters("at least one of order, questionnaire and context is given", "$.parameter")
    reference = text_of(member(coverage.held, "beneficiary", "reference"))
    patient_id = _patient(coverage)
    for order in orders:
        _same_patient(order, patient_id)
    return PackageRequest(
        patient_id=patient_id,
        patient_reference=reference,
        coverage=coverage.held,
        orders=tuple(order.held for order in orders),
        canonicals=canonicals,
        context=context,
        changed_since=_instant(given),
        referenced=tuple(given.resources("referenced")),
        unknown=tuple(one.place for one in given.others(NAMES)),
    )


def _coverage(given: Parameters) -> Parameter:
    given.only("coverage")
    found = given.resources("coverage", "Coverage")
    if not found:
        raise BadParameters("coverage is required: the Coverage the form is for", "$.parameter")
    return found[0]


def _patient(coverage: Parameter) -> str:
    kind, identity = reference_id(coverage.held.get("beneficiary"))
    if kind != "Patient" or not identity:
        raise BadParameters("the Coverage names its beneficiary, a Patient", f"{coverage.place}.beneficiary")
    return identity


def _same_patient(order: Parameter, patient_id: str) -> None:
    if not belongs_to(order.held, patient_id):
        raise Unprocessable("the order is not for the beneficiary of the Coverage", f"{order.place}.subject")


def _instant(given: Parameters) -> datetime | None:
    one = given.only("changedsince")
    if one is None:
        return None
    try:
        instant = datetime.fromisoformat(text(one, "valueInstant"))
    except ValueError:
        raise BadParameters("changedsince is an instant with its zone", f"{one.place}.valueInstant") from None
    if instant.tzinfo is None:
        raise BadParameters("changedsince is an instant with its zone", f"{one.place}.valueInstant")
    return instant
