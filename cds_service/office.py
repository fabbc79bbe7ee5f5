"""Commands for those who run the service: the database, clients, the record of answers, feedback."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from cds_service.errors import SettingsError
from cds_service.security.checking import check_client
from cds_service.security.clients import Registry
from cds_service.settings import Settings, load_settings
from cds_service.store.calls import purge
from cds_service.store.database import migrate, open_database
from cds_service.store.encryption import rotate, sealer_of
from cds_service.store.errors import StoreError
from cds_service.store.feedback import summary
from cds_service.store.form_links import REMEMBERED, purge_links
from cds_service.store.story import Story, show
from cds_service.store.submitted_forms import purge_forms, rotate_forms

T = TypeVar("T")

CONFIG = click.option(
    "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TOML file with settings."
)


def settings_of(config: Path | None) -> Settings:
    """The settings, or an error a person can act on."""
    try:
        return load_settings(config)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def explained() -> Iterator[None]:
    """What goes wrong with the database or its keys, as an error a person can act on."""
    try:
        yield
    except (StoreError, SettingsError) as error:
        raise click.ClickException(str(error)) from None


def stored(work: Callable[[], T]) -> T:
    """What a use of the database brings, or an error a person can act on."""
    with explained():
        return work()


@click.group()
def db() -> None:
    """The database of the record of answers."""


@db.command()
@CONFIG
def upgrade(config: Path | None) -> None:
    """Bring its tables up to this version."""
    engine = open_database(settings_of(config).database_url)
    stored(lambda: migrate(engine))
    click.echo("the database is up to date")


@click.group()
def clients() -> None:
    """The EHRs that may call."""


@clients.command()
@CONFIG
def check(config: Path | None) -> None:
    """Say what is wrong with the registrations; exit 1 if anything is."""
    registry = stored(lambda: Registry.of(settings_of(config).clients))
    problems = {client.name: check_client(client) for client in registry}
    if not problems:
        raise click.ClickException("no client is registered: add a [[clients]] table")
    for name, found in problems.items():
        click.echo(f"{name}: {'good' if not found else ''}")
        for problem in found:
            click.echo(f"  {problem}")
    sys.exit(1 if any(problems.values()) else 0)


@click.group()
def calls() -> None:
    """The record of answers."""


@calls.command("show")
@click.argument("identity", metavar="ID")
@CONFIG
def show_call(identity: str, config: Path | None) -> None:
    """Tell the whole story of an answer, by the id of its call, of a card, or of an assertion. Holds patient data."""
    settings = settings_of(config)
    engine = open_database(settings.database_url)
    stories = stored(lambda: show(engine, sealer_of(settings.fernet_keys()), identity))
    if not stories:
        raise click.ClickException("nothing is recorded under this id")
    click.echo(json.dumps([_told(story) for story in stories], indent=2, default=str, ensure_ascii=False))


def _told(story: Story) -> dict[str, Any]:
    return {
        "call": {**asdict(story.call), "sealed": story.is_sealed},
        "cards": [asdict(card) for card in story.cards],
        "feedback": [asdict(entry) for entry in story.feedback],
    }


@calls.command("purge")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="Default: older than retention_days.")
@CONFIG
def purge_calls(before: datetime | None, config: Path | None) -> None:
    """Remove what is older than the retention time."""
    settings = settings_of(config)
    until = before.replace(tzinfo=UTC) if before else datetime.now(UTC) - timedelta(days=settings.retention_days)
    engine = open_database(settings.database_url)
    removed = stored(lambda: purge(engine, until))
    stored(lambda: purge_forms(engine, until))
    stored(lambda: purge_links(engine, datetime.now(UTC) - REMEMBERED))
    click.echo(f"{removed} calls removed")


@calls.command()
@CONFIG
def rekey(config: Path | None) -> None:
    """Seal all payloads anew with the first of record_keys."""
    settings = settings_of(config)
    sealer = stored(lambda: sealer_of(settings.fernet_keys()))
    if sealer is None:
        raise click.ClickException("no record_keys are set")
    engine = open_database(settings.database_url)
    click.echo(f"{stored(lambda: rotate(engine, sealer) + rotate_forms(engine, sealer))} payloads sealed anew")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@CONFIG
def feedback(as_json: bool, config: Path | None) -> None:
    """Summarize what became of cards: accepted and overridden, by criterion and reason."""
    engine = open_database(settings_of(config).database_url)
    rows = [asdict(row) for row in stored(lambda: summary(engine))]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        click.echo("no feedback yet")
        return
    click.echo("\n".join(table(rows)))


def table(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Rows with the same members as lines of text, the names of the members first."""
    listed = list(rows)
    lines = [dict(zip(listed[0], listed[0], strict=True)), *listed]
    widths = [max(len(str(line[head])) for line in lines) for head in listed[0]]
    return ["  ".join(str(v).ljust(w) for v, w in zip(line.values(), widths, strict=True)).rstrip() for line in lines]
