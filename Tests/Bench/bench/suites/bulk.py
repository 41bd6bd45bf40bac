# SPDX-License-Identifier: Apache-2.0
"""Large messages one way."""

from ..load import Load
from ..ways import WAYS

SUMMARY = "messages of 16 to 256 KiB one way"
IS_DEFAULT = True

SIZES = (16384, 65536, 262144)
PORT = 7100


def trials(context):
    load = Load(context, PORT, WAYS)
    sizes = SIZES[:1] if context.quick else SIZES
    return [load.trial(f"{size >> 10} KiB", size, "stream", read) for size in sizes]


def read(report):
    return {("stream", "MB/s"): report["mb_per_s"]}
