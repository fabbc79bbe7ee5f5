"""The generated pages of the reference, and where they stand."""

from pathlib import Path
from typing import Final

from documentation.commands import commands_page
from documentation.http_api import api_page, openapi_text

FOLDER: Final = Path(__file__).parents[1] / "docs" / "reference"


def reference() -> dict[str, str]:
    """The text of each generated file, by its name."""
    return {"commands.md": commands_page(), "openapi.json": openapi_text(), "http-api.md": api_page()}


def write_reference() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in reference().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
