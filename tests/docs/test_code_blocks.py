"""Every code block that can be run is run: Python as one session a page, commands with the output that is promised."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest

from cds_service.cli import main
from cds_service.settings import load_settings
from documentation.demonstration import served
from tests.docs.blocks import PAGES, ROOT, Block, all_blocks, blocks_of

WITH_PYTHON = [page for page in PAGES if any(block.language == "python" for block in blocks_of(page))]
LOCAL = "http://127.0.0.1:8000"
SETTINGS_TABLES = {"service", "clients", "payers", "windows"}


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.name)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    session: dict[str, Any] = {"__name__": "documentation"}
    for block in blocks_of(page):
        if block.language == "python":
            exec(compile(block.text, block.place, "exec"), session)


@pytest.fixture(scope="module")
def demonstration() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """As after an installation: the command is on the path."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "coverage-hooks"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cds_service.cli "$@"\n', "utf-8")
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("block", all_blocks("sh"), ids=lambda block: block.place)
def test_a_command_prints_what_the_page_promises(block: Block, demonstration: str, environment: dict[str, str]) -> None:
    if "curl" in block.text and shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    command = block.text.replace(LOCAL, demonstration)
    ran = subprocess.run(["sh", "-ec", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    for line in promised(block):
        assert line in ran.stdout


def promised(block: Block) -> list[str]:
    """The lines of the text block that follows a command; each command of the tutorial has one."""
    following = next(after for before, after in pairwise(blocks_of(block.page)) if before == block)
    assert following.language == "text", f"{block.place}: no output is promised"
    return [line for line in following.text.splitlines() if line]


@pytest.mark.parametrize("block", all_blocks("toml"), ids=lambda block: block.place)
def test_toml_is_read_by_what_it_is_for(block: Block, tmp_path: Path) -> None:
    tables = tomllib.loads(block.text)
    if not tables.keys() & SETTINGS_TABLES:
        assert {"title", "source", "date", "codes"} <= tables.keys()
        return
    path = tmp_path / "settings.toml"
    path.write_text(block.text, "utf-8")
    load_settings(path, environment={})


@pytest.mark.parametrize("block", all_blocks("json"), ids=lambda block: block.place)
def test_json_is_json(block: Block) -> None:
    json.loads(block.text)


def named_commands() -> set[tuple[str, ...]]:
    """What pages say to run: coverage-hooks with its words and options."""
    found = {
        tuple(words.split())
        for page in PAGES
        for words in re.findall(r"coverage-hooks((?: (?:[a-z]+|--[a-z]+)\b)+)", page.read_text("utf-8"))
    }
    return {words for words in found if words[0] in main.commands}


def test_pages_name_commands() -> None:
    assert {"serve", "evaluate", "policy", "clients"} <= {words[0] for words in named_commands()}


@pytest.mark.parametrize("words", sorted(named_commands()), ids=" ".join)
def test_a_command_that_is_named_exists_with_its_options(words: tuple[str, ...]) -> None:
    command: click.Command = main
    for word in words:
        if isinstance(command, click.Group):
            assert word in command.commands
            command = command.commands[word]
        elif word.startswith("--"):
            assert word in {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize(
    "target", sorted({t for p in PAGES for t in re.findall(r"\bmake ([a-z]+)`", p.read_text("utf-8"))})
)
def test_a_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.M)
