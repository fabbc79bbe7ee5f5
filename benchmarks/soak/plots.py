"""Lines over time as SVG by leather, for a page with a light or a dark ground."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import leather

from benchmarks.soak.findings import LATENCY, MEMORY, by_window
from benchmarks.soak.phases import Plan, Soaked

WIDTH, HEIGHT = 800, 320
GROUND: Final = "#64748b"  # told from white and from black
COLORS: Final = ("#2563eb", "#d97706")
MIB: Final = 2**20

Points = Sequence[tuple[float, float]]


def draw(plan: Plan, soaked: Soaked, folder: Path) -> None:
    """Both plots of a soak."""
    window = max(plan.every, 1)
    latency = {"p50, ms": by_window(soaked.steady, window, 0.5), "p99, ms": by_window(soaked.steady, window, 0.99)}
    looks = [(sample.at / 60, sample.look) for sample in soaked.samples]
    memory = {
        "RSS, MiB": [(at, look.rss / MIB) for at, look in looks],
        "PSS, MiB": [(at, look.pss / MIB) for at, look in looks],
    }
    (folder / LATENCY).write_text(lines(latency, "minutes"), "utf-8")
    (folder / MEMORY).write_text(lines(memory, "minutes"), "utf-8")


def lines(named: Mapping[str, Points], under: str) -> str:
    """Lines from zero on, with a legend."""
    _theme()
    chart = leather.Chart()
    for (name, points), color in zip(named.items(), COLORS, strict=True):
        chart.add_line(list(points), name=name, stroke_color=color, width=1.5)
    chart.add_x_scale(0, max(x for points in named.values() for x, _ in points))
    chart.add_x_axis(name=under)
    chart.add_y_scale(0, max(y for points in named.values() for _, y in points) * 1.05)
    return str(chart.to_svg(width=WIDTH, height=HEIGHT))


def _theme() -> None:
    for name in ("title", "legend", "axis_title", "tick"):
        setattr(leather.theme, f"{name}_font_family", "sans-serif")
    for name in ("title_color", "legend_color", "axis_title_color", "label_color"):
        setattr(leather.theme, name, GROUND)
    leather.theme.background_color = "none"
    leather.theme.tick_color = f"{GROUND}55"
