# SPDX-License-Identifier: Apache-2.0
"""Many live connections among many pods: what each costs, and what they cost each other."""

import contextlib
import json
import statistics
import subprocess
import time

from .. import crowd, memory
from ..failure import Failure
from ..load import call, place, program, serve
from ..measure import Trial
from ..process import end
from ..ways import PLAIN, SHORTCUT, Way

SUMMARY = "1, 1 000 and 65 536 live connections, 4 096 pods: memory, opening, throughput (bridge)"
IS_DEFAULT = False
# Opening them takes long, and their memory does not vary.
ROUNDS = 1

COUNTS = (1, 1000, 65536)
# A switch in user space loses some of the resets when more end at once. It then holds the old connection
# against the next that gets its port.
COUNTS_ON_OVN = (1, 1000)
PODS = 4096
PORT = 10000
# Of one process, which may have no more than 20 000 descriptors here and there.
PER_PROCESS = 16384
# The ends of the last run are freed by the kernel in its own time.
SETTLE_SECONDS = 1


def trials(context):
    ways = [Way(name, context.road, context.pin, "true") for name in (PLAIN, SHORTCUT)]
    counts = COUNTS if context.road.kind == "bridge" else COUNTS_ON_OVN
    counts = counts[:1] if context.quick else counts
    for way in ways:
        for first in range(0, counts[-1], PER_PROCESS):
            serve(context, way, PORT + first // PER_PROCESS)
    if not context.quick:
        context.stack.callback(context.road.reload)
        crowd.fill(context.road, PODS)
    return [
        Trial(f"{count} connections", None, {way.name: bound(context, way, count) for way in ways}) for count in counts
    ]


def bound(context, way, count):
    return lambda: take(context, way, count)


def take(context, way, count):
    time.sleep(SETTLE_SECONDS)
    before = memory.kernel_objects()
    with contextlib.ExitStack() as stack:
        holders = [
            stack.enter_context(Holder(context, way, PORT + first // PER_PROCESS, min(PER_PROCESS, count - first)))
            for first in range(0, count, PER_PROCESS)
        ]
        bytes_each = (memory.kernel_objects() - before) / count
        values = {
            (f"to open one of {count}", "us"): statistics.mean(holder.open_us for holder in holders),
            (f"messages over {count} in turn", "per s"): statistics.mean(holder.measure() for holder in holders),
            (f"stream beside {count}", "MB/s"): call(context, way, "stream", PORT, "--size", 65536)["mb_per_s"],
        }
    if count >= 1000:
        values[f"kernel memory of one of {count}", "bytes"] = bytes_each
    if way.name == SHORTCUT:
        values["memory of all maps", "bytes"] = memory.map_bytes(context.road.pins)
    return values


class Holder:
    """Connections of one process, which live as long as the block."""

    def __init__(self, context, way, port, count):
        options = ["--connections", count, "--seconds", context.seconds]
        command = way.at("client", [program(context), "hold", *place(way, port), *options])
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self):
        try:
            self.open_us = self.line()["open_us"]
        except BaseException:
            end(self.process)
            raise
        return self

    def __exit__(self, *_):
        """It closes its connections when its input ends."""
        try:
            self.process.communicate("", timeout=60)
        finally:
            end(self.process)

    def measure(self):
        """Messages per second, there and back, over all connections in turn."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.line()["messages_per_s"]

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{' '.join(self.process.args)}: {self.process.communicate()[1]}")
        return json.loads(line)
