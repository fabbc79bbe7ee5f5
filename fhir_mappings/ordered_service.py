"""What an order asks for, apart from the resource it came in: the part a policy's code table needs."""

from dataclasses import dataclass

from fhir_mappings.code_systems import PROCEDURE_CODE
from fhir_mappings.terminology import Code


@dataclass(frozen=True, slots=True)
class OrderedService:
    """The codes of a service from every coding, billing option and contained product, its detail, its words."""

    codes: tuple[Code, ...]
    detail_codes: tuple[Code, ...] = ()
    words: str = ""

    @property
    def procedure_codes(self) -> frozenset[str]:
        """The CPT and HCPCS codes."""
        return frozenset(code for system, code in self.codes if system == PROCEDURE_CODE)
