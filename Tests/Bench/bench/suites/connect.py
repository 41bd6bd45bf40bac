# SPDX-License-Identifier: Apache-2.0
"""Connections that live for one request, or for none."""

from .. import nginx
from ..load import Load
from ..measure import Trial
from ..ways import PLAIN, SHORTCUT, Way

SUMMARY = "connections that live for one request, or for none; wrk with Connection: close"
IS_DEFAULT = True

PORT = 7300
CLOSING_PORT = 7310
HTTP_PORT = 7320
ALL = ', pods "all"'
# So many are under way at once.
PARALLEL = 16


def trials(context):
    requests = Load(context, PORT, (PLAIN, SHORTCUT))
    plain = requests.ways[0]
    nothing = Load(context, CLOSING_PORT, (PLAIN, SHORTCUT), "--close")
    # Where pods are not annotated "all", nginx stays plain on kernels whose FIONREAD leaves bytes out.
    willing = Way(SHORTCUT, context.road, context.pin, "all")
    for way in (*requests.ways, willing):
        nginx.start(context, way, HTTP_PORT)
    trials = [
        requests.trial("one request", 64, "connect", reader("request"), "--parallel", PARALLEL),
        nothing.trial("no request", None, "connect", reader("raw"), "--parallel", PARALLEL),
        Trial("wrk", None, {way.name: bound(context, way, "") for way in requests.ways}),
        Trial("wrk, all", None, {PLAIN: bound(context, plain, ALL), SHORTCUT: bound(context, willing, ALL)}),
    ]
    return trials[:1] if context.quick else trials


def reader(name):
    return lambda report: {(name, "per s"): report["per_s"]}


def bound(context, way, suffix):
    return lambda: wrk(context, way, suffix)


def wrk(context, way, suffix):
    report = nginx.wrk(context, way, nginx.url(way, HTTP_PORT), "-H", "Connection: close")
    return {(f"wrk, Connection: close{suffix}", "per s"): report["requests"]}
