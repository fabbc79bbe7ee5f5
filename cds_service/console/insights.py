"""The page of insights: what was answered, what was open, why cards were overridden, how long answers took."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from flask import Blueprint, render_template, request
from markupsafe import Markup

from cds_service.console.plots import bars, days_between, outcomes_plot
from cds_service.store.insights import TIMES_MS, Insights

SPANS: Final = (7, 30, 90, 365)
MOST: Final = 12
OURS: Final = "/CodeSystem/override-reasons"
_CODE: Final = re.compile(r"[a-z]+(-[a-z]+){0,6}")


@dataclass(frozen=True, slots=True)
class Section:
    """One plot with the numbers behind it; `plot` is blank where there is nothing to plot."""

    id: str
    title: str
    about: str
    columns: tuple[str, str]
    rows: tuple[tuple[str, int], ...]
    plot: Markup


def insights_blueprint(counted_since: Callable[[datetime], Insights]) -> Blueprint:
    """The page at `/console/insights`, over one record of answers."""
    blueprint = Blueprint("insights", __name__, template_folder="templates")

    @blueprint.get("/console/insights")
    def page() -> str:
        span = request.args.get("days", default=SPANS[1], type=int)
        span = span if span in SPANS else SPANS[1]
        today = datetime.now(UTC).date()
        first = today - timedelta(days=span - 1)
        found = counted_since(datetime.combine(first, time(), UTC))
        return render_template("insights.html", sections=sections(found, first, today), span=span, spans=SPANS)

    return blueprint


def sections(found: Insights, first: date, last: date) -> tuple[Section, ...]:
    """What the page shows of the counts between two days."""
    missing = _most(found.open_criteria)
    overrides = _most(_reasons(found.overrides))
    times = tuple(zip(_classes(), found.times, strict=True))
    return (
        Section("outcomes", "Outcomes by day", "Coverage cards sent, by what they said.", ("Outcome", "Cards"),
                _totals(found.outcomes), outcomes_plot(found.outcomes, days_between(first, last))),
        Section("missing", "Most often missing", "Criteria that cards asked documentation for.",
                ("Criterion", "Cards"), missing, bars(missing, "Cards that asked for each criterion")),
        Section("overrides", "Reasons to override", "As clinicians chose them from the card.", ("Reason", "Cards"),
                overrides, bars(overrides, "Cards overridden, by reason")),
        Section("latency", "Time to answer", within(found.times), ("Time", "Calls"),
                times, bars(times, "Calls, by the time it took to answer them")),
    )  # fmt: skip


def within(times: tuple[int, ...]) -> str:
    """In what time half and 95 % of the calls were answered: the end of the class they fall into."""
    total = sum(times)
    if not total:
        return "No calls yet."
    return f"{total} calls; half within {_reached(times, 0.5)}, 95 % within {_reached(times, 0.95)}."


def _reached(times: tuple[int, ...], share: float) -> str:
    seen = 0
    for count, end in zip(times, TIMES_MS, strict=False):
        seen += count
        if seen >= share * sum(times):
            return f"{end} ms"
    return f"more than {TIMES_MS[-1]} ms"


def _classes() -> tuple[str, ...]:
    starts = (0, *TIMES_MS)
    return (*(f"{start} to {end} ms" for start, end in zip(starts, TIMES_MS, strict=False)), f"over {TIMES_MS[-1]} ms")


def _totals(outcomes: Mapping[tuple[str, str], int]) -> tuple[tuple[str, int], ...]:
    totals: dict[str, int] = {}
    for (_, outcome), count in outcomes.items():
        totals[outcome] = totals.get(outcome, 0) + count
    return _most(totals)


def _reasons(overrides: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Our own reasons by their code. A client's own words are not shown: nobody knows what is in them."""
    counted: dict[str, int] = {}
    for (system, code), count in overrides.items():
        is_ours = system.endswith(OURS) and _CODE.fullmatch(code)
        name = code.replace("-", " ") if is_ours else "another reason, or none"
        counted[name] = counted.get(name, 0) + count
    return counted


def _most(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST])
