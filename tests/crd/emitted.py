"""The coverage statements made while tests run, and which of the guide's invariants any of them breaks."""

import json

from cds_service.crd.invariants import check
from cds_service.crd.versions import Version
from tests.conftest import Json
from tests.crd.fhirpath_invariants import broken


class Emitted:
    """Collects statements, those alike once."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, Version], Json] = {}

    def checked(self, extension: Json, version: Version) -> Json:
        """What the service checks before it sends a statement, with the statement kept."""
        found = check(extension, version)
        self.kinds.setdefault((_kind(found), version), found)
        return found

    def broken(self) -> dict[str, Json]:
        """The invariants broken, each with a statement that breaks it."""
        return {rule: one for (_, version), one in self.kinds.items() for rule in broken(one, version)}


def _kind(extension: Json) -> str:
    """What the invariants look into: which parts there are, their codes, and how reasons are said."""
    return json.dumps(
        [[p["url"], p.get("valueCode"), _said(p.get("valueCodeableConcept"))] for p in extension["extension"]]
    )


def _said(reason: Json | None) -> Json | None:
    return reason and {**reason, "text": bool(reason.get("text"))}
