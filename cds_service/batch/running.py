"""A whole batch: split by patient, judge shard by shard, put together; what an earlier run finished is kept."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from cds_service.batch.engines import Engine, each_done
from cds_service.batch.evaluation import CHANGES, DETERMINATIONS, evaluate, shard_folder, tally_of
from cds_service.batch.job import Job, Task, begin
from cds_service.batch.partition import BAD_LINES, Report, part_folder, partition, report_of
from cds_service.batch.shards import Reach, reach_of, write_reach
from cds_service.batch.tally import Tally
from cds_service.batch.workspace import finished_file

Progress = Callable[[str, int, Iterator[None]], None]
"""Shows how far a stage is: its name, how many steps it has, and the steps as they are done."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a batch came to: counts, and what the export held and lacked."""

    tally: Tally
    report: Report
    reach: Reach


def run(job: Job, engine: Engine, show: Progress) -> Result:
    """Do a batch, or the rest of it. Raises OtherJob and EngineError; what was finished by then stays."""
    begin(job)
    parts = [Task(str(job.work), number) for number in range(len(job.parts()))]
    show("splitting by patient", len(parts), each_done(engine, partition, parts))
    report = reduce(Report.plus, (report_of(job, part.number) for part in parts), Report())
    reach = reach_of(job, report)
    write_reach(job, reach)
    shards = [Task(str(job.work), number) for number in range(job.shards)]
    show("judging", len(shards), each_done(engine, evaluate, shards))
    tally = reduce(Tally.plus, (tally_of(job, shard.number) for shard in shards), Tally())
    _put_together(job)
    return Result(tally, report, reach)


def _put_together(job: Job) -> None:
    """One file of each kind, by shard and patient: the same however many processes there were."""
    output = Path(job.output)
    shards = [shard_folder(job, shard) for shard in range(job.shards)]
    _join(output / DETERMINATIONS, (folder / DETERMINATIONS for folder in shards))
    if job.compared:
        _join(output / CHANGES, (folder / CHANGES for folder in shards))
    _join(output / BAD_LINES, (part_folder(job, number) / BAD_LINES for number in range(len(job.parts()))))


def _join(whole: Path, pieces: Iterable[Path]) -> None:
    with finished_file(whole) as file:
        for path in pieces:
            with path.open("rb") as piece:
                shutil.copyfileobj(piece, file)
