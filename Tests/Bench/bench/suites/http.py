# SPDX-License-Identifier: Apache-2.0
"""Requests over kept-alive connections to nginx."""

from .. import nginx
from ..load import call
from ..measure import Trial
from ..ways import PLAIN, SHORTCUT, UNIX, WAYS, Way

SUMMARY = 'nginx, kept-alive connections: wrk, and a client that can use AF_UNIX too; pods annotated "all"'
IS_DEFAULT = True

# Bytes of the response's body.
SIZES = (128, 16384)
PORT = 7500
CONNECTIONS = 16


def trials(context):
    ways = [Way(name, context.road, context.pin, "all") for name in WAYS]
    sizes = SIZES[:1] if context.quick else SIZES
    for way in ways:
        for index, size in enumerate(sizes):
            nginx.start(context, way, PORT + index, size)
    tcp = [way for way in ways if way.name != UNIX]
    return [
        Trial(f"{size} B, {name}", size, {way.name: bound(context, take, way, PORT + index) for way in ends})
        for index, size in enumerate(sizes)
        for name, take, ends in (("wrk", wrk, tcp), ("keep-alive", keep_alive, ways))
    ]


def bound(context, take, way, port):
    return lambda: take(context, way, port)


def wrk(context, way, port):
    report = nginx.wrk(context, way, nginx.url(way, port), connections=CONNECTIONS)
    return {("wrk", "per s"): report["requests"], ("wrk p50", "us"): report["p50_us"]}


def keep_alive(context, way, port):
    report = call(context, way, "http", port, "--parallel", CONNECTIONS)
    return {("keep-alive", "per s"): report["per_s"]}
