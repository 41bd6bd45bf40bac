# SPDX-License-Identifier: Apache-2.0
"""The report: charts and the table, one file that needs no other."""

import html

from . import charts, goals, table

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>TCP between pods of one node: plain and shortened</title>
<style>
body {{ font: 15px/1.5 sans-serif; color: #222; background: #fff }}
body {{ max-width: 70rem; margin: 2rem auto; padding: 0 1rem }}
svg {{ max-width: 100%; height: auto; display: block; margin: 1rem 0 }}
table {{ border-collapse: collapse; font-size: 13px }}
th, td {{ padding: 2px 8px; border-bottom: 1px solid #ddd; text-align: right }}
td:first-child, td:nth-child(2), th:first-child, th:nth-child(2) {{ text-align: left }}
.missed {{ color: #b00020 }}
</style>
<h1>TCP between pods of one node: plain and shortened</h1>
<p>{about}</p>
{sections}
</html>
"""

LATENCY_TITLE = "one message there and back: median of one way"
BANDWIDTH_TITLE = "messages one way"


def report(document):
    sections = [section(group, members) for group, members in table.groups(document["results"])]
    return PAGE.format(about=html.escape(about(document)), sections="\n".join(sections))


def about(document):
    return (
        f"Linux {document['kernel']}, {document['cpus']} CPUs, medians of {document['rounds']} rounds of "
        f"{document['seconds']:g} s, all ways in turn in each round. Bands and whiskers show all samples."
    )


def section(group, members):
    figures = [overview(members), without_nagle(members), blocking(members), charts.bars(members)]
    drawings = [charts.svg(figure) for figure in figures if figure]
    return "\n".join([f"<h2>{html.escape(table.heading(*group))}</h2>", *drawings, rows(members)])


def overview(results):
    return charts.by_size(results, (LATENCY_TITLE, charts.LATENCY), (BANDWIDTH_TITLE, charts.BANDWIDTH))


def without_nagle(results):
    return charts.by_size(results, (f"{BANDWIDTH_TITLE}, TCP_NODELAY", charts.WITHOUT_NAGLE))


def blocking(results):
    return charts.by_size(
        results,
        ("qperf tcp_lat (blocking sockets)", charts.BLOCKING_LATENCY),
        ("qperf tcp_bw (blocking sockets)", charts.BLOCKING_BANDWIDTH),
    )


def rows(members):
    heading = "".join(f"<th>{html.escape(name)}</th>" for name in table.HEADINGS)
    lines = [f"<table><tr>{heading}</tr>"]
    for result in members:
        missed = ' class="missed"' if goals.is_missed(result["goal"]) else ""
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in table.cells(result))
        lines.append(f"<tr{missed}>{cells}</tr>")
    return "\n".join([*lines, "</table>"])
