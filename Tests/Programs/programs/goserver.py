# SPDX-License-Identifier: Apache-2.0
"""Go servers and clients that relay nothing, in pods annotated "all": their bytes are shortened."""

from lib.program import BLOCKING_TOO, Program, case
from programs.go import ECHO, HTTP, SOURCE_OF_BYTES, Go, build


class GoServer(Program):
    roles = ("client", "server")
    needs = Go.needs
    annotations = (BLOCKING_TOO,)

    def prepare(self):
        self.program = build()
        for what, port in (("echo", ECHO), ("source", SOURCE_OF_BYTES), ("http", HTTP)):
            self.serve("server", self.program, what, f":{port}", port=port)

    ask = Go.ask

    @case(shortened=(BLOCKING_TOO,))
    def echo(self):
        return self.ask("ask-echo", "server", ECHO)

    @case(shortened=(BLOCKING_TOO,))
    def source_that_ends_first(self):
        return self.ask("ask-source", "server", SOURCE_OF_BYTES)

    @case(shortened=(BLOCKING_TOO,))
    def http(self):
        return self.ask("ask-http", "server", HTTP)
