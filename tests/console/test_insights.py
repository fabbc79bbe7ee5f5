"""The page of insights: off unless switched on, honest plots, numbers beside them, no words of a client."""

import re
import sys
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.console.insights import insights_blueprint, sections, within
from cds_service.console.plots import bars, days_between, outcomes_plot
from cds_service.errors import SettingsError
from cds_service.pages import pages
from cds_service.settings import Settings
from cds_service.store.insights import TIMES_MS, Insights

DAYS = days_between(date(2026, 11, 1), date(2026, 11, 24))
OURS = "http://coverage-hooks.example.org/fhir/CodeSystem/override-reasons"
NO_TIMES = (0,) * (len(TIMES_MS) + 1)


def found(**more: Any) -> Insights:
    return Insights(**{"outcomes": {}, "open_criteria": {}, "overrides": {}, "times": NO_TIMES, **more})


def shown(counted: Insights, path: str = "/console/insights") -> str:
    app = Flask(__name__)
    app.register_blueprint(pages)
    app.register_blueprint(insights_blueprint(lambda _: counted))
    return app.test_client().get(path).get_data(as_text=True)


def test_nobody_sees_them_unless_they_are_switched_on(client: FlaskClient) -> None:
    assert client.get("/console/insights").status_code == 404


def test_switched_on_they_are_linked_and_counted_from_the_record(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", f"sqlite:///{tmp_path}/calls.db")
    app = create_app(Settings(auth="off", insights=True))
    answer = app.test_client().get("/console/insights")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("Nothing yet.") == 4
    assert ">Insights</a>" in answer.get_data(as_text=True)
    app.extensions["record of answers"].engine.dispose()


def test_without_the_library_the_setting_is_refused_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "leather", None)
    for name in ("cds_service.console.insights", "cds_service.console.plots"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(SettingsError, match=r"pip install coverage-hooks\[insights\]"):
        create_app(Settings(auth="off", insights=True))


def test_counts_stand_beside_their_plots(client: FlaskClient) -> None:
    page = shown(found(open_criteria={"I.C": 7, "I.B": 2}, times=(3, *NO_TIMES[1:])))
    assert re.search(r'<th scope="row">I\.C</th><td>7</td>', page)
    assert page.count('role="img"') == 2
    assert "3 calls; half within 10 ms, 95 % within 10 ms." in page


@pytest.mark.parametrize(
    ("asked", "days"), [("", 30), ("?days=7", 7), ("?days=365", 365), ("?days=8", 30), ("?days=x", 30)]
)
def test_a_span_is_one_of_those_offered(asked: str, days: int) -> None:
    since: list[datetime] = []

    def counted(moment: datetime) -> Insights:
        since.append(moment)
        return found()

    app = Flask(__name__)
    app.register_blueprint(pages)
    app.register_blueprint(insights_blueprint(counted))
    page = app.test_client().get(f"/console/insights{asked}").get_data(as_text=True)
    assert f"the last {days} days" in page
    assert since[0].hour == 0


def test_a_clients_own_reason_is_counted_and_never_shown() -> None:
    overrides = {
        (OURS, "data-is-wrong"): 2,
        (OURS, "Mr. Smith said so"): 1,
        ("http://elsewhere.example", "odd-reason"): 1,
        ("", ""): 3,
    }
    _, _, told, _ = sections(found(overrides=overrides), DAYS[0], DAYS[-1])
    assert told.rows == (("another reason, or none", 5), ("data is wrong", 2))


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (NO_TIMES, "No calls yet."),
        ((10, *NO_TIMES[1:]), "10 calls; half within 10 ms, 95 % within 10 ms."),
        ((9, 0, 1, *NO_TIMES[3:]), "10 calls; half within 10 ms, 95 % within 50 ms."),
        ((*NO_TIMES[:-1], 4), "4 calls; half within more than 5000 ms, 95 % within more than 5000 ms."),
    ],
)
def test_times_are_told_by_the_end_of_their_class(times: tuple[int, ...], told: str) -> None:
    assert within(times) == told


def test_bars_begin_at_zero_and_are_as_long_as_their_counts() -> None:
    drawn = bars([("I.C", 4), ("I.B", 2)], "Cards")
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"[^>]*fill="#2563eb"', drawn)]
    assert max(widths) == pytest.approx(2 * min(widths))


def test_a_day_without_cards_is_drawn_as_zero() -> None:
    drawn = outcomes_plot({("2026-11-03", "covered"): 4, ("2026-11-09", "refer"): 1}, DAYS)
    lines = re.findall(r'<path [^>]*d="([^"]+)"', drawn)
    assert [len(re.findall(r"[ML]", line)) for line in lines] == [len(DAYS), len(DAYS)]


def test_nothing_to_plot_is_no_plot() -> None:
    assert (bars([("I.C", 0)], ""), bars([], ""), outcomes_plot({}, DAYS)) == ("", "", "")


def test_labels_are_escaped() -> None:
    drawn = bars([("<script>alert(1)</script>", 1)], '"><script>')
    assert "<script" not in drawn
