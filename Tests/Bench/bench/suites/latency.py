# SPDX-License-Identifier: Apache-2.0
"""One message there and back at a time."""

from .. import sockperf
from ..load import Load
from ..measure import Trial
from ..ways import UNIX, WAYS

SUMMARY = "one message there and back at a time: quantiles of one way; also by sockperf"
IS_DEFAULT = True

SIZES = (1, 16, 64, 256, 1024, 4096, 16384, 65536)
SOCKPERF_SIZES = (64,)
PORT = 7000
SOCKPERF_PORT = 7010


def trials(context):
    load = Load(context, PORT, WAYS)
    sizes = SIZES[2:3] if context.quick else SIZES
    found = [load.trial(f"{size} B", size, "ping", read) for size in sizes]
    return found if context.quick else found + by_sockperf(context, load.ways)


def read(report):
    names = {"p50": "p50_us", "p99": "p99_us", "p99.9": "p999_us"}
    return {(metric, "us"): report[name] for metric, name in names.items()}


def by_sockperf(context, ways):
    ways = [way for way in ways if way.name != UNIX]
    for way in ways:
        sockperf.start(context, way, SOCKPERF_PORT)
    return [
        Trial(f"sockperf {size} B", size, {way.name: bound(context, way, size) for way in ways})
        for size in SOCKPERF_SIZES
    ]


def bound(context, way, size):
    return lambda: sockperf.take(context, way, SOCKPERF_PORT, size)
