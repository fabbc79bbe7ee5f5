"""What a batch is asked, checked before anything is done: what cannot be answered is refused with what can be."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cds_service.batch.engines import Engine, EngineName
from cds_service.batch.job import Job, shards_for
from cds_service.batch.orders import addressed_codes, is_addressed
from cds_service.policies import POLICIES, REVISIONS
from cds_service.settings import Settings
from fhir_mappings.bulk_export import ExportFile, find_export, find_unfinished


class Refused(Exception):
    """It cannot be answered as it is asked; the message says what can be."""


class Unreadable(Refused):
    """The export cannot be read, or holds nothing to judge."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command, as they are given."""

    policy: str
    order_code: str
    as_of: datetime | None
    compare: str
    workers: int
    engine: EngineName
    scheduler: str
    accept_losses: bool

    def engine_of(self, settings: Settings) -> Engine:
        """Where the work is to be done."""
        return Engine(self.engine, self.workers, self.scheduler, settings.log_level)


def job_of(export: Path, output: Path, asked: Asked, settings: Settings) -> Job:
    """What is to be done. Raises Refused, and Unreadable for the export."""
    _check(asked)
    if settings.members == "table":
        raise Refused(
            'a batch takes each Coverage at its word and asks no table of members: set members = "trust" for it'
        )
    files = _files(export.resolve(), output.resolve(), asked.order_code)
    return Job(
        export=str(export.resolve()),
        output=str(output.resolve()),
        files=files,
        shards=shards_for(files),
        policy=asked.policy,
        revision=POLICIES[asked.policy].id,
        compared=asked.compare,
        order_code=asked.order_code.upper(),
        today=asked.as_of.date() if asked.as_of else settings.on(),
        payers=settings.known_payers(),
        windows=settings.age_windows(),
        accepts_losses=asked.accept_losses,
    )


def _check(asked: Asked) -> None:
    number = asked.policy
    if number not in POLICIES:
        raise Refused(f"there is no policy {number}; there is {', '.join(POLICIES)}")
    known = [revision.id for revision in REVISIONS[number]]
    if asked.compare and asked.compare not in known:
        raise Refused(f"there is no revision {asked.compare} of policy {number}; there is {', '.join(known)}")
    if asked.order_code and not is_addressed(asked.order_code):
        codes = ", ".join(addressed_codes())
        raise Refused(f"policy {number} does not address {asked.order_code}; it addresses {codes}")
    if (asked.engine == "dask") != bool(asked.scheduler):
        raise Refused("--engine dask and --scheduler ADDRESS go together")


def _files(export: Path, output: Path, order_code: str) -> tuple[ExportFile, ...]:
    """The files to read, if they are there and not our own."""
    if output.is_relative_to(export):
        raise Refused("the output folder lies in the export, and would be read with it: choose another")
    try:
        files, unfinished = find_export(export), find_unfinished(export)
    except OSError as error:
        raise Unreadable(f"{export}: {error.strerror or 'cannot be read'}") from None
    if unfinished:
        raise Unreadable(f"{export}: {', '.join(unfinished)}: unpack it or fetch it to its end, or take it away")
    if not files:
        raise Unreadable(f"{export}: there is no .ndjson or .ndjson.gz file of a type that is read")
    if not order_code and "ServiceRequest" not in {file.resource_type for file in files}:
        raise Unreadable(f"{export}: there is no ServiceRequest to judge; give --order-code to assume an order")
    return files
