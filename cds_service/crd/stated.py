"""The coverage statements in the updates of an answer, for the record: under which id, on which order, which forms."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from cds_service.crd.assertion import is_ours
from cds_service.crd.extension import assertion_of, coverage_of, is_coverage_information, values
from fhir_mappings.elements import Json, items, text_of


class Stated(NamedTuple):
    """One statement as it went out: its assertion id, the order with all that stands on it, Coverage and forms."""

    assertion_id: str
    order: Json
    coverage: str
    questionnaires: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The order it stands on."""
        return f"{text_of(self.order.get('resourceType'))}/{text_of(self.order.get('id'))}"


def statements_in(actions: Iterable[Mapping[str, Any]]) -> Iterator[Stated]:
    """Every statement of ours in these updates."""
    for action in actions:
        order = msgspec.json.decode(action["resource"])
        for extension in items(order.get("extension")):
            if is_coverage_information(extension) and is_ours(assertion_of(extension)):
                forms = tuple(str(form) for form in values(extension, "questionnaire", "Canonical"))
                yield Stated(assertion_of(extension), order, coverage_of(extension), forms)
