# SPDX-License-Identifier: Apache-2.0
"""The results as a table, for people and for Markdown."""

# The demo's, beside this package.
from table import number, size_text

HEADINGS = (
    "suite", "metric", "size", "plain", "shortcut", "AF_UNIX", "unit", "ratio", "range", "spread", "carried", "goal",
)  # fmt: skip


def digits(value):
    return "" if value is None else number(value)


def size_cell(size):
    return "" if size is None else size_text(size)


def goal_text(goal):
    if not goal:
        return ""
    verdict = "met" if goal["met"] else "near" if goal["near"] else "MISSED"
    return f"{goal['comparison']} {goal['bound']:g} {verdict}"


def cells(result):
    median = result["median"]
    low_high = result["ratio_range"]
    spreads = [result["spread"][way] for way in ("plain", "shortcut") if way in result["spread"]]
    carried = result["carried"].get("shortcut")
    return [
        result["suite"],
        result["metric"],
        size_cell(result["size"]),
        *(digits(median.get(way)) for way in ("plain", "shortcut", "unix")),
        result["unit"],
        digits(result["ratio"]),
        f"{low_high[0]:.2f}-{low_high[1]:.2f}" if low_high else "",
        "/".join(f"{value:.0%}" for value in spreads),
        "" if carried is None else f"{carried:.0%}",
        goal_text(result["goal"]),
    ]


def heading(road, pin):
    places = {"same": "both ends on one CPU", "cross": "ends on two CPUs", "none": "unpinned"}
    return f"road {road}, {places[pin]}"


def groups(results):
    """(road, pin) and its results, in the order they were measured."""
    found = {}
    for result in results:
        found.setdefault((result["road"], result["pin"]), []).append(result)
    return found.items()


def plain_text(results):
    lines = []
    for group, members in groups(results):
        rows = [HEADINGS, *(cells(result) for result in members)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        lines += ["", heading(*group)]
        lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join(lines) + "\n"


def markdown(results):
    lines = []
    for group, members in groups(results):
        lines += ["", f"{heading(*group)}:".capitalize(), ""]
        lines += ["| " + " | ".join(HEADINGS) + " |", "|---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|---|"]
        lines += ["| " + " | ".join(cells(result)) + " |" for result in members]
    return "\n".join(lines) + "\n"
