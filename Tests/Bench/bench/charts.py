# SPDX-License-Identifier: Apache-2.0
"""SVG charts of results, by matplotlib; the same results give the same bytes."""

import io
import math

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.hashsalt": "shortcut",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "axes.axisbelow": True,
})  # fmt: skip

from matplotlib import pyplot, ticker  # noqa: E402  the backend is chosen first

from table import size_text  # noqa: E402  the demo's, beside this package
from .ways import WAYS  # noqa: E402

NAMES = {"plain": "plain TCP", "shortcut": "shortcut", "unix": "AF_UNIX"}
# Told apart also by those who do not see all colours, and in print.
STYLES = {"plain": ("#0072B2", "o"), "shortcut": ("#D55E00", "s"), "unix": ("#009E73", "^")}

# Where messages have sizes: suite, metric; a metric of a later line does not replace an earlier one.
LATENCY = (("latency", "p50"),)
BANDWIDTH = (("small", "nagle"), ("bulk", "stream"))
WITHOUT_NAGLE = (("small", "nodelay"),)
BLOCKING_LATENCY = (("qperf", "tcp_lat"),)
BLOCKING_BANDWIDTH = (("qperf", "tcp_bw"),)

# What is drawn as a bar each: the ratio that is better the longer the bar.
BARS = ("connect", "redis", "http", "mesh", "tax")


def svg(figure):
    """The figure as an <svg> element."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    whole = text.getvalue()
    return whole[whole.index("<svg") :]


def by_size(results, *panels):
    """Charts beside each other; a panel is (title, ((suite, metric)...)). None if all are empty."""
    found = [(title, select(results, sources)) for title, sources in panels]
    found = [(title, members) for title, members in found if len(members) > 1]
    if not found:
        return None
    figure, axes = pyplot.subplots(1, len(found), figsize=(4.6 * len(found), 3.4), squeeze=False)
    for axis, (title, members) in zip(axes[0], found):
        draw_panel(axis, title, members)
    figure.tight_layout()
    return figure


def select(results, sources):
    members = [r for r in results if (r["suite"], r["metric"]) in sources and r["size"]]
    return sorted(members, key=lambda r: r["size"])


def draw_panel(axis, title, members):
    for way in WAYS:
        points = [(r["size"], r["median"][way], r[way]) for r in members if way in r["median"]]
        if points:
            draw_line(axis, way, points)
    axis.set_xscale("log", base=4)
    axis.set_yscale("log")
    sizes = spaced(sorted({r["size"] for r in members}))
    axis.set_xticks(sizes, [size_text(size) for size in sizes], rotation=45, ha="right")
    axis.minorticks_off()
    axis.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.set_title(title)
    axis.set_ylabel(members[0]["unit"].replace("us", "µs"))
    axis.legend(fontsize=8)


def spaced(sizes):
    """Those whose labels do not touch on the logarithmic axis."""
    chosen = []
    for size in sizes:
        if not chosen or size >= 4 * chosen[-1]:
            chosen.append(size)
    return chosen


def draw_line(axis, way, points):
    """The medians, and the range of the samples as a band."""
    color, marker = STYLES[way]
    sizes = [size for size, _, _ in points]
    axis.plot(sizes, [median for _, median, _ in points], color=color, marker=marker, markersize=4, label=NAMES[way])
    lows, highs = [min(samples) for *_, samples in points], [max(samples) for *_, samples in points]
    axis.fill_between(sizes, lows, highs, color=color, alpha=0.15, linewidth=0)


def gain(result):
    """(gain, smallest, largest): above 1 is better, whatever the unit."""
    low, high = result["ratio_range"]
    if result["better"] == "lower":
        return 1 / result["ratio"], 1 / high, 1 / low
    return result["ratio"], low, high


def bars(results):
    """One bar for each metric without sizes; None if there is none."""
    members = [r for r in results if r["suite"] in BARS and r["ratio"] and r["ratio_range"]]
    if not members:
        return None
    figure, axis = pyplot.subplots(figsize=(9.2, 0.7 + 0.26 * len(members)))
    gains = [gain(r) for r in members]
    places = range(len(members))
    errors = [[value - low for value, low, _ in gains], [high - value for value, _, high in gains]]
    colors = [STYLES["shortcut"][0] if value >= 1 else "#999999" for value, _, _ in gains]
    axis.barh(places, [value for value, _, _ in gains], color=colors, xerr=errors, ecolor="#444444", capsize=2)
    axis.axvline(1, color="#000000", linewidth=1)
    axis.set_yticks(places, [label(r) for r in members])
    axis.invert_yaxis()
    axis.set_xlim(0, math.ceil(max(high for *_, high in gains) * 2) / 2)
    axis.set_xlabel("times as good as plain TCP, with the range of all rounds")
    figure.tight_layout()
    return figure


def label(result):
    size = f", {size_text(result['size'])}" if result["size"] else ""
    return f"{result['suite']}: {result['metric']}{size}"
