"""The versions of the CRD guide that are spoken here."""

import enum
from typing import Final


class Version(enum.StrEnum):
    """A version of CRD as discovery and requests name it: major.minor (2.2.1, deviations, CRD version)."""

    V2_0 = "2.0"
    V2_2 = "2.2"


CARD_TYPES: Final = {
    Version.V2_0: "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp",
    Version.V2_2: "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
}
"""The code system a version takes the topics of cards from."""

SPELLINGS: Final = {
    "2.0": Version.V2_0, "2.0.0": Version.V2_0, "2.0.1": Version.V2_0,
    "2.2": Version.V2_2, "2.2.0": Version.V2_2, "2.2.1": Version.V2_2,
}  # fmt: skip
"""How clients write a version: major.minor is the guide's form, the patch number is tolerated."""
