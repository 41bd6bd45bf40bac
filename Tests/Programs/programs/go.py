# SPDX-License-Identifier: Apache-2.0
"""Go: a proxy whose io.Copy splices, half-closed by either side; net/http."""

import os
import subprocess

from lib.fault import Fault
from lib.program import Program, case
from lib.road import REPOSITORY

SOURCE = REPOSITORY / "Tests" / "Programs" / "tools" / "go"
BUILD = REPOSITORY / ".build" / "programs"
ECHO, SOURCE_OF_BYTES, HTTP = 7201, 7202, 7203
PROXY_OF_ECHO, PROXY_OF_SOURCE = 7211, 7212


class Go(Program):
    roles = ("client", "proxy", "server")
    needs = ("go",)

    def prepare(self):
        self.program = build()
        server = self.address("server")
        self.serve("server", self.program, "echo", f":{ECHO}", port=ECHO)
        self.serve("server", self.program, "source", f":{SOURCE_OF_BYTES}", port=SOURCE_OF_BYTES)
        self.serve("server", self.program, "http", f":{HTTP}", port=HTTP)
        for port, behind in ((PROXY_OF_ECHO, ECHO), (PROXY_OF_SOURCE, SOURCE_OF_BYTES)):
            self.serve("proxy", self.program, "proxy", f":{port}", f"{server}:{behind}", port=port)

    def ask(self, what, role, port):
        """What the program reports; each connection has its own deadline within the limit."""
        to = f"{self.address(role)}:{port}"
        done = self.run("client", self.program, what, to, check=False, timeout=60)
        if done.returncode:
            lines = [done.stdout.strip(), *done.stderr.strip().splitlines()]
            raise Fault("; ".join(lines)[:1500])
        return {what: done.stdout.strip()}

    @case(shortened=())
    def echo(self):
        return self.ask("ask-echo", "server", ECHO)

    @case(shortened=())
    def source_that_ends_first(self):
        return self.ask("ask-source", "server", SOURCE_OF_BYTES)

    # io.Copy splices, so it is right to leave these on the stack.
    @case(shortened=())
    def echo_through_the_proxy(self):
        return self.ask("ask-echo", "proxy", PROXY_OF_ECHO)

    @case(shortened=())
    def source_through_the_proxy(self):
        return self.ask("ask-source", "proxy", PROXY_OF_SOURCE)

    @case(shortened=())
    def http(self):
        return self.ask("ask-http", "server", HTTP)


def build():
    """Go's cache makes the second time quick."""
    BUILD.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "GO111MODULE": "off", "GOFLAGS": "-trimpath", "CGO_ENABLED": "0",
        "GOCACHE": str(BUILD / "go-cache"),
    }  # fmt: skip
    done = subprocess.run(
        ["go", "build", "-o", str(BUILD / "pods"), "."],
        cwd=SOURCE, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Fault(f"go build: {done.stderr}")
    return BUILD / "pods"
