# SPDX-License-Identifier: Apache-2.0
"""Connections that live for one request, or for none."""

from .. import nginx
from ..load import Load
from ..measure import Trial
from ..ways import PLAIN, SHORTCUT

SUMMARY = "connections that live for one request, or for none; wrk with Connection: close"
IS_DEFAULT = True

PORT = 7300
CLOSING_PORT = 7310
HTTP_PORT = 7320
# So many are under way at once.
PARALLEL = 16


# On OVN. Debian's userspace conntrack breaks down when it has seen a few thousand connections.
SECONDS_ON_OVN = 0.2


def trials(context):
    if context.road.kind == "ovn":
        context.seconds = min(context.seconds, SECONDS_ON_OVN)
    requests = Load(context, PORT, (PLAIN, SHORTCUT))
    nothing = Load(context, CLOSING_PORT, (PLAIN, SHORTCUT), "--close")
    for way in requests.ways:
        nginx.start(context, way, HTTP_PORT)
    trials = [
        requests.trial("one request", 64, "connect", reader("request"), "--parallel", PARALLEL),
        nothing.trial("no request", None, "connect", reader("raw"), "--parallel", PARALLEL),
        Trial("wrk", None, {way.name: lambda way=way: wrk(context, way) for way in requests.ways}),
    ]
    return trials[:1] if context.quick else trials


def reader(name):
    return lambda report: {(name, "per s"): report["per_s"]}


def wrk(context, way):
    report = nginx.wrk(context, way, nginx.url(way, HTTP_PORT), "-H", "Connection: close")
    return {("wrk, Connection: close", "per s"): report["requests"]}
