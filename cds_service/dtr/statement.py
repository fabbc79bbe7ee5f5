"""The coverage statement a form answers to: on which order of which patient, as far as the record kept it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cds_service.contexts import based_on
from cds_service.crd.decision import CONDITIONAL
from cds_service.crd.extension import assertion_of, coverage_of, is_coverage_information
from cds_service.store.statements import StatedCall
from fhir_mappings.elements import items, own_reference, reference_id, text_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement made to the caller. No `order`: what the call was about was not kept (it needs record_keys)."""

    is_open: bool
    patient_id: str = ""
    order: Json | None = None
    coverage: str = ""
    fhir_server: str = ""


def statement_of_call(told: StatedCall, identity: str, tenant: str) -> Statement | None:
    """The statement of this id in a call; None where it was made to another organization of the client."""
    payload = told.payload or {}
    asked: Mapping[str, Any] = payload.get("asked", {})
    if payload and asked.get("tenant", "") != tenant:
        return None
    carrier, coverage = next(_carriers(payload, identity), ({}, ""))
    return Statement(
        is_open=told.outcome == CONDITIONAL and bool(told.policy),
        patient_id=text_of(asked.get("patient")),
        order=_order(carrier, asked),
        coverage=coverage,
        fhir_server=text_of(asked.get("fhir_server")),
    )


def _carriers(payload: Mapping[str, Any], identity: str) -> Iterator[tuple[Json, str]]:
    """The resource that carried the statement, with the Coverage it was about."""
    for action in payload.get("systemActions", ()):
        resource = action.get("resource", {})
        for extension in items(resource.get("extension")):
            if is_coverage_information(extension) and assertion_of(extension) == identity:
                yield resource, coverage_of(extension)


def _order(carrier: Json, asked: Mapping[str, Any]) -> Json | None:
    """The order as it was sent: the carrier itself, or what the appointment that carries it is for."""
    if not carrier:
        return None
    named = {own_reference(carrier), *("/".join(reference_id(reference)) for reference in based_on(carrier))}
    return next((dict(order) for order in asked.get("orders", ()) if own_reference(order) in named), carrier)
