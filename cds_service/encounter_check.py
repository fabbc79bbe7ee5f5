"""The use case of encounter hooks: the coverage record of a patient, and nothing clinical."""

from dataclasses import replace
from datetime import date
from typing import Final

from cds_service.check import Check
from cds_service.coverage_check import Checked
from cds_service.errors import RecordNeeded
from cds_service.hook_request import HookRequest
from cds_service.membership import coverage_of
from cds_service.reading import source_of
from fhir_mappings.gathering import gather
from fhir_mappings.orders import line_of
from fhir_mappings.prefetch import COVERAGE

NOT_OFFERED: Final = "the EHR's server does not offer it"


def check_encounter(request: HookRequest, check: Check, today: date, fhir_servers: tuple[str, ...]) -> Checked:
    """Read the Coverages on record, by prefetch or from the server, and which of them are in force today.

    A record that could not be read is unread, never empty: then there are no coverages to speak of. Raises
    RecordNeeded when they were neither sent nor can be asked for.
    """
    source = source_of(request, check, fhir_servers)
    record = gather(source, (COVERAGE, *check.members.searches), check.client).with_withheld_unread()
    if COVERAGE.resource_type in record.unavailable:
        if source.access is None:
            raise RecordNeeded(
                f"coverage is what this hook is about: send the prefetch key {COVERAGE.key}, or a fhirServer this "
                "service may read",
                f"$.prefetch.{COVERAGE.key}",
            )
        record = replace(record, unread={**record.unread, COVERAGE.resource_type: NOT_OFFERED})
    if COVERAGE.resource_type in record.unread:
        return Checked(record=record)
    encounter = line_of({}, f"Encounter/{request.encounter_id}")
    return Checked(record=record, coverages=(coverage_of(encounter, record, check, today),))
