"""A digest's charts as SVG for the console and PNG for paper, by matplotlib, without any network.

Labels are drawn as outlines (svg.fonttype = path) in a font that comes by package, so they are read on a machine
without any Chinese font. Series differ by hatch and mark as well as by colour: a grey print says the same.

Importing this costs some 45 MB and a second: only bot.digest.drawing does, when something is first drawn.
"""

import threading
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.digest.fonts import SANS
from bot.digest.tables import AREAS, CATEGORIES, HOURS, TREND, Table

BARS = 12  # of areas and categories; the table beside has all
WIDE, NARROW = 7.2, 4.2  # inches
INKS = {
    "light": {"ink": "#1c2624", "grid": "#dedad0", "new": "#17705a", "solved": "#b9d6cb", "edge": "#17705a"},
    "dark": {"ink": "#e9e6de", "grid": "#2c383b", "new": "#62cead", "solved": "#2a5a4d", "edge": "#62cead"},
}
_HATCHES = ("", "////", "")  # and the third is hollow
_DPI = 170
_lock = threading.Lock()  # the library keeps its fonts and settings for all threads


def svg(table: Table, theme: str, *, narrow: bool = False) -> bytes:
    """One chart, transparent, in the ink of a theme (a key of INKS). narrow: for a phone, its words as large."""
    with _lock:
        out = BytesIO()
        canvas = FigureCanvasSVG(_figure(table, INKS[theme], NARROW if narrow else WIDE))
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]  # the library's
        return out.getvalue()


def png(table: Table) -> bytes:
    """One chart, black on white."""
    with _lock:
        out = BytesIO()
        figure = _figure(table, INKS["light"], WIDE)
        figure.set_dpi(_DPI)
        FigureCanvasAgg(figure).print_png(out)  # type: ignore[no-untyped-call]  # likewise
        return out.getvalue()


def _figure(table: Table, ink: dict[str, str], wide: float) -> Figure:
    with mpl.rc_context(_settings(ink)):
        tall = 2.6 if table.name in (TREND, HOURS) else 0.9 + 0.34 * max(3, min(BARS, len(table.rows)))
        figure = Figure(figsize=(wide, tall), layout="constrained", facecolor="none")
        axes = figure.subplots()
        axes.set_facecolor("none")
        _DRAW[table.name](axes, table, ink)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        return figure


def _settings(ink: dict[str, str]) -> Any:  # the library types its settings key by key
    return {
        "font.family": [_font()],
        "font.size": 10,
        "svg.fonttype": "path",
        "svg.hashsalt": "danyuan",  # the same digest is the same picture
        "axes.unicode_minus": False,
        "text.color": ink["ink"],
        "axes.labelcolor": ink["ink"],
        "axes.edgecolor": ink["ink"],
        "xtick.color": ink["ink"],
        "ytick.color": ink["ink"],
        "hatch.color": ink["edge"],
        "hatch.linewidth": 0.8,
        "legend.frameon": False,
    }


def _font() -> str:
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    if str(SANS) not in known:
        font_manager.fontManager.addfont(SANS)
    return font_manager.FontProperties(fname=SANS).get_name()


def _trend(axes: Axes, table: Table, ink: dict[str, str]) -> None:
    """New ones as bars, solved ones as a line with marks."""
    places = range(len(table.rows))
    new, solved = _series(table.rows, 1), _series(table.rows, 2)
    bars = axes.bar(places, new, color=ink["solved"], edgecolor=ink["edge"], hatch="////", label=table.columns[1])
    line = axes.plot(places, solved, color=ink["ink"], marker="o", markersize=4, linewidth=1.6, label=table.columns[2])
    step = max(1, -(-len(table.rows) // _ticks(axes)))
    axes.set_xticks(list(places)[::step], [str(row[0]).split(" ")[0] for row in table.rows][::step])
    _count_upwards(axes, ink)
    axes.legend(handles=[bars, *line], ncols=2, loc="lower left", bbox_to_anchor=(0, 1))


def _bars(axes: Axes, table: Table, ink: dict[str, str]) -> None:
    """One group of bars a row, the liveliest at the top: new, solved, still open."""
    rows = table.rows[:BARS]
    high = 0.26
    colours = (ink["edge"], ink["solved"], "none")
    for n, (column, colour, hatch) in enumerate(zip(table.columns[1:], colours, _HATCHES, strict=True)):
        places = [at + (n - 1) * high for at in range(len(rows))]
        axes.barh(
            places, _series(rows, n + 1), height=high, color=colour, edgecolor=ink["edge"], hatch=hatch, label=column
        )
    axes.set_yticks(range(len(rows)), [str(row[0]) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.grid(axis="x", color=ink["grid"], linewidth=0.8)
    axes.set_axisbelow(True)
    axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0, 1))


def _hours(axes: Axes, table: Table, ink: dict[str, str]) -> None:
    """A bar for each hour of the day."""
    counts = {int(str(row[0]).removesuffix("点")): row[1] for row in table.rows}
    new = [int(counts.get(hour, 0)) for hour in range(24)]
    axes.bar(range(24), new, color=ink["solved"], edgecolor=ink["edge"], hatch="////")
    shown = range(0, 24, 24 // _ticks(axes))
    axes.set_xticks(shown, [f"{hour}点" for hour in shown])
    _count_upwards(axes, ink)


def _ticks(axes: Axes) -> int:
    """How many words have room below a chart."""
    figure = axes.get_figure(root=True)
    return 10 if figure is not None and figure.get_figwidth() > NARROW else 5


def _count_upwards(axes: Axes, ink: dict[str, str]) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=ink["grid"], linewidth=0.8)
    axes.set_axisbelow(True)


def _series(rows: Sequence[tuple[str | int, ...]], column: int) -> list[int]:
    return [int(row[column]) for row in rows]


_DRAW = {TREND: _trend, AREAS: _bars, CATEGORIES: _bars, HOURS: _hours}
