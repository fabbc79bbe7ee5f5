"""Assertion ids: the trace number of a coverage statement (CRD 2.2.1, coverage-assertion-id)."""

import uuid
from typing import Any, Final

import msgspec

from cds_service.crd.decision import CoverageDecision
from cds_service.crd.extension import is_coverage_information
from fhir_mappings.elements import Json

PREFIX: Final = "coverage-hooks-"
"""By this our own statements are known again on an order that comes back."""

_NAMESPACE: Final = uuid.UUID("8d0c1b53-3d52-4b7e-8d3c-6c1f0f8f5a12")
_NOT_CONTENT: Final = frozenset({"meta", "text", "extension"})


def assertion_id(patient_id: str, order: Json, revision: str, decision: CoverageDecision) -> str:
    """The id of a statement: the same whenever order, Coverage, revision and what is stated are the same.

    What an EHR adds when it stores an order (meta, narrative, our own extension) changes nothing.
    """
    said = msgspec.json.encode([patient_id, _content(order), revision, decision.content()], order="sorted")
    return f"{PREFIX}{uuid.uuid5(_NAMESPACE, said.decode())}"


def is_ours(identity: str) -> bool:
    """Whether a statement is one this service made."""
    return identity.startswith(PREFIX)


def _content(order: Json) -> dict[str, Any]:
    content = {name: value for name, value in order.items() if name not in _NOT_CONTENT}
    written = order.get("extension")
    others = [e for e in written if not is_coverage_information(e)] if isinstance(written, list) else written
    return {**content, "extension": others} if others else content
