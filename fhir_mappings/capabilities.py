"""What an EHR's server says it can do, as far as reads go: its CapabilityStatement (FHIR R4)."""

from dataclasses import dataclass
from typing import Final

import msgspec

from fhir_mappings.json_text import UNREADABLE

MAX_STATEMENT_BYTES: Final = 8 * 1024 * 1024
"""Beyond every server's: those that list all of FHIR with all they have of it stay below 3 MB."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server can do. Nothing of a patient or a call is in it.

    `types` are those it lists; `by_subject` those of them it searches by `subject` and not by `patient`.
    """

    can_batch: bool = False
    types: frozenset[str] = frozenset()
    by_subject: frozenset[str] = frozenset()

    def worded(self, resource_type: str, query: str) -> str:
        """A query of ours by the name this server has for the patient of a type (CRD 2.0, queries of the EHR)."""
        if resource_type not in self.by_subject:
            return query
        return query.replace("?patient=", "?subject=Patient/", 1)


NOT_KNOWN: Final = Capabilities()
"""Of a server of which nothing is known: it is asked as every server can be."""


class _Interaction(msgspec.Struct):
    code: str = ""


class _SearchParameter(msgspec.Struct):
    name: str = ""


class _Resource(msgspec.Struct, rename={"search_parameters": "searchParam"}):
    type: str = ""
    search_parameters: list[_SearchParameter] | None = None

    def is_by_subject(self) -> bool:
        names = {parameter.name for parameter in self.search_parameters or []}
        return "subject" in names and "patient" not in names


class _Rest(msgspec.Struct):
    mode: str = ""
    interaction: list[_Interaction] | None = None
    resource: list[_Resource] | None = None


class _Statement(msgspec.Struct, rename={"resource_type": "resourceType"}):
    resource_type: str = ""
    rest: list[_Rest] | None = None


_statement = msgspec.json.Decoder(_Statement)


def read_statement(text: bytes) -> Capabilities | None:
    """Read a CapabilityStatement; None for what is none, or has another shape than FHIR gives it."""
    try:
        statement = _statement.decode(text)
    except UNREADABLE:
        return None
    if statement.resource_type != "CapabilityStatement":
        return None
    sides = [rest for rest in statement.rest or [] if rest.mode == "server"]
    resources = [resource for rest in sides for resource in rest.resource or []]
    return Capabilities(
        any(interaction.code == "batch" for rest in sides for interaction in rest.interaction or []),
        frozenset(resource.type for resource in resources),
        frozenset(resource.type for resource in resources if resource.is_by_subject()),
    )
