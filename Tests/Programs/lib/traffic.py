# SPDX-License-Identifier: Apache-2.0
"""How many bytes of payload took which way while a case ran."""

import subprocess
from dataclasses import dataclass

# Ethernet, IPv4 and TCP with timestamps: what a packet of these pods has besides its payload.
HEADERS = 14 + 20 + 32


@dataclass
class Traffic:
    """Payload of all pods of a program. What took the stack is read off the interfaces."""

    stack_bytes: int
    shortcut_bytes: int
    pairs: int
    joins: int
    leaves: dict
    evictions: dict
    refusals: dict

    @classmethod
    def read(cls, road, pods):
        counters = road.counters()
        return cls(
            sum(_sent(road, pod) for pod in pods),
            counters["shortcut_bytes"],
            counters["pairs"],
            counters["joins"],
            counters["leaves"],
            counters["evictions"],
            counters["refusals"],
        )

    def since(self, earlier):
        return Traffic(
            max(0, self.stack_bytes - earlier.stack_bytes),
            self.shortcut_bytes - earlier.shortcut_bytes,
            self.pairs - earlier.pairs,
            self.joins - earlier.joins,
            _grown(self.leaves, earlier.leaves),
            _grown(self.evictions, earlier.evictions),
            _grown(self.refusals, earlier.refusals),
        )

    @property
    def bytes(self):
        return self.stack_bytes + self.shortcut_bytes

    @property
    def share(self):
        """Of the bytes, those on the shortcut; about, as acknowledgements vary in size."""
        return self.shortcut_bytes / self.bytes if self.bytes else 0.0


def _grown(now, earlier):
    growth = {name: now[name] - earlier.get(name, 0) for name in now}
    return {name: count for name, count in growth.items() if count}


def _sent(road, pod):
    """Payload bytes that left over the pod's interfaces."""
    table = subprocess.run(
        road.exec(pod, "cat", "/proc/net/dev"), capture_output=True, text=True, check=True
    ).stdout
    fields = [line.split(":")[1].split() for line in table.splitlines() if ":" in line]
    return sum(int(field[8]) - HEADERS * int(field[9]) for field in fields)
