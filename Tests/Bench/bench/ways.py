# SPDX-License-Identifier: Apache-2.0
"""The ways that are compared, and how a client and a server are run on each."""

PLAIN, SHORTCUT, UNIX = WAYS = ("plain", "shortcut", "unix")

CPUS = {"same": {"client": 0, "server": 0}, "cross": {"client": 0, "server": 1}, "none": {}}


class Way:
    """Two ends: pods of the same annotation, or for AF_UNIX just two processes."""

    def __init__(self, name, road, pin, annotation):
        self.name = name
        self.road = road
        self.cpus = CPUS[pin]
        self.prefix = f"{name}-{annotation}"
        # Where the server listens, but for its port.
        self.address = None
        if name != UNIX:
            self.make_pods("false" if name == PLAIN else annotation)

    def make_pods(self, annotation):
        for role in ("client", "server"):
            self.road.pod(f"{self.prefix}-{role}", annotation)
        self.address = self.road.address(f"{self.prefix}-server")

    def at(self, role, command):
        """The command as the client or the server runs it."""
        pinned = ["taskset", "-c", self.cpus[role], *command] if self.cpus else list(command)
        if self.name == UNIX:
            return pinned
        return self.road.inside(f"{self.prefix}-{role}") + pinned

    def socket(self, name):
        """The path of an AF_UNIX socket."""
        return self.road.directory / f"{name}.socket"
