"""What can stand in the place of a technique that is never covered: ablation codes of the same approach.

Only treatments have one: V and VI. VII is a device worn at home, VIII and IX plan a treatment and treat nothing.
"""

from collections.abc import Mapping
from typing import Final

from fhir_mappings.ordered_service import OrderedService

REPLACEABLE: Final = frozenset({"V", "VI"})

# Focused ultrasound and histotripsy act through the skin; so do the ablations suggested. Microwave has no code of
# its own and is claimed as radiofrequency.
_THROUGH_THE_SKIN: Final = ("47382", "47383")
_BY_LAPAROSCOPE: Final = ("47370", "47371")
_LAPAROSCOPIC: Final = "47379"

LABELS: Final[Mapping[str, str]] = {
    "47370": "laparoscopic radiofrequency or microwave ablation",
    "47371": "laparoscopic cryoablation",
    "47382": "percutaneous radiofrequency or microwave ablation",
    "47383": "percutaneous cryoablation",
}
"""Our own words for the codes suggested."""


def ablations_instead(ordered: OrderedService) -> tuple[str, ...]:
    """The CPT codes of ablations by the approach of an order."""
    return _BY_LAPAROSCOPE if _LAPAROSCOPIC in ordered.procedure_codes else _THROUGH_THE_SKIN
