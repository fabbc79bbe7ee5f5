"""What a batch is to do, written down: the processes that share it read it, and a later run compares itself with it."""

import itertools
from dataclasses import dataclass, field, fields, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from cds_service.batch.workspace import WORK, finished_file
from cds_service.judging import Terms
from cds_service.policies import revision_of
from fhir_mappings.bulk_export import ExportFile
from fhir_mappings.chart import Windows
from fhir_mappings.payers import Payer

PART_BYTES: Final = 256 * 1024 * 1024
"""How much of the export one process splits by patient at a time."""

SHARD_BYTES: Final = 16 * 1024 * 1024
"""How much of the export goes into one shard: with what Python needs for it, this is what bounds a process."""

_JOB: Final = "job.json"
FEWEST_SHARDS: Final = 8
MOST_SHARDS: Final = 1024
"""More would make more files than file systems like; above 16 GB shards grow instead."""


class OtherJob(Exception):
    """The folder holds the work of a batch that was asked something else; `differences` names what."""

    def __init__(self, differences: tuple[str, ...]) -> None:
        super().__init__(", ".join(differences))
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Job:
    """A batch: the export, the order assumed of every patient (blank: those of the export), and the terms.

    It is read by other processes, on other machines too, so a revision stands here by its id.
    """

    export: str
    output: str
    files: tuple[ExportFile, ...]
    shards: int
    policy: str
    revision: str
    compared: str
    order_code: str
    today: date
    payers: tuple[Payer, ...]
    windows: Windows
    accepts_losses: bool = False
    software: str = field(default_factory=lambda: version("coverage-hooks"))

    @property
    def work(self) -> Path:
        """Where everything lies until the batch is finished."""
        return Path(self.output) / WORK

    def parts(self) -> tuple[tuple[int, ...], ...]:
        """The files, by their places in `files`, that are split by patient in one go."""
        sizes = itertools.accumulate(file.bytes_unpacked for file in self.files)
        grouped = itertools.groupby(enumerate(sizes), key=lambda place: place[1] // PART_BYTES)
        return tuple(tuple(number for number, _ in group) for _, group in grouped)

    def terms(self) -> Terms:
        """How its orders are judged."""
        return Terms(self.payers, self.windows, self.today, revision_of(self.policy, self.revision))

    def compared_terms(self) -> Terms | None:
        """How they are judged a second time, if another revision is asked about."""
        if not self.compared:
            return None
        return replace(self.terms(), revision=revision_of(self.policy, self.compared))

    def place(self, file: int, line: int) -> str:
        """A line of the export, as people are told of it."""
        return f"{self.files[file].name}:{line}"

    def differences(self, earlier: "Job") -> tuple[str, ...]:
        """In what an earlier batch differs, so that this one cannot go on with its work."""
        names = [f.name for f in fields(self) if getattr(self, f.name) != getattr(earlier, f.name)]
        return tuple(f"{name} was {was}" if _is_short(was := getattr(earlier, name)) else name for name in names)


@dataclass(frozen=True, slots=True)
class Task:
    """One part or one shard of a batch, by its number; the batch is the one written down in the folder."""

    work: str
    number: int

    def job(self) -> Job:
        """The batch it belongs to."""
        return read_job(Path(self.work))


def write_job(job: Job) -> None:
    """Write down what is asked, for the processes that share it and for a later run."""
    with finished_file(job.work / _JOB) as file:
        file.write(msgspec.json.encode(job))


def read_job(work: Path) -> Job:
    """The batch whose work lies in a folder. Raises OtherJob for one of another version that cannot be read."""
    try:
        return _job.decode((work / _JOB).read_bytes())
    except msgspec.DecodeError:
        raise OtherJob(("software",)) from None


def begin(job: Job) -> None:
    """Write down a batch that is new; raises OtherJob if its folder holds the work of one that differs."""
    if not (job.work / _JOB).exists():
        write_job(job)
    different = job.differences(read_job(job.work))
    if different:
        raise OtherJob(different)


def _is_short(value: object) -> bool:
    return isinstance(value, str | int | date)


def shards_for(files: tuple[ExportFile, ...]) -> int:
    """Into how many shards an export is split."""
    size = sum(file.bytes_unpacked for file in files)
    return min(max(size // SHARD_BYTES, FEWEST_SHARDS), MOST_SHARDS)


_job = msgspec.json.Decoder(Job)
