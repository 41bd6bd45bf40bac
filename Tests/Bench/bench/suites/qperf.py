# SPDX-License-Identifier: Apache-2.0
"""qperf, whose sockets block: pods with the annotation "all"."""

import sys

from ..measure import Trial
from ..process import await_success, run, server
from ..road import REPOSITORY
from ..ways import PLAIN, SHORTCUT, Way

sys.path.append(str(REPOSITORY / "Tests/Bench"))
import table as demo  # noqa: E402  the demo's reader of qperf's output

SUMMARY = 'qperf tcp_lat and tcp_bw, 1 B to 256 KiB; blocking sockets, pods annotated "all"'
IS_DEFAULT = False

SIZES = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144)
NAMES = {"tcp_lat": ("tcp_lat", "us"), "tcp_bw": ("tcp_bw", "Mb/s")}


def trials(context):
    ways = [Way(name, context.road, context.pin, "all") for name in (PLAIN, SHORTCUT)]
    for way in ways:
        context.stack.enter_context(server(way.at("server", ["qperf"])))
    sizes = SIZES[3:4] if context.quick else SIZES
    return [
        Trial(f"{size} B", size, {way.name: lambda way=way, size=size: take(context, way, size) for way in ways})
        for size in sizes
    ]


def take(context, way, size):
    # qperf takes whole seconds alone.
    seconds = max(1, round(context.seconds))
    options = ["-t", seconds, "--wait_server", 5, "-ub", "-oo", f"msg_size:{size}", "-vu"]
    command = ["qperf", *options, way.address, *NAMES]
    text = run(way.at("client", command), limit=seconds * 2 + 30)
    return {NAMES[test]: value for test, value in demo.read_qperf(text)}
