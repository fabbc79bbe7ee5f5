"""Several instances: what is counted as equal is equal, and the arithmetic follows from what one instance took."""

from pathlib import Path

import pytest

from benchmarks.measurements.linear import section as growth
from benchmarks.scale_out.balancer import configuration
from benchmarks.scale_out.database import Statement, Work, is_ours, shortened
from benchmarks.scale_out.findings import arithmetic, counts, per_core, section, statements
from benchmarks.scale_out.trial import Trial, without_uuids
from benchmarks.spread import Spread

WORK = Work((Statement("INSERT INTO hook_call", 100, 10.0), Statement("SELECT 1", 1, 0.1)), log=400_000, growth=500_000)
ONE = Trial(
    1, 100, 50.0, 10.0, 20.0, {"instances": 0.004, "nginx": 0.0002, "PostgreSQL": 0.0005}, WORK,
    different=0, unanswered=0, unrecorded=0, recorded_twice=0,
)  # fmt: skip


def test_a_core_answers_what_its_time_is_enough_for() -> None:
    assert per_core(ONE.cpu).startswith("250 calls a second")


def test_a_thousand_calls_a_second_take_the_cores_their_time_adds_up_to() -> None:
    """4 ms of a core each, cores 70 % busy: 5.71; 4 KB of log and 5 KB of record each, ten hours a day."""
    rows = {row[0]: row[1:] for row in arithmetic(ONE).rows}
    assert rows["1,000"] == ("5.71", "0.714", "4.00", "5,400")
    assert rows["100"] == ("0.571", "0.0714", "0.400", "540")


def test_a_statement_that_most_calls_do_not_need_is_not_shown() -> None:
    assert statements(ONE).rows == (
        ("`INSERT INTO hook_call`", "1.00", "100"),
        ("write-ahead log, bytes", "4,000", ""),
        ("growth of the database, bytes", "5,000", ""),
    )


@pytest.mark.parametrize("member", ["different", "unanswered", "unrecorded", "recorded_twice"])
def test_one_call_that_is_not_well_misses_its_target(member: str) -> None:
    bad = Trial(**{name: getattr(ONE, name) for name in ONE.__slots__} | {member: 1})
    assert [figure.verdict for figure in counts(ONE)] == ["met"] * 4
    assert [figure.verdict for figure in counts(bad)].count("missed") == 1


def test_the_section_has_every_number_of_instances() -> None:
    assert len(section([ONE, ONE]).figures) == 9


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("INSERT INTO card(uuid, call_id) VALUES ($1, $2)", "INSERT INTO card"),
        ("INSERT INTO hook_call (id) VALUES ($1)", "INSERT INTO hook_call"),
        ("COMMIT", "COMMIT"),
        (
            "SELECT a.code, a.number \nFROM prior_authorization AS a WHERE a.payer = $1",
            "SELECT FROM prior_authorization",
        ),
        ("SELECT $1", "SELECT $1"),
    ],
)
def test_a_statement_is_known_by_its_verb_and_table(text: str, shown: str) -> None:
    assert shortened(text) == shown


def test_what_the_meter_asks_itself_is_not_counted() -> None:
    assert not is_ours("SELECT pg_stat_statements_reset()")
    assert is_ours("INSERT INTO card (uuid) VALUES ($1)")


def test_answers_that_differ_in_ids_of_cards_only_are_equal() -> None:
    first = {"cards": [{"uuid": "a", "summary": "covered", "suggestions": [{"uuid": "b", "label": "x"}]}]}
    again = {"cards": [{"uuid": "c", "summary": "covered", "suggestions": [{"uuid": "d", "label": "x"}]}]}
    other = {"cards": [{"uuid": "a", "summary": "not covered", "suggestions": [{"uuid": "b", "label": "x"}]}]}
    assert without_uuids(first) == without_uuids(again) != without_uuids(other)


def test_the_balancer_knows_every_instance_and_writes_into_its_folder_only() -> None:
    text = configuration(80, [8001, 8002], Path("/scratch"))
    assert "server 127.0.0.1:8001; server 127.0.0.1:8002;" in text
    assert "listen 127.0.0.1:80;" in text
    assert text.count("_temp_path /scratch/") == 5


def test_growth_that_is_no_line_misses_its_target() -> None:
    straight = growth([Spread.of([50 + 2.0 * n]) for n in (10, 100, 1000, 10_000)])
    bent = growth([Spread.of([float(n * n)]) for n in (10, 100, 1000, 10_000)])
    assert straight.figures[1].verdict == "met"
    assert bent.figures[1].verdict == "missed"
    assert [row[2] for row in straight.tables[0].rows] == ["", "2.00", "2.00", "2.00"]
