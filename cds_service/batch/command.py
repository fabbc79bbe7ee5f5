"""The command `coverage-hooks batch`: a policy held against a FHIR Bulk Data export."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from cds_service.batch.asking import Asked, Refused, Unreadable, job_of
from cds_service.batch.engines import Engine, EngineError
from cds_service.batch.evaluation import CHANGES, DETERMINATIONS
from cds_service.batch.job import Job, OtherJob
from cds_service.batch.partition import BAD_LINES
from cds_service.batch.running import run
from cds_service.batch.summary import as_json, as_text
from cds_service.batch.workspace import InUse, finished_file, held
from cds_service.office import CONFIG, settings_of
from cds_service.operations.logs import configure_logging

EXIT_UNREADABLE: Final = 2
SUMMARY: Final = "summary.json"
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("export", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--output", type=_FOLDER, required=True, help="Folder for the answers; it holds patient data.")
@click.option("--policy", default="151", show_default=True)
@click.option("--order-code", default="", help="Assume an order of this CPT or HCPCS code for every patient.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of evaluation. Default: today.")
@click.option("--compare", default="", metavar="REVISION", help="Say what this revision would change.")
@click.option("--workers", default=os.cpu_count() or 1, show_default="all processors", type=click.IntRange(1, 256))
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option(
    "--scheduler", default="", metavar="ADDRESS", help="The Dask scheduler: tcp://host:port, tls://host:port."
)
@click.option("--accept-losses", is_flag=True, help="Judge as if lines that are lost had held nothing.")
@click.option("--restart", is_flag=True, help="Remove what an earlier batch left in the output folder.")
@click.option("--json", "is_json", is_flag=True, help="Print the summary as JSON.")
@CONFIG
def batch(export: Path, output: Path, config: Path | None, restart: bool, is_json: bool, **options: Any) -> None:
    """Hold a policy against a FHIR Bulk Data export (NDJSON files): a determination for each patient.

    Without --order-code the ServiceRequests of the export are judged that the policy addresses. A batch that was
    stopped goes on where it was when the same command is given again.
    """
    settings = settings_of(config)
    configure_logging(settings.log_level)
    asked = Asked(**options)
    try:
        told = _done(job_of(export, output, asked, settings), asked.engine_of(settings), restart)
    except Unreadable as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_UNREADABLE)
    except Refused as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(told, indent=2) if is_json else "\n".join(as_text(told)))


def _done(job: Job, engine: Engine, restart: bool) -> dict[str, Any]:
    """The summary once all is done. Raises Refused when it cannot be begun or gone on with."""
    output = Path(job.output)
    if (output / SUMMARY).exists() and not restart:
        raise Refused(f"{output} holds a finished batch: choose another folder, or give --restart")
    output.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with held(output):
            _clear(job, restart)
            return _summarized(job, engine)
    except InUse:
        raise Refused(f"another batch is at work in {output}") from None
    except OtherJob as error:
        remedy = "give the earlier command again to go on with it, or --restart to begin anew"
        raise Refused(f"{output} holds another batch ({error}): {remedy}") from None
    except EngineError as error:
        raise Refused(f"stopped: {error}; give the same command again to go on") from None


def _clear(job: Job, restart: bool) -> None:
    if restart:
        shutil.rmtree(job.work, ignore_errors=True)
        for name in (SUMMARY, DETERMINATIONS, CHANGES, BAD_LINES):
            (Path(job.output) / name).unlink(missing_ok=True)
    job.work.mkdir(mode=0o700, exist_ok=True)


def _summarized(job: Job, engine: Engine) -> dict[str, Any]:
    """Do it and write the summary last: where it stands all else is whole, and the work folder is not needed."""
    told = as_json(job, run(job, engine, _show))
    with finished_file(Path(job.output) / SUMMARY) as file:
        file.write(json.dumps(told, indent=2).encode())
    shutil.rmtree(job.work)
    return told


def _show(stage: str, steps: int, done: Iterator[None]) -> None:
    """A progress bar on stderr, where that is a terminal."""
    with click.progressbar(done, length=steps, label=stage, file=sys.stderr) as bar:
        for _ in bar:
            pass
