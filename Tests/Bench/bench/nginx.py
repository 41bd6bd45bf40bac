# SPDX-License-Identifier: Apache-2.0
"""nginx as a web server, and wrk as its client."""

import re

from .failure import Failure
from .process import await_success, find, run, server
from .ways import UNIX

CONFIGURATION = """\
daemon off;
master_process off;
worker_processes 1;
pid {directory}/pid;
error_log stderr crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 1000000000;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen {listen} backlog=4096;
    root {directory};
  }}
}}
"""


def start(context, way, port, size=128, address=None):
    """Serves a file of `size` bytes as the root page, at the way's address or another."""
    directory = context.road.directory / f"nginx.{way.prefix}.{port}"
    directory.mkdir(exist_ok=True)
    (directory / "index.html").write_bytes(b"x" * size)
    # An AF_UNIX path has the suffix that the load generator gives the first of several ports.
    listen = f"unix:{way.socket(port)}.0" if way.name == UNIX else f"{address or way.address}:{port}"
    (directory / "conf").write_text(
        CONFIGURATION.format(directory=directory, listen=listen), encoding="utf-8"
    )
    context.stack.enter_context(server(way.at("server", ["nginx", "-c", directory / "conf"])))
    await_success(way.at("client", ["curl", "-sSf", "-o", "/dev/null", *place(way, port)]))


def place(way, port):
    if way.name == UNIX:
        return ["--unix-socket", f"{way.socket(port)}.0", "http://bench/"]
    return [url(way, port)]


def url(way, port):
    return f"http://{way.address}:{port}/"


def wrk(context, way, address, *options, connections=16):
    """Requests per second and the median of a request's time, as wrk sees them."""
    # wrk takes whole seconds alone; interrupted, it reports what it has.
    ended = ["timeout", "--preserve-status", "--signal=INT", context.seconds]
    command = [*ended, "wrk", "-t", 1, "-c", connections, "-d", 3600, "--latency", *options, address]
    text = run(way.at("client", command), limit=context.seconds + 60)
    return read(text)


def read(text):
    """What wrk wrote; a run with errors counts for nothing."""
    if "Socket errors" in text or "Non-2xx" in text:
        raise Failure(f"wrk met errors: {text}")
    return {
        "requests": float(find(r"Requests/sec:\s+([\d.]+)", text)),
        "p50_us": duration(find(r"^\s+50%\s+(\S+)", text)),
    }


def duration(text):
    units = {"us": 1, "ms": 1e3, "s": 1e6}
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * units[unit]
