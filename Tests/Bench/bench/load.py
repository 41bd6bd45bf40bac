# SPDX-License-Identifier: Apache-2.0
"""The load generator: its server on every way, and trials of its clients."""

import json

from .measure import Trial
from .process import await_line, run, server
from .ways import UNIX, Way


class Load:
    """Servers of the load generator, one on each way."""

    def __init__(self, context, port, ways, *options):
        self.context = context
        self.port = port
        self.program = context.road.binaries / "load-generator"
        self.ways = [Way(name, context.road, context.pin, "true") for name in ways]
        self.places = {way.name: self.place(way) for way in self.ways}
        for way in self.ways:
            self.start(way, options)

    def place(self, way):
        address = f"unix:{way.socket(self.port)}" if way.name == UNIX else way.address
        return ["--address", address, "--port", self.port]

    def start(self, way, options):
        command = way.at("server", [self.program, "serve", *self.places[way.name], *options])
        await_line(self.context.stack.enter_context(server(command)), "ready")

    def trial(self, label, size, verb, read, *options, ways=None):
        """A trial of one client; `read` makes {(metric, unit): value} of what it reports."""
        command = [self.program, verb, "--seconds", self.context.seconds, "--size", size or 0, *options]
        return Trial(
            label,
            size,
            {
                way.name: lambda way=way: read(self.call(way, command))
                for way in self.ways
                if ways is None or way.name in ways
            },
        )

    def call(self, way, command):
        return json.loads(run(way.at("client", command + self.places[way.name]), limit=60 + self.context.seconds))
