"""The commands as they explain themselves, as a page."""

from collections.abc import Iterator
from typing import Final

import click

from cds_service.cli import main

_WIDTH: Final = 100


def commands_page() -> str:
    """Every command with what it says for --help."""
    head = [
        "# Commands",
        "",
        "What `coverage-hooks --help` says, command by command. Written by `python -m documentation`.",
    ]
    return "\n".join(
        [*head, *(line for words, command in _walk(("coverage-hooks",), main) for line in _told(words, command))]
    )


def _walk(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walk((*words, name), command.commands[name])


def _told(words: tuple[str, ...], command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(words), max_content_width=_WIDTH, terminal_width=_WIDTH)
    yield from ("", f"## `{' '.join(words)}`", "", "```text", command.get_help(context).rstrip(), "```")
