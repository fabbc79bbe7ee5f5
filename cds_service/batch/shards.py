"""The patients of one shard, each with a record as a hook call would have gathered it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from cds_service.batch.job import Job
from cds_service.batch.partition import NOTHING, Entry, Report, part_folder, piece
from cds_service.batch.workspace import finished_file
from fhir_mappings.prefetch import CLINICAL, COVERAGE, OBSERVATION_CODES
from fhir_mappings.record import CORE_TYPES, PatientRecord, RawResource, build_record

NOT_EXPORTED: Final = "it is not in the export"
LOST: Final = "lines of the export are lost"
_RECORD_TYPES: Final = frozenset(search.resource_type for search in (COVERAGE, *CLINICAL))
_REACH: Final = "reach.json"
_entry = msgspec.json.Decoder(Entry)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the export as a whole holds: types unread for every patient, with the reason, and types it does not have."""

    unread: Mapping[str, str]
    unavailable: frozenset[str]


_reach = msgspec.json.Decoder(Reach)


def reach_of(job: Job, report: Report) -> Reach:
    """A core type the export does not have is unread, not empty; so is one of which a line may be anyone's."""
    exported = report.lines.keys() | {file.resource_type for file in job.files}
    unread = {kind: NOT_EXPORTED for kind in CORE_TYPES if kind not in exported}
    if not job.accepts_losses:
        lost = _RECORD_TYPES if "" in report.anyones else _RECORD_TYPES & report.anyones
        unread |= dict.fromkeys(sorted(lost - unread.keys()), LOST)
    return Reach(unread, _RECORD_TYPES - exported - unread.keys())


def write_reach(job: Job, reach: Reach) -> None:
    """Write down what the export holds, for the processes that judge its shards."""
    with finished_file(job.work / _REACH) as file:
        file.write(msgspec.json.encode(reach))


def read_reach(job: Job) -> Reach:
    """What the export holds, once all its parts are split."""
    return _reach.decode((job.work / _REACH).read_bytes())


def records_of(job: Job, shard: int, reach: Reach) -> Iterator[PatientRecord]:
    """The record of every patient of a shard, in the order of their ids."""
    patients: dict[str, list[Entry]] = {}
    for entry in _entries(job, shard):
        patients.setdefault(entry.patient_id, []).append(entry)
    for patient_id in sorted(patients):
        yield _record(job, patient_id, patients.pop(patient_id), reach)


def _entries(job: Job, shard: int) -> Iterator[Entry]:
    for number in range(len(job.parts())):
        path = piece(part_folder(job, number), shard)
        if path.exists():
            with path.open("rb") as file:
                yield from map(_entry.decode, file)


def _record(job: Job, patient_id: str, entries: list[Entry], reach: Reach) -> PatientRecord:
    present = [e for e in entries if e.text != NOTHING]
    lost = [e for e in entries if e.text == NOTHING and e.resource_type != "Patient"]
    raw = [RawResource(e.text, "", job.place(e.file, e.line)) for e in present]
    unread = {**{e.resource_type: f"{job.place(e.file, e.line)} is lost" for e in lost}, **reach.unread}
    return build_record(patient_id, raw, OBSERVATION_CODES, unread, reach.unavailable)
