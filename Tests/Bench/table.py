#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns qperf's output into samples, and samples into the table of plain and shortcut.

table.py sample SIZE WAY   qperf's output on stdin to one line a test: SIZE WAY TEST VALUE
table.py print FILE        the medians of the samples in FILE, as a table
table.py json FILE         the medians and all samples, as JSON

Latencies are in microseconds, bandwidths in Mb/s.
"""

import json
import re
import statistics
import sys

TESTS = {"tcp_lat": "latency", "tcp_bw": "bw"}
UNITS = {
    "ns": 1e-3, "us": 1, "ms": 1e3, "sec": 1e6,
    "bits/sec": 1e-6, "Kb/sec": 1e-3, "Mb/sec": 1, "Gb/sec": 1e3, "Tb/sec": 1e6,
}  # fmt: skip
WAYS = ("plain", "shortcut")


def read_qperf(text):
    """Yields (test, value) for each test in qperf's output."""
    test = None
    for line in text.splitlines():
        heading = re.fullmatch(r"(\w+):", line)
        value = re.fullmatch(r"\s+(latency|bw)\s+=\s+([\d.,]+) (\S+)", line)
        if heading:
            test = heading.group(1)
        elif value and value.group(1) == TESTS.get(test):
            yield test, float(value.group(2).replace(",", "")) * UNITS[value.group(3)]


def print_samples(size, way):
    text = sys.stdin.read()
    found = dict(read_qperf(text))
    if set(found) != set(TESTS):
        sys.exit(f"qperf {size} bytes {way}: no result in its output:\n{text}")
    for test, value in found.items():
        print(size, way, test, f"{value:.6g}")


def read_samples(path):
    """{size: {test: {way: [value]}}}"""
    samples = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            size, way, test, value = line.split()
            tests = samples.setdefault(int(size), {name: {w: [] for w in WAYS} for name in TESTS})
            tests[test][way].append(float(value))
    return samples


def compare(values):
    plain, shortcut = (statistics.median(values[way]) for way in WAYS)
    return {"plain": plain, "shortcut": shortcut, "ratio": shortcut / plain}


def points(samples):
    return [
        {
            "size": size,
            "latency_us": compare(tests["tcp_lat"]),
            "bandwidth_mbps": compare(tests["tcp_bw"]),
        }
        for size, tests in sorted(samples.items())
    ]


def size_text(size):
    return f"{size // 1024} KiB" if size >= 1024 else f"{size} B"


def number(value):
    """Three significant digits, never an exponent."""
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{decimals}f}"


def cells(comparison):
    return [
        number(comparison["plain"]),
        number(comparison["shortcut"]),
        f"{comparison['ratio']:.2f}",
    ]


def print_table(samples):
    print("          |      latency (us)        |      bandwidth (Mb/s)")
    print("  message |  plain  shortcut  ratio  |   plain  shortcut   ratio")
    print("----------+--------------------------+--------------------------")
    for point in points(samples):
        latency, bandwidth = cells(point["latency_us"]), cells(point["bandwidth_mbps"])
        print(
            f"{size_text(point['size']):>9} |"
            f" {latency[0]:>6} → {latency[1]:>6}  {latency[2]:>6}  |"
            f" {bandwidth[0]:>7} → {bandwidth[1]:>7}  {bandwidth[2]:>6}"
        )


def print_json(samples):
    json.dump({"points": points(samples), "samples": samples}, sys.stdout)


def main():
    match sys.argv[1:]:
        case ["sample", size, way]:
            print_samples(size, way)
        case ["print", path]:
            print_table(read_samples(path))
        case ["json", path]:
            print_json(read_samples(path))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
