# SPDX-License-Identifier: Apache-2.0
"""Small messages one way, with and without Nagle's algorithm."""

from ..load import Load
from ..ways import PLAIN, SHORTCUT

SUMMARY = "messages of 1 B to 4 KiB one way, with and without Nagle's algorithm"
IS_DEFAULT = True

SIZES = (1, 4, 16, 64, 128, 256, 512, 1024, 4096)
PORT = 7200


def trials(context):
    load = Load(context, PORT, (PLAIN, SHORTCUT))
    sizes = SIZES[3:4] if context.quick else SIZES
    return [
        load.trial(f"{size} B, {name}", size, "stream", reader(name), *options)
        for size in sizes
        for name, options in (("nagle", ()), ("nodelay", ("--no-delay",)))
    ]


def reader(name):
    return lambda report: {(name, "MB/s"): report["mb_per_s"]}
