"""One shard evaluated: every order of every patient judged as a hook call judges it, written, and counted."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import msgspec

from cds_service.batch.comparing import Change, change
from cds_service.batch.job import Job, Task
from cds_service.batch.orders import orders_of
from cds_service.batch.shards import read_reach, records_of
from cds_service.batch.tally import FAILED, Tally
from cds_service.batch.workspace import finished_together
from cds_service.judging import Terms, judge
from cds_service.operations.logs import place_of
from cds_service.policy.determination import Determination, Outcome
from fhir_mappings.coverage import resolve_coverage
from fhir_mappings.orders import Order
from fhir_mappings.record import PatientRecord

log = logging.getLogger(__name__)

DETERMINATIONS: Final = "determinations.ndjson"
CHANGES: Final = "changes.ndjson"
_TALLY: Final = "tally.json"
_tally = msgspec.json.Decoder(Tally)


class Answer(NamedTuple):
    """What is said of one order, and how another revision would change it."""

    determination: Determination | None
    change: Change | None = None


def shard_folder(job: Job, shard: int) -> Path:
    """Where the answers of one shard lie, when it is finished."""
    return job.work / "shards" / f"{shard:05}"


def tally_of(job: Job, shard: int) -> Tally:
    """What a finished shard came to."""
    return _tally.decode((shard_folder(job, shard) / _TALLY).read_bytes())


def evaluate(task: Task) -> None:
    """Judge the patients of one shard, unless an earlier run did."""
    job = task.job()
    folder = shard_folder(job, task.number)
    if folder.exists():
        return
    terms, compared, tally = job.terms(), job.compared_terms(), Tally()
    with finished_together(folder) as half:
        with (half / DETERMINATIONS).open("wb") as said, (half / CHANGES).open("wb") as changed:
            for record in records_of(job, task.number, read_reach(job)):
                answers = tuple(answers_of(record, job.order_code, terms, compared))
                _count(answers, tally)
                _write(record.patient_id, answers, said, changed)
        (half / _TALLY).write_bytes(msgspec.json.encode(tally))


def answers_of(record: PatientRecord, order_code: str, terms: Terms, compared: Terms | None) -> Iterator[Answer]:
    """Judge every order of one patient, by a second revision too if one is asked about."""
    for order in orders_of(record, order_code):
        said = _said(order, record, terms)
        yield Answer(said, change(said, _said(order, record, compared)) if compared else None)


def _said(order: Order, record: PatientRecord, terms: Terms) -> Determination | None:
    """A record nobody foresaw costs its patient the answer, not the others theirs."""
    try:
        coverage = resolve_coverage(record, order, terms.payers, terms.today)
        judged = judge(order, (), record, coverage, terms) if terms.is_in_force(coverage.payer) else None
    except Exception as error:  # noqa: BLE001 - its message may quote the record and is not logged
        log.error("judging failed: %s in %s", type(error).__name__, place_of(error.__traceback__))  # noqa: TRY400
        number, identity = terms.revision.number, terms.revision.id
        return Determination(order.reference, number, identity, Outcome.UNDETERMINED, (), notes=(FAILED,))
    return judged.determination if judged else None


def _count(answers: tuple[Answer, ...], tally: Tally) -> None:
    tally.count_patient(
        (answer.determination for answer in answers if answer.determination),
        (answer.change for answer in answers if answer.change),
    )


def _write(patient_id: str, answers: tuple[Answer, ...], said: IO[bytes], changed: IO[bytes]) -> None:
    for answer in answers:
        if answer.determination is not None:
            said.write(_line(patient_id, answer.determination.as_json()))
        if answer.change is not None:
            changed.write(_line(patient_id, answer.change.as_json()))


def _line(patient_id: str, told: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"patient": f"Patient/{patient_id}", **told}) + b"\n"
