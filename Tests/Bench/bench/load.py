# SPDX-License-Identifier: Apache-2.0
"""The load generator: its server on every way, and trials of its clients."""

import json

from .measure import Trial
from .process import await_line, run, server
from .ways import UNIX, WAYS, Way


class Load:
    """Servers of the load generator, one on each way."""

    def __init__(self, context, port, ways, *options):
        self.context = context
        self.port = port
        self.ways = [Way(name, context.road, context.pin, "true") for name in ways]
        for way in self.ways:
            serve(context, way, port, *options)

    def trial(self, label, size, verb, read, *options, ways=WAYS):
        """A trial of one client; `read` makes {(metric, unit): value} of what it reports."""
        ends = [way for way in self.ways if way.name in ways]

        def take(way):
            return read(call(self.context, way, verb, self.port, "--size", size or 0, *options))

        return Trial(label, size, {way.name: lambda way=way: take(way) for way in ends})


def serve(context, way, port, *options, address=None):
    """A server that ends with the suite."""
    words = [program(context), "serve", *place(way, port, address), *options]
    await_line(context.stack.enter_context(server(way.at("server", words))), "ready")


def call(context, way, verb, port, *options, address=None):
    """What a client reports."""
    words = [program(context), verb, "--seconds", context.seconds, *place(way, port, address), *options]
    return json.loads(run(way.at("client", words), limit=60 + context.seconds))


def program(context):
    return context.road.binaries / "load-generator"


def place(way, port, address=None):
    address = address or (f"unix:{way.socket(port)}" if way.name == UNIX else way.address)
    return ["--address", address, "--port", port]
