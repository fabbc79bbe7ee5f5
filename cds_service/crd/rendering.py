"""A decision as the extension of the version asked for, checked before it leaves."""

from collections.abc import Callable, Mapping
from typing import Final

from cds_service.crd import v2_0_1, v2_2_1
from cds_service.crd.decision import CoverageDecision
from cds_service.crd.extension import JsonObject
from cds_service.crd.invariants import check
from cds_service.crd.versions import Version

_DIALECTS: Final[Mapping[Version, Callable[[CoverageDecision], JsonObject]]] = {
    Version.V2_0: v2_0_1.render,
    Version.V2_2: v2_2_1.render,
}


def render(decision: CoverageDecision, version: Version) -> JsonObject:
    """The coverage-information extension of a version. Raises InvariantBreach when it would break a rule."""
    return check(_DIALECTS[version](decision), version)
