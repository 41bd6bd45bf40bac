# SPDX-License-Identifier: Apache-2.0
"""nginx as a web server, and wrk as its client."""

import re

from .failure import Failure
from .process import await_success, run, server

CONFIGURATION = """\
daemon off;
master_process off;
worker_processes 1;
pid {directory}/nginx.{name}.pid;
error_log stderr crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {directory}/nginx.{name}.body;
  proxy_temp_path {directory}/nginx.{name}.proxy;
  fastcgi_temp_path {directory}/nginx.{name}.fastcgi;
  uwsgi_temp_path {directory}/nginx.{name}.uwsgi;
  scgi_temp_path {directory}/nginx.{name}.scgi;
  server {{
    listen {listen} backlog=4096;
    location / {{ return 200 "{body}"; }}
  }}
}}
"""


def start(context, way, port, body_size=128):
    """Serves `body_size` bytes at every path."""
    name = f"{way.name}.{port}"
    path = context.road.directory / f"nginx.{name}.conf"
    path.write_text(
        CONFIGURATION.format(
            directory=context.road.directory,
            name=name,
            listen=f"{way.address}:{port}",
            body="x" * body_size,
        ),
        encoding="utf-8",
    )
    context.stack.enter_context(server(way.at("server", ["nginx", "-c", path])))
    await_success(way.at("client", ["curl", "-sSf", "-o", "/dev/null", url(way, port)]))


def url(way, port):
    return f"http://{way.address}:{port}/"


def wrk(context, way, address, *options, connections=16):
    """Requests per second and the median of a request's time, as wrk sees them."""
    # wrk takes whole seconds alone; interrupted, it reports what it has.
    ended = ["timeout", "--preserve-status", "--signal=INT", context.seconds]
    command = [*ended, "wrk", "-t", 1, "-c", connections, "-d", 3600, "--latency", *options, address]
    text = run(way.at("client", command), limit=context.seconds + 60)
    if "Socket errors" in text:
        raise Failure(f"wrk {address}: {text}")
    return {
        "requests": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
        "p50_us": duration(re.search(r"^\s+50%\s+(\S+)", text, re.MULTILINE).group(1)),
    }


def duration(text):
    units = {"us": 1, "ms": 1e3, "s": 1e6}
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * units[unit]
