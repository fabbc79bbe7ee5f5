"""The documents say what the runs found, misses included, and nothing of where they ran."""

import re
from pathlib import Path

import pytest

from benchmarks import document
from benchmarks.document import BEGIN, END, filled, in_terminal, results
from benchmarks.machine import company, processor
from benchmarks.report import Figure, Plot, Result, Section, Table, at_least, at_most, exactly, keep, kept
from benchmarks.spread import Spread

SLOW = at_most("a call", Spread(3, 2, 4), 2.5, "ms")
SECTION = Section(
    "determination", "A full determination", "What was done.", (SLOW, Figure("a size", "7 MB")),
    (Table("By size", ("n", "us"), (("10", "5"),)),), (Plot("a.svg", "A line"),),
)  # fmt: skip
RESULT = Result("2026-11-24", "2 cores", "full", SECTION)


@pytest.mark.parametrize(
    ("figure", "target", "verdict"),
    [
        (at_most("x", Spread.of([1.2]), 1.2), "at most 1.2", "met"),
        (at_most("x", Spread(1.21, 1, 2), 1.2), "at most 1.2", "missed"),
        (at_most("x", Spread.of([120.0]), 120, "MiB"), "at most 120 MiB", "met"),
        (at_least("x", Spread(10, 1, 20), 10), "at least 10", "met"),
        (at_least("x", Spread(9.9, 1, 20), 10), "at least 10", "missed"),
        (exactly("x", 0, 0), "0", "met"),
        (exactly("x", 1, 0), "0", "missed"),
    ],
)
def test_a_target_is_met_or_missed_by_the_median(figure: Figure, target: str, verdict: str) -> None:
    assert (figure.target, figure.verdict) == (target, verdict)


def test_what_is_kept_is_what_was_found(tmp_path: Path) -> None:
    keep(RESULT, tmp_path)
    assert kept("determination", tmp_path) == RESULT
    assert kept("soak", tmp_path) is None
    assert results(tmp_path) == [RESULT]


def test_a_missed_target_stands_at_the_top_and_in_its_section() -> None:
    page = document.document([RESULT])
    missed = "| a call | 3.00 (2.00 to 4.00) ms | at most 2.5 ms | **missed** |"
    assert page.count(missed.removeprefix("| a call")) == 2
    assert "[A full determination](#a-full-determination) | a call" in page
    assert page.index("## Targets") < page.index("## A full determination")


def test_a_section_has_its_day_its_machine_its_tables_and_its_plots() -> None:
    page = document.document([RESULT])
    for said in ("*2026-11-24: 2 cores.*", "| a size | 7 MB |", "By size:\n\n| n | us |", "![A line](a.svg)"):
        assert said in page


def test_a_short_run_says_that_it_was_one() -> None:
    assert "A quick run: of little weight." in document.document([Result("2026-11-24", "2 cores", "quick", SECTION)])


def test_nothing_measured_promises_nothing() -> None:
    assert "Targets\n" not in document.document([])


def test_figures_go_between_the_marks_of_their_page() -> None:
    page = f"before\n{BEGIN}old\n{END}after\n"
    found = filled(page, RESULT)
    assert found.startswith(f"before\n{BEGIN}")
    assert found.endswith(f"{END}after\n")
    assert "old" not in found
    assert filled(found, RESULT) == found


def test_a_page_without_marks_is_not_written_over() -> None:
    with pytest.raises(ValueError, match="marks"):
        filled("a page of words", RESULT)


def test_a_terminal_shows_the_same_figures() -> None:
    shown = in_terminal(RESULT)
    for word in ("a call", "3.00 (2.00 to 4.00) ms", "missed", "10  5"):
        assert word in shown


def test_a_machine_is_told_in_words() -> None:
    assert processor("processor\t: 0\nmodel name\t: AMD EPYC\nmodel name\t: other\n") == "AMD EPYC"
    assert processor("") == "an unnamed processor"


@pytest.mark.parametrize(("load", "is_shared"), [(0.1, False), (0.49, False), (0.5, True), (6.4, True)])
def test_a_machine_that_does_something_else_is_told_to_be_shared(load: float, is_shared: bool) -> None:
    assert ("shared" in company(load, 2)) is is_shared


@pytest.mark.parametrize("path", document.pages(), ids=lambda path: path.name)
def test_the_documents_are_what_the_kept_results_say(path: Path) -> None:
    """Out of date: run `python -c "from benchmarks.document import write; write()"`."""
    assert path.read_text("utf-8") == document.pages()[path]


@pytest.mark.parametrize("path", document.pages(), ids=lambda path: path.name)
def test_the_documents_name_no_folder_and_no_host(path: Path) -> None:
    assert re.findall(r"/(?:tmp|home|root|work)\b|\b\d+\.\d+\.\d+\.\d+:\d+", path.read_text("utf-8")) == []


def test_every_plot_of_a_result_is_there() -> None:
    plots = [plot.file for result in results() for plot in result.section.plots]
    assert [name for name in plots if not (document.DOCUMENTS / name).exists()] == []
