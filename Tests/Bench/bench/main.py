# SPDX-License-Identifier: Apache-2.0
"""Runs what the command line asks for."""

import json
import os
import signal
import sys

from . import table
from .binaries import find_binaries
from .failure import Failure
from .measure import Bench
from .options import parse
from .road import Road, leave
from .suites import SUITES


def main():
    options = parse()
    if os.geteuid() != 0:
        sys.exit("run: must be run as root: it loads BPF programs and makes network namespaces")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    bench = Bench(options)
    try:
        measure(options, find_binaries(options.bin), bench)
    except Failure as failure:
        sys.exit(f"run: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    write(options, bench.results())
    if bench.failures:
        sys.exit("\n".join(["run: not everything was measured:", *bench.failures]))


def measure(options, binaries, bench):
    for kind in options.roads:
        print(f"bringing up road {kind}", file=sys.stderr, flush=True)
        with Road(kind, binaries) as road:
            for pin in options.pins:
                for name in options.suite:
                    bench.run(road, pin, name, SUITES[name])


def write(options, results):
    print(table.plain_text(results))
    if options.json:
        options.json.write_text(json.dumps(document(options, results), indent=1) + "\n", encoding="utf-8")
    if options.html:
        # Here, as only this needs matplotlib.
        from . import html

        options.html.write_text(html.report(document(options, results)), encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(table.markdown(results), encoding="utf-8")


def document(options, results):
    return {
        "schema": 1,
        "kernel": os.uname().release,
        "cpus": os.cpu_count(),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "results": results,
    }
