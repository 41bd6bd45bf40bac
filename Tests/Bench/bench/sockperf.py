# SPDX-License-Identifier: Apache-2.0
"""sockperf's ping-pong with non-blocking sockets and epoll."""

from .process import await_success, find, run, server

# Blocking in epoll is only to be had with a list of connections in a file.
OPTIONS = ("-F", "epoll", "--nonblocked")
PERCENTILES = {"p50": "50.000", "p99": "99.000", "p99.9": "99.900"}


def start(context, way, port):
    """Its first connection teaches a datapath what it wants to know of the listener."""
    where(context, way, port).write_text(f"T:{way.address}:{port}\n", encoding="ascii")
    listen = ["sockperf", "server", "-f", where(context, way, port), *OPTIONS]
    context.stack.enter_context(server(way.at("server", listen)))
    await_success(ping(context, way, port, 64, 1))


def ping(context, way, port, size, seconds):
    place = ["-f", where(context, way, port), *OPTIONS]
    return way.at("client", ["sockperf", "ping-pong", *place, "-m", size, "-t", seconds])


def take(context, way, port, size):
    """Microseconds of one way, by quantile."""
    # sockperf takes whole seconds alone, and half a second of them to warm up.
    seconds = max(1, round(context.seconds))
    return read(run(ping(context, way, port, size, seconds), limit=seconds * 3 + 30))


def read(text):
    return {
        (f"sockperf {name}", "us"): float(find(rf"percentile {number} =\s+([\d.]+)", text))
        for name, number in PERCENTILES.items()
    }


def where(context, way, port):
    return context.road.directory / f"sockperf.{way.name}.{port}"
