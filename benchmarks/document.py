"""docs/performance.md, written from what is kept in results/; a test fails when it is out of date."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.report import RESULTS, Figure, Plot, Result, Section, Table, kept

DOCUMENTS: Final = Path(__file__).parent.parent / "docs"
DOCUMENT: Final = DOCUMENTS / "performance.md"
SCALING: Final = DOCUMENTS / "scaling.md"
ELSEWHERE: Final = {"scale-out": SCALING}
"""Sections that stand in a page of their own, between its marks."""

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
ORDER: Final = (
    "determination", "unaddressed", "linear", "policy", "peers", "reading", "footprint", "record", "signed-calls",
    "first-card", "profile", "soak", "scale-out",
)  # fmt: skip
HEAD: Final = """\
# Performance

Written by `make bench`, `make soak` and `make scaleout` from what each run kept in `benchmarks/results/`; a test fails
when it is out of date. Times hold for the machine and the day named with them. What can be compared elsewhere are
ratios: both sides are measured in one run, in rounds that alternate. A figure is the median of the rounds, with the
lowest and the highest in parentheses. Targets that are missed stand here like those that are met. How to run it all:
`benchmarks/README.md`.
"""


def document(results: Sequence[Result]) -> str:
    """The page: targets first, then each measurement."""
    here = [result for result in results if result.section.name not in ELSEWHERE]
    return "\n".join([HEAD, *_targets(results), *(_section(result) for result in here)])


def filled(page: str, result: Result) -> str:
    """A page with a measurement between its marks. Raises ValueError for a page without them."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"the page of {result.section.name} lacks the marks its figures stand between")
    return f"{before}{BEGIN}\n{_section(result)}\n{END}{after}"


def pages(folder: Path = RESULTS) -> dict[Path, str]:
    """What each page should say."""
    found = results(folder)
    apart = {path: result for result in found if (path := ELSEWHERE.get(result.section.name))}
    return {DOCUMENT: document(found)} | {path: filled(path.read_text("utf-8"), one) for path, one in apart.items()}


def write(folder: Path = RESULTS) -> None:
    """Write the pages anew."""
    for path, text in pages(folder).items():
        path.write_text(text, "utf-8")


def results(folder: Path = RESULTS) -> list[Result]:
    """What is kept, in the order of the page."""
    return [result for name in ORDER if (result := kept(name, folder)) is not None]


def _targets(found: Iterable[Result]) -> list[str]:
    rows = [
        (_link(result.section), *_cells(figure))
        for result in found
        for figure in result.section.figures
        if figure.target
    ]
    if not rows:
        return []
    return ["## Targets\n", _grid(("measured in", "figure", "result", "target", ""), rows)]


def _section(result: Result) -> str:
    section = result.section
    parts = [f"## {section.title}\n", f"{section.text}\n", f"*{_when(result)}*\n"]
    if section.figures:
        parts.append(_grid(("figure", "result", "target", ""), [_cells(figure) for figure in section.figures]))
    parts += [_table(table) for table in section.tables]
    parts += [_plot(plot) for plot in section.plots]
    return "\n".join(parts)


def _when(result: Result) -> str:
    short = "" if result.effort == "full" else f" A {result.effort} run: of little weight."
    return f"{result.date}: {result.machine}.{short}"


def _cells(figure: Figure) -> tuple[str, str, str, str]:
    return figure.what, figure.result, figure.target, f"**{figure.verdict}**" if figure.verdict else ""


def _table(table: Table) -> str:
    grid = _grid(table.columns, table.rows)
    return f"{table.title}:\n\n{grid}" if table.title else grid


def _grid(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _plot(plot: Plot) -> str:
    return f"![{plot.caption}]({plot.file})\n"


def _link(section: Section) -> str:
    page = ELSEWHERE.get(section.name)
    return f"[{section.title}]({page.name if page else ''}#{_anchor(section.title)})"


def _anchor(title: str) -> str:
    """The anchor GitHub and the documentation site give a heading."""
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c == "-")


def in_terminal(result: Result) -> str:
    """The figures of a section as lines that stand under each other."""
    rows: list[Sequence[str]] = [(f.what, f.result, f.target, f.verdict) for f in result.section.figures]
    blocks = [rows] if rows else []
    blocks += [[table.columns, *table.rows] for table in result.section.tables]
    texts = ["\n".join(_aligned(block)) for block in blocks]
    return "\n\n".join([f"{result.section.title} ({result.effort}; {result.machine})", *texts, ""])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
