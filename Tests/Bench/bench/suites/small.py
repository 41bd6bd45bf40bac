# SPDX-License-Identifier: Apache-2.0
"""Small messages one way, with and without Nagle's algorithm, which AF_UNIX does not have."""

from ..load import Load
from ..ways import WAYS

SUMMARY = "messages of 1 B to 4 KiB one way, with and without Nagle's algorithm"
IS_DEFAULT = True

SIZES = (1, 4, 16, 64, 128, 256, 512, 1024, 4096)
PORT = 7200


def trials(context):
    load = Load(context, PORT, WAYS)
    sizes = SIZES[3:4] if context.quick else SIZES
    return [
        load.trial(f"{size} B, {name}", size, "stream", reader(name), *options, ways=ways)
        for size in sizes
        for name, options, ways in (("nagle", (), WAYS), ("nodelay", ("--no-delay",), WAYS[:2]))
    ]


def reader(name):
    return lambda report: {(name, "MB/s"): report["mb_per_s"]}
