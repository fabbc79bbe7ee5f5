"""The site is built without a warning, and its pages load nothing from elsewhere."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from documentation.screenshot import SIZE
from tests.docs.blocks import ROOT

HEAVIEST = 300_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(words, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder


@pytest.mark.parametrize(
    "name", ["index", "tutorial", "concepts", "register-a-client", "add-a-policy", "members", "settings"]
)
def test_a_page_is_built(site: Path, name: str) -> None:
    assert "<h1" in (site / f"{name}.html").read_text("utf-8")


def test_the_reference_is_part_of_it(site: Path) -> None:
    assert (site / "reference/openapi.json").exists()
    assert "coverage-hooks evaluate" in (site / "reference/commands.html").read_text("utf-8")


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = re.compile(
        r'<(?:script|img|iframe)[^>]+src="https?:|<link[^>]+rel="(?:stylesheet|preconnect)"[^>]+href="https?:'
    )
    assert [page.name for page in site.rglob("*.html") if loaded.search(page.read_text("utf-8"))] == []


def test_the_picture_of_the_console_is_a_small_png() -> None:
    picture = (ROOT / "docs/console.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == tuple(SIZE.values())
    assert len(picture) < HEAVIEST
    assert "docs/console.png" in (ROOT / "README.md").read_text("utf-8")
