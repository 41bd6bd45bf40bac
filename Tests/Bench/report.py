#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what Tests/Bench/run --json has written: a report, the table, or one chart."""

# The interpreter is Debian's: it has Debian's matplotlib.
import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True

from bench import charts, html, table  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="Tests/Bench/report.py", description=__doc__)
    parser.add_argument("results", type=pathlib.Path, help="what --json wrote")
    parser.add_argument("--html", type=pathlib.Path, metavar="FILE", help="all charts and the table")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="the table")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE", help="latency and bandwidth over the size")
    parser.add_argument("--road", default="bridge", help="of --svg (default bridge)")
    parser.add_argument("--pin", default="same", help="of --svg (default same)")
    options = parser.parse_args()
    document = json.loads(options.results.read_text(encoding="utf-8"))
    if options.html:
        options.html.write_text(html.report(document), encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(table.markdown(document["results"]), encoding="utf-8")
    if options.svg:
        write_chart(document, options)


def write_chart(document, options):
    chosen = [r for r in document["results"] if (r["road"], r["pin"]) == (options.road, options.pin)]
    figure = html.overview(chosen)
    if not figure:
        sys.exit(f"report.py: {options.results}: no sizes measured on road {options.road}, pin {options.pin}")
    options.svg.write_text('<?xml version="1.0" encoding="utf-8"?>\n' + charts.svg(figure), encoding="utf-8")


if __name__ == "__main__":
    main()
