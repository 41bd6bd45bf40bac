# SPDX-License-Identifier: Apache-2.0
"""
What those pay who gain nothing. Here "plain" means without the datapath, "shortcut" with it: between
pods that are not allowed it is unloaded and loaded in turn; an allowed pod's connections to its node
are made from outside and inside the cgroup it is attached to.
"""

from ..load import call, serve
from ..measure import Trial
from ..process import run
from ..ways import CPUS, PLAIN, SHORTCUT, Way

SUMMARY = "what pods that are not allowed and connections to the node pay for the datapath"
IS_DEFAULT = True
# One percent is less than what samples differ by.
ROUNDS_FACTOR = 2

POD_PORT = 7700
NODE_PORT = 7800
MOST_SECONDS = 0.4


class OutsideCgroup:
    """A client in a pod's network namespace, or a server in the node's, in no cgroup of the road."""

    def __init__(self, road, pin, netns, address):
        self.name = PLAIN
        self.prefix = ["nsenter", f"--net={road.path}/netns/{netns}"]
        self.cpus = CPUS[pin]
        self.address = address

    def at(self, role, command):
        pinned = ["taskset", "-c", self.cpus[role]] if self.cpus else []
        return [*self.prefix, *pinned, *command]


def trials(context):
    context.seconds = min(context.seconds, MOST_SECONDS)
    found = between_pods(context)
    if context.road.kind == "bridge" and not context.quick:
        found += to_node(context)
    return found


def between_pods(context):
    """Both ways are the same two pods, which are not allowed."""
    road = context.road
    way = Way(PLAIN, road, context.pin, "true")
    context.stack.callback(road.reload)
    serve(context, way, POD_PORT)

    def take(read, is_loaded):
        road.set_loaded(is_loaded)
        return read(context, way, POD_PORT)

    return each("pods not allowed", {PLAIN: lambda read: take(read, False), SHORTCUT: lambda read: take(read, True)})


def to_node(context):
    road = context.road
    inside = Way(SHORTCUT, road, context.pin, "true")
    inside.address = gateway(road)
    outside = OutsideCgroup(road, context.pin, f"{inside.prefix}-client", inside.address)
    serve(context, OutsideCgroup(road, context.pin, "node", inside.address), NODE_PORT)
    takes = {PLAIN: lambda read: read(context, outside, NODE_PORT), SHORTCUT: lambda read: take(context, inside, read)}
    return each("to the node", takes)


def take(context, way, read):
    context.road.set_loaded(True)
    return read(context, way, NODE_PORT)


def gateway(road):
    text = run(["nsenter", f"--net={road.path}/netns/node", "ip", "-4", "-o", "addr", "show", "scope", "global"])
    return text.split()[3].split("/")[0]


def each(where, takes):
    reads = (("connect", connect), ("p50", ping), ("stream", stream))
    return [trial(f"{name}, {where}", read, takes) for name, read in reads]


def trial(metric, read, takes):
    bounds = {way: bound(take, read, metric) for way, take in takes.items()}
    return Trial(metric, None, bounds, is_counted=False)


def bound(take, read, metric):
    def taken():
        ((unit, value),) = take(read).items()
        return {(metric, unit): value}

    return taken


def connect(context, way, port):
    return {"per s": call(context, way, "connect", port, "--parallel", 16)["per_s"]}


def ping(context, way, port):
    return {"us": call(context, way, "ping", port, "--size", 64)["p50_us"]}


def stream(context, way, port):
    return {"MB/s": call(context, way, "stream", port, "--size", 16384)["mb_per_s"]}
