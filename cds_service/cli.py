"""The command coverage-hooks: serve, demo, evaluate, policy."""

import json
import os
import sys
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces

from cds_service import check_of
from cds_service.batch.command import batch
from cds_service.coverage_check import check_orders
from cds_service.discovery import OFFERED
from cds_service.errors import RequestError
from cds_service.hook_request import parse_request
from cds_service.loading import authorizations, members
from cds_service.office import CONFIG, calls, clients, db, feedback, settings_of
from cds_service.operations.logs import configure_logging, server_logging
from cds_service.operations.metrics import prepare_metrics
from cds_service.policies import POLICIES
from cds_service.policy import outline
from cds_service.reports import metrics
from cds_service.settings import PREFIX, Settings, is_loopback
from cds_service.terminal import tree

EXIT_UNREADABLE = 2
SPARE_THREADS = 4  # for everything that is no call, and for turning away calls when there are too many


@click.group()
@click.version_option(package_name="coverage-hooks")
def main() -> None:
    """Explainable coverage criteria for orders, over CDS Hooks."""


for command in (batch, db, clients, calls, feedback, members, authorizations, metrics):
    main.add_command(command)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@CONFIG
def serve(host: str, port: int, workers: int, config: Path | None) -> None:
    """Run the production server."""
    settings = settings_of(config)
    if settings.auth == "off" and not is_loopback(host):
        raise click.ClickException("auth = off is for loopback only: bind to 127.0.0.1, or set auth = jwt")
    if config:
        os.environ[f"{PREFIX}CONFIG"] = str(config.resolve())
    _run("cds_service.worker:service", host, port, workers, settings)


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(port: int) -> None:
    """Run the service with an embedded EHR and a console, on this machine only."""
    os.environ.setdefault(f"{PREFIX}AUTH", "off")
    base = f"http://127.0.0.1:{port}"
    os.environ.setdefault(f"{PREFIX}PUBLIC_URL", base)
    os.environ.setdefault(f"{PREFIX}INSIGHTS", "true")
    os.environ.setdefault(f"{PREFIX}FHIR_SERVERS", f"{base}/demo/fhir,http://localhost:{port}/demo/fhir")
    settings = settings_of(None)
    click.echo(f"console:   {base}/\ndiscovery: {base}/cds-services\nFHIR:      {base}/demo/fhir")
    _run("cds_service.worker:demonstration", "127.0.0.1", port, 1, settings)


def _run(target: str, host: str, port: int, workers: int, settings: Settings) -> None:
    configure_logging(settings.log_level)  # also what the server says before it has workers
    prepare_metrics(workers)
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        factory=True,
        blocking_threads=settings.max_calls_in_flight + SPARE_THREADS,
        workers_kill_timeout=20,  # calls in flight are finished on SIGTERM, within this time
        respawn_failed_workers=True,
        log_dictconfig=server_logging(),
    ).serve()


@main.command()
@click.argument("request_file", type=click.Path(dir_okay=False, path_type=Path), metavar="REQUEST.json")
@click.option("--json", "as_json", is_flag=True, help="Print the determinations as JSON.")
@CONFIG
def evaluate(request_file: Path, as_json: bool, config: Path | None) -> None:
    """Evaluate a CDS Hooks request from a file, without a network."""
    settings = settings_of(config)
    try:
        request = parse_request(request_file.read_bytes(), *(service.hook for service in OFFERED))
        judged = check_orders(request, check_of(settings), settings.on(), fhir_servers=()).judged
    except (OSError, RequestError) as error:
        click.echo(f"{request_file}: {_reason(error)}", err=True)
        sys.exit(EXIT_UNREADABLE)
    if as_json:
        click.echo(json.dumps([one.determination.as_json() for one in judged], indent=2, ensure_ascii=False))
        return
    if not judged:
        click.echo("no order here is addressed by a policy")
    for one in judged:
        click.echo("\n".join([*tree(one.determination), ""]))


def _reason(error: Exception) -> str:
    if isinstance(error, RequestError):
        return f"{error.place}: {error.message}" if error.place else error.message
    return getattr(error, "strerror", None) or "cannot be read"


@main.command()
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def policy(number: str, form: str) -> None:
    """Print a policy as the numbered outline a clinician reviews."""
    revision = POLICIES.get(number)
    if revision is None:
        raise click.ClickException(f"there is no policy {number}; there is {', '.join(POLICIES)}")
    if form == "json":
        click.echo(json.dumps(outline.as_json(revision), indent=2, ensure_ascii=False))
    else:
        click.echo(outline.as_text(revision) if form == "text" else outline.as_markdown(revision), nl=False)


if __name__ == "__main__":
    main()
