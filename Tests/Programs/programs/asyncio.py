# SPDX-License-Identifier: Apache-2.0
"""Python's asyncio: echoes of random sizes, half-closed, by streams and by protocols."""

from lib.program import Program, case
from lib.road import REPOSITORY

ECHO = REPOSITORY / "Tests" / "Programs" / "tools" / "asyncio_echo.py"
PORTS = {"streams": 7101, "protocols": 7102}
CONNECTIONS = 60


class Asyncio(Program):
    needs = ("python3",)

    def prepare(self):
        for how, port in PORTS.items():
            self.serve("server", "python3", ECHO, "serve", how, port, port=port)

    def ask(self, how):
        to = (self.address("server"), PORTS[how])
        text = self.run("client", "python3", ECHO, "ask", *to, CONNECTIONS, 1).stdout
        return {how: text.strip()}

    @case()
    def echo_by_streams(self):
        return self.ask("streams")

    @case()
    def echo_by_protocols(self):
        return self.ask("protocols")
