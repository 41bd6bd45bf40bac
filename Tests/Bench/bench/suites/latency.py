# SPDX-License-Identifier: Apache-2.0
"""One message there and back at a time."""

from ..load import Load
from ..ways import WAYS

SUMMARY = "one message there and back at a time: median and tail of one way"
IS_DEFAULT = True

SIZES = (64, 1024, 4096, 16384, 65536)
PORT = 7000


def trials(context):
    load = Load(context, PORT, WAYS)
    sizes = SIZES[:2] if context.quick else SIZES
    return [load.trial(f"{size} B", size, "ping", read) for size in sizes]


def read(report):
    names = {"p50": "p50_us", "p99": "p99_us", "p99.9": "p999_us"}
    return {(metric, "us"): report[name] for metric, name in names.items()}
