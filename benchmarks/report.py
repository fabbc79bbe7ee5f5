"""What a measurement found, as it is kept in results/ and shown in docs/performance.md."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from benchmarks.spread import Spread

RESULTS: Final = Path(__file__).parent / "results"

Verdict = Literal["met", "missed", ""]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it says, what came out, and where there is one the target and whether it is met."""

    what: str
    result: str
    target: str = ""
    verdict: Verdict = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers beside a figure."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing beside the document."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one measurement found. `text` says what was done and what the figures mean."""

    name: str
    title: str
    text: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A section with the day and the machine of its run, and how long a run it was."""

    date: str
    machine: str
    effort: str
    section: Section


def at_most(what: str, found: Spread, limit: float, unit: str = "") -> Figure:
    """A figure whose median is to stay at a limit or below."""
    met: Verdict = "met" if found.median <= limit else "missed"
    return Figure(what, found.shown(unit), f"at most {_with_unit(limit, unit)}", met)


def at_least(what: str, found: Spread, limit: float, unit: str = "") -> Figure:
    """A figure whose median is to reach a limit."""
    met: Verdict = "met" if found.median >= limit else "missed"
    return Figure(what, found.shown(unit), f"at least {_with_unit(limit, unit)}", met)


def exactly(what: str, found: int, wanted: int) -> Figure:
    """A count that is to be this and nothing else."""
    return Figure(what, f"{found:,}", f"{wanted:,}", "met" if found == wanted else "missed")


def _with_unit(limit: float, unit: str) -> str:
    return f"{limit:g} {unit}".rstrip()


def keep(result: Result, folder: Path = RESULTS) -> None:
    """Keep a result in place of the one before."""
    folder.mkdir(exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(result), indent=1)
    (folder / f"{result.section.name}.json").write_bytes(text + b"\n")


def kept(name: str, folder: Path = RESULTS) -> Result | None:
    """The result of a measurement, if it was ever made."""
    path = folder / f"{name}.json"
    return msgspec.json.decode(path.read_bytes(), type=Result) if path.exists() else None
