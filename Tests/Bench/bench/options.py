# SPDX-License-Identifier: Apache-2.0
"""The command line."""

import argparse
import pathlib

from .suites import SUITES

DESCRIPTION = """\
Measures TCP between two pods of one node, plain and shortened, in turn, and AF_UNIX on the same
machine where it is the limit. Brings the roads up itself, removes everything at the end, also after
ctrl-C. Progress goes to stderr, a table to stdout.
"""

EPILOGUE = "suites:\n" + "".join(
    f"  {name:<10}{suite.SUMMARY}\n" for name, suite in SUITES.items()
)


def suite_names(text):
    names = text.split(",")
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown suite {unknown[0]}: {', '.join(SUITES)}")
    return names


def positive(kind):
    def convert(text):
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError(f"{text}: must be positive")
        return value

    return convert


def parse(arguments=None):
    parser = argparse.ArgumentParser(
        prog="Tests/Bench/run",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--road", choices=("bridge", "ovn", "both"), default="bridge", help="default bridge")
    add("--suite", type=suite_names, metavar="A,B", help="default: all but scale, qperf and churn")
    add("--pin", choices=("same", "cross", "none", "both"), default="same", help="default same: both ends on one CPU")
    add("--rounds", type=positive(int), metavar="N", help="samples of each kind (default 5)")
    add("--seconds", type=positive(float), metavar="S", help="length of a sample (default 0.5)")
    add("--quick", action="store_true", help="one short round of few points: to see that it works")
    add("--json", type=pathlib.Path, metavar="FILE", help="write every sample there")
    add("--html", type=pathlib.Path, metavar="FILE", help="write a report with charts there")
    add("--markdown", type=pathlib.Path, metavar="FILE", help="write the table there")
    add("--bin", type=pathlib.Path, metavar="DIR", help="directory of the release binaries (default: build them)")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.seconds = options.seconds or (0.2 if options.quick else 0.5)
    options.suite = options.suite or [name for name, suite in SUITES.items() if suite.IS_DEFAULT]
    options.roads = ["bridge", "ovn"] if options.road == "both" else [options.road]
    options.pins = ["same", "cross"] if options.pin == "both" else [options.pin]
    return options
