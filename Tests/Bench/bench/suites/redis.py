# SPDX-License-Identifier: Apache-2.0
"""redis-benchmark against redis-server."""

import csv
import io

from ..failure import Failure
from ..measure import Trial
from ..process import await_success, run, server
from ..ways import UNIX, WAYS, Way

SUMMARY = 'redis-benchmark GET and SET, one at a time and 16 in a pipeline; pods annotated "all"'
IS_DEFAULT = True

PORT = 7400
CONNECTIONS = 50


def trials(context):
    ways = [Way(name, context.road, context.pin, "all") for name in WAYS]
    for way in ways:
        start(context, way)
    kinds = [("get", 1), ("set", 1), ("get", 16), ("set", 16)]
    return [trial(context, ways, *kind) for kind in kinds[: 1 if context.quick else None]]


def start(context, way):
    where = ["--unixsocket", way.socket("redis"), "--port", 0]
    if way.name != UNIX:
        where = ["--bind", way.address, "--port", PORT]
    options = ["--save", "", "--appendonly", "no", "--protected-mode", "no", "--dir", context.road.directory]
    context.stack.enter_context(server(way.at("server", ["redis-server", *where, *options])))
    await_success(way.at("client", ["redis-cli", "-e", *place(way), "ping"]))


def place(way):
    return ["-s", way.socket("redis")] if way.name == UNIX else ["-h", way.address, "-p", PORT]


def trial(context, ways, test, pipeline):
    name = f"{test.upper()} -P {pipeline}"
    rates = {way.name: benchmark(way, test, pipeline, 20000) for way in ways}

    def take(way):
        count = max(1000, int(rates[way.name] * context.seconds))
        rates[way.name] = benchmark(way, test, pipeline, count)
        return {(name, "per s"): rates[way.name]}

    return Trial(name, None, {way.name: lambda way=way: take(way) for way in ways})


def benchmark(way, test, pipeline, count):
    """Requests per second."""
    options = ["-t", test, "-P", pipeline, "-n", count, "-c", CONNECTIONS, "--csv"]
    return read(run(way.at("client", ["redis-benchmark", *place(way), *options]), limit=120), test)


def read(text, test):
    rows = {row["test"].lower(): row for row in csv.DictReader(io.StringIO(text))}
    if test not in rows:
        raise Failure(f"redis-benchmark reported no {test}: {text}")
    return float(rows[test]["rps"])
