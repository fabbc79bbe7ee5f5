"""Small exports for the tests of the batch, and the command as a person gives it."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner, Result

from cds_service import cli
from tests.policy_151.patients import PATIENT, TODAY, chart_of
from tests.policy_151.table import TABLE

Json = dict[str, Any]

CORE: Final = ("Patient", "Condition", "Observation", "Procedure")
HCC: Final[Json] = tomllib.loads(TABLE.read_text("utf-8"))["base"]["hcc"]
"""The facts of a patient with a liver cell carcinoma who meets everything."""


def resources_of(patient_id: str, **facts: Any) -> list[Json]:
    """A patient with a liver cell carcinoma, with these facts otherwise; a fact of None is not on record."""
    known = {name: value for name, value in {**HCC, **facts}.items() if value is not None}
    written = json.loads(json.dumps(chart_of(known).resources).replace(f"Patient/{PATIENT}", f"Patient/{patient_id}"))
    return [{"resourceType": "Patient", "id": patient_id}, *written]


def write_export(folder: Path, *patients: Iterable[Json], types: Iterable[str] = CORE) -> Path:
    """An export with a file for each type, those named too where they are empty."""
    folder.mkdir(exist_ok=True)
    lines: dict[str, list[str]] = {kind: [] for kind in types}
    for resource in (resource for resources in patients for resource in resources):
        lines.setdefault(resource["resourceType"], []).append(json.dumps(resource))
    for kind, written in lines.items():
        (folder / f"{kind}.ndjson").write_text("".join(f"{line}\n" for line in written), "utf-8")
    return folder


def batch(export: Path, output: Path, *words: str, **environment: str) -> Result:
    """Give the command, with one worker: in this process."""
    given = ["batch", str(export), "--output", str(output), "--as-of", TODAY.isoformat(), "--workers", "1", *words]
    return CliRunner().invoke(cli.main, given, env=environment)


def assumed(export: Path, output: Path, *words: str, **environment: str) -> Result:
    """Give the command for an assumed ablation, and see it end well."""
    shown = batch(export, output, "--order-code", "47382", *words, **environment)
    assert shown.exit_code == 0, shown.output
    return shown


def said(output: Path) -> list[Json]:
    """The lines of the answer."""
    return [json.loads(line) for line in (output / "determinations.ndjson").read_text("utf-8").splitlines()]


def outcomes(output: Path) -> dict[str, str]:
    """Each patient's outcome."""
    return {line["patient"]: line["outcome"] for line in said(output)}


def summary(output: Path) -> Json:
    """The summary as it is kept."""
    return dict(json.loads((output / "summary.json").read_text("utf-8")))
