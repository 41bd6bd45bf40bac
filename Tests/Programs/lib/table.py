# SPDX-License-Identifier: Apache-2.0
"""The table of comparisons, printed line by line as they come."""

LINE = "{:<10} {:<40} {:<6} {:<9} {:>9} {:>9} {:>7}"


def print_heading():
    print(LINE.format("program", "case", "pods", "result", "bytes", "shortcut", "pairs"))
    print(LINE.format(*["-" * n for n in (10, 40, 6, 9, 9, 9, 7)]), flush=True)


def print_comparison(comparison):
    result = "DIFFERENT" if comparison.differences else "same"
    cells = [comparison.program, comparison.case, comparison.annotation, result]
    print(LINE.format(*cells, *_traffic(comparison.traffic)))
    for difference in comparison.differences:
        print(f"  DIFFERENCE {' '.join(difference.split())}")
    for note in comparison.notes:
        print(f"  {note}")
    print(end="", flush=True)


def _traffic(traffic):
    if not traffic:
        return "-", "-", "-"
    return _size(traffic.bytes), f"{traffic.share:.1%}", traffic.pairs


def _size(count):
    """Three digits: 12.3 MB."""
    value, units = float(count), ["B", "kB", "MB", "GB"]
    while value >= 999.5 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.3g} {units[0]}"
