"""Commands that load what a payer knows: its members, and the prior authorizations it gave."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cds_service.office import CONFIG, settings_of, stored
from cds_service.payer_files import FileRefused, read_authorizations, read_members
from cds_service.settings import Settings
from cds_service.store.authorizations import replace_authorizations
from cds_service.store.database import migrate, open_database
from cds_service.store.members import replace_members

T = TypeVar("T")

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.csv")


@click.group()
def members() -> None:
    """The members of the payers, for members = "table"."""


@members.command("load")
@FILE
@CONFIG
def load_members(file: Path, config: Path | None) -> None:
    """Load members from a CSV file with the columns payer, member, plan, starts, ends.

    The file replaces all members of every payer it names; those of other payers stay. It is loaded as a whole or not
    at all: where a line is wrong, lines and columns are listed and nothing changes.
    """
    settings = settings_of(config)
    lines = _checked(lambda: read_members(file, settings.known_payers()))
    _load(settings, replace_members, lines)


@click.group()
def authorizations() -> None:
    """The prior authorizations the payers gave."""


@authorizations.command("load")
@FILE
@CONFIG
def load_authorizations(file: Path, config: Path | None) -> None:
    """Load prior authorizations from a CSV file: payer, member, code, number, starts, ends, practitioner.

    The file replaces all authorizations of every payer it names; those of other payers stay. It is loaded as a whole
    or not at all: where a line is wrong, lines and columns are listed and nothing changes.
    """
    settings = settings_of(config)
    lines = _checked(lambda: read_authorizations(file, settings.known_payers()))
    _load(settings, replace_authorizations, lines)


def _checked(read: Callable[[], T]) -> T:
    try:
        return read()
    except FileRefused as refused:
        raise click.ClickException(f"nothing was loaded\n{refused}") from None


def _load(settings: Settings, replace: Callable[[Any, list[T]], int], lines: list[T]) -> None:
    def work() -> int:
        engine = open_database(settings.database_url)
        migrate(engine)
        return replace(engine, lines)

    click.echo(f"{stored(work)} lines loaded")
