# SPDX-License-Identifier: Apache-2.0
"""Redis: its own benchmark with and without pipelining, and values written and read back."""

from lib.fault import Fault
from lib.program import BLOCKING_TOO, DEFAULT, Program, case
from lib.road import REPOSITORY

PORT = 6379
VALUES = REPOSITORY / "Tests" / "Programs" / "tools" / "redis_values.py"
COMMANDS = "ping_mbulk,set,get,incr,lpush,lrange_100,mset"


class Redis(Program):
    needs = ("redis-server", "redis-benchmark", "redis-cli")
    roads = ("bridge", "ovn")
    # redis-benchmark and redis-cli connect without blocking and block afterwards.
    annotations = (DEFAULT, BLOCKING_TOO)

    def prepare(self):
        settings = "--save '' --appendonly no --protected-mode no --daemonize no".split(" ")
        settings = ["" if word == "''" else word for word in settings]
        command = ["redis-server", "--port", PORT, "--bind", "0.0.0.0", "--dir", self.scratch]
        self.serve("server", *command, *settings, port=PORT)
        self.cli("ping")

    def cli(self, *arguments, **options):
        return self.run("client", "redis-cli", "-h", self.address("server"), *arguments, **options)

    def benchmark(self, *options):
        """One line a command with its rate; anything else is an error of the benchmark."""
        command = ["redis-benchmark", "-h", self.address("server"), "--csv", *options]
        lines = self.run("client", *command).stdout.strip().splitlines()
        names = [line.split(",")[0].strip('"') for line in lines if line.count(",") >= 7]
        if len(names) != len(lines) or len(names) < 2:
            raise Fault(f"redis-benchmark {' '.join(map(str, options))}: {lines}")
        return {"commands": names[1:]}

    @case(shortened=(BLOCKING_TOO,))
    def benchmark_one_at_a_time(self):
        return self.benchmark("-t", COMMANDS, "-n", 4000, "-c", 20)

    @case(shortened=(BLOCKING_TOO,))
    def benchmark_with_pipelining(self):
        return self.benchmark("-t", COMMANDS, "-n", 40000, "-c", 20, "-P", 16)

    @case(shortened=(BLOCKING_TOO,))
    def benchmark_of_16_KiB_with_pipelining(self):
        return self.benchmark("-t", "set,get", "-n", 8000, "-c", 10, "-P", 16, "-d", 16384)

    @case()
    def values_by_asyncio_on_few_connections(self):
        return self.values("write", 1) | self.values("check", 1)

    @case()
    def values_by_redis_cli_in_one_pipe(self):
        """redis-cli connects its socket without blocking and makes it blocking afterwards."""
        reply = self.cli("--pipe", data=pipe_of(2), text=False).stdout.decode()
        return {"pipe": reply.strip().splitlines()[-1]} | self.values("check", 2)

    def values(self, what, seed):
        address = self.address("server")
        text = self.run("client", "python3", VALUES, what, address, PORT, seed).stdout
        return {what: text.strip()}


def pipe_of(seed):
    """SET commands for all values of a seed, in Redis' protocol."""
    from tools.redis_values import command, values

    return b"".join(command(b"SET", key, value) for key, value in values(seed))
