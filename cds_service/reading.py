"""What is read for the orders of a call: whose coverage they are under, and the record their criteria ask for."""

from collections.abc import Iterable, Sequence
from datetime import date

from cds_service.check import Check, Line
from cds_service.errors import RecordNeeded
from cds_service.hook_request import HookRequest
from cds_service.membership import coverage_of
from cds_service.named_orders import partial_keys
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, UNLISTED
from fhir_mappings.coverage import Resolved
from fhir_mappings.gathering import NOT_SENT, Source, deadline_in, gather
from fhir_mappings.origins import is_allowed
from fhir_mappings.prefetch import CLINICAL, COVERAGE, Search
from fhir_mappings.reads import Access
from fhir_mappings.record import CORE_TYPES, PatientRecord, joined


def source_of(request: HookRequest, check: Check, fhir_servers: tuple[str, ...]) -> Source:
    """Where the record of a call may come from: its prefetch, and its server if that is one that may be read."""
    access = None
    if is_allowed(request.fhir_server, fhir_servers):
        access = Access(request.fhir_server, request.access_token)
    deadline = deadline_in(check.fhir_deadline_seconds)
    return Source(request.patient_id, request.prefetch, access, deadline, partial_keys(request.hook))


def read_for(
    lines: Sequence[Line], source: Source, check: Check, today: date
) -> tuple[PatientRecord, tuple[Resolved, ...]]:
    """The record, and the coverage of each line.

    Where a payer has not the policy in force, coverage is read first: its members' clinical record is not touched.
    Raises RecordNeeded when an order needs the clinical record and nothing of it was sent or can be asked for.
    """
    first = (COVERAGE, *check.members.searches)
    if check.is_in_force_everywhere():
        record = gather(source, (*first, *_searches(lines)), check.client)
        coverages = _coverages(lines, record, check, today)
    else:
        asked = gather(source, first, check.client)
        coverages = _coverages(lines, asked, check, today)
        record = joined(asked, gather(source, _searches(_in_force(lines, coverages, check)), check.client))
    _refuse_without_record(record, _searches(_in_force(lines, coverages, check)))
    return record, coverages


def _coverages(lines: Iterable[Line], record: PatientRecord, check: Check, today: date) -> tuple[Resolved, ...]:
    record = record.with_withheld_unread()  # a plan denies nothing for what the EHR withheld
    return tuple(coverage_of(line.as_order(), record, check, today) for line in lines)


def _in_force(lines: Iterable[Line], coverages: Iterable[Resolved], check: Check) -> list[Line]:
    return [line for line, one in zip(lines, coverages, strict=True) if check.is_in_force(one.payer)]


def _searches(lines: Iterable[Line]) -> tuple[Search, ...]:
    """What must be read for these criteria: some need nothing of the patient, some no more than diagnoses."""
    listed = [line.governed for line in lines if line.is_addressed]
    if any(g.by in (ABLATION, UNLISTED) for g in listed):
        return CLINICAL
    if any(g.needs_indication for g in listed):
        return tuple(s for s in CLINICAL if s.resource_type in ("Condition", "BodyStructure"))
    return ()


def _refuse_without_record(record: PatientRecord, searches: tuple[Search, ...]) -> None:
    core = [s for s in searches if s.is_core]
    if len(core) < len(CORE_TYPES) or any(record.unread.get(s.resource_type) != NOT_SENT for s in core):
        return
    keys = ", ".join(s.key for s in core)
    raise RecordNeeded(
        f"an order needs the clinical record: send the prefetch keys {keys}, or a fhirServer this service may read",
        "$.prefetch",
    )
