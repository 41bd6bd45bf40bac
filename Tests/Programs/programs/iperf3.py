# SPDX-License-Identifier: Apache-2.0
"""iperf3 in both directions, with one stream and with several."""

import json

from lib.fault import Fault
from lib.program import BLOCKING_TOO, DEFAULT, Program, case

PORT = 5201


class Iperf3(Program):
    needs = ("iperf3",)
    annotations = (DEFAULT, BLOCKING_TOO)

    def prepare(self):
        self.serve("server", "iperf3", "-s", "-p", PORT, port=PORT)
        # Enough for the reader to have begun when the sender has ended.
        self.measure("-n", "64M")

    def measure(self, *options):
        """What each stream has to have done; how much depends on the time."""
        command = ["iperf3", "-c", self.address("server"), "-p", PORT, "-J", *options]
        report = json.loads(self.run("client", *command, check=False).stdout or "{}")
        if "error" in report or "end" not in report:
            raise Fault(f"iperf3 {' '.join(options)}: {report.get('error', 'no report')}")
        streams = report["end"]["streams"]
        idle = [s for s in streams if not s["sender"]["bytes"] or not s["receiver"]["bytes"]]
        if idle:
            raise Fault(f"iperf3 {' '.join(options)}: {len(idle)} of {len(streams)} moved nothing")
        return {"streams": len(streams)}

    # Its sockets block.
    @case(shortened=(BLOCKING_TOO,))
    def to_the_server(self):
        return self.measure("-t", "1")

    @case(shortened=(BLOCKING_TOO,))
    def from_the_server_on_4_streams(self):
        return self.measure("-t", "1", "-R", "-P", "4")

    @case(shortened=(BLOCKING_TOO,))
    def both_ways_on_3_streams_each(self):
        return self.measure("-t", "1", "--bidir", "-P", "3")

    @case(shortened=(BLOCKING_TOO,))
    def small_writes_without_delay(self):
        return self.measure("-t", "1", "-l", "100", "-N")
