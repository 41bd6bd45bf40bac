# SPDX-License-Identifier: Apache-2.0
"""qperf, whose sockets block: pods with the annotation "all"."""

# The demo's, beside this package.
from table import read_qperf

from ..failure import Failure
from ..measure import Trial
from ..process import run, server
from ..ways import PLAIN, SHORTCUT, Way

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
    values = {NAMES[test]: value for test, value in read_qperf(text)}
    if len(values) < len(NAMES):
        raise Failure(f"qperf reported too little: {text}")
    return values
