# SPDX-License-Identifier: Apache-2.0
"""
What it costs that flows change which have nothing to do with a connection. Here "plain" means that
nothing changes, "shortcut" that ten flows a second do: the agent then lets live connections
revalidate at most once a second, three times after the last change. That is what is done here while
a sample is taken.
"""

import subprocess

from ..load import call, serve
from ..measure import Trial
from ..ways import PLAIN, SHORTCUT, Way

SUMMARY = "what revalidations cost, as many as an agent makes while flows change all the time"
IS_DEFAULT = False
# A sample sees some revalidations.
SECONDS = 6
PERIOD = 1.0

PORT = 7950
SIZES = (16384, 65536)


def trials(context):
    context.seconds = SECONDS
    way = Way(SHORTCUT, context.road, context.pin, "true")
    serve(context, way, PORT)
    return [trial(context, way, size) for size in SIZES[: 1 if context.quick else None]]


def trial(context, way, size):
    def still():
        return read(call(context, way, "stream", PORT, "--size", size))

    def churning():
        with Revalidations(context.road):
            return still()

    return Trial(f"{size >> 10} KiB", size, {PLAIN: still, SHORTCUT: churning}, is_counted=False)


def read(report):
    return {("stream", "MB/s"): report["mb_per_s"]}


class Revalidations:
    """One a second for the time of a `with` block."""

    def __init__(self, road):
        command = [road.binaries / "shortcutctl", "revalidate", "--bpffs-root", road.pins]
        self.command = ["sh", "-c", 'while "$@" && sleep "$0"; do :; done', str(PERIOD), *command]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
