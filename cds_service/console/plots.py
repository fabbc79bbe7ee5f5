"""Plots as SVG by leather: axes begin at zero, and nothing is smoothed. Colors are told from light and dark ground."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import leather
from markupsafe import Markup, escape

WIDTH: Final = 560
ROW: Final = 30
COLORS: Final[Mapping[str, str]] = {
    "covered": "#16a34a", "not-covered": "#dc2626", "missing-documentation": "#d97706", "refer": "#2563eb",
    "no-criterion": "#64748b", "undetermined": "#9333ea",
}  # fmt: skip

for _name in ("title_font_family", "legend_font_family", "axis_title_font_family", "tick_font_family"):
    setattr(leather.theme, _name, "sans-serif")
for _name in ("title_color", "legend_color", "axis_title_color", "label_color"):
    setattr(leather.theme, _name, "currentColor")
leather.theme.background_color = "none"
leather.theme.tick_color = "#94a3b855"
leather.theme.tick_font_size = leather.theme.legend_font_size = 12


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def outcomes_plot(outcomes: Mapping[tuple[str, str], int], days: Sequence[date]) -> Markup:
    """Outcomes by day, a line for each outcome; a day without one is zero."""
    chart = leather.Chart()
    highest = max(outcomes.values(), default=1)
    for outcome, color in COLORS.items():
        points = [(day, outcomes.get((day.isoformat(), outcome), 0)) for day in days]
        if any(count for _, count in points):
            chart.add_line(points, name=outcome.replace("-", " "), stroke_color=color)
    if not any(chart._layers):
        return Markup()
    chart.add_x_scale(days[0], days[-1])
    chart.add_x_axis(ticks=_ticks(days), tick_formatter=lambda day, *_: f"{day:%b} {day.day}")
    chart.add_y_scale(0, highest)
    chart.add_y_axis(ticks=_whole(highest), tick_formatter=lambda count, *_: f"{count:g}")
    return _drawn(chart, 260, "Outcomes by day; their totals stand in the table below")


def bars(counts: Iterable[tuple[str, int]], label: str) -> Markup:
    """Counts as bars, in the order given, the first on top."""
    listed = [(count, name) for name, count in counts]
    if not any(count for count, _ in listed):
        return Markup()
    chart = leather.Chart()
    chart.add_bars(listed, fill_color="#2563eb")
    highest = max(count for count, _ in listed)
    chart.add_x_scale(0, highest)
    chart.add_x_axis(ticks=_whole(highest), tick_formatter=lambda count, *_: f"{count:g}")
    return _drawn(chart, 80 + ROW * len(listed), label)


def _ticks(days: Sequence[date]) -> list[date]:
    step = max(len(days) // 5, 1)
    return list(days[::step])


def _whole(highest: int) -> list[int]:
    """At most six whole numbers from zero on: nothing is counted by halves."""
    step = max(-(-highest // 5), 1)
    return list(range(0, highest + 1, step))


def _drawn(chart: Any, height: int, label: str) -> Markup:
    drawn = str(chart.to_svg(width=WIDTH, height=height))
    sized = f'<svg role="img" aria-label="{escape(label)}" class="plot" viewBox="0 0 {WIDTH} {height}"'
    return Markup(re.sub(r'^<svg width="\d+" height="\d+"', sized, drawn, count=1))  # noqa: S704 - leather escapes
