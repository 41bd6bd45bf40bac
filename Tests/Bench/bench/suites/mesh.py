# SPDX-License-Identifier: Apache-2.0
"""
client -> sidecar -> sidecar -> server, as a service mesh has it: the client's connection to the
server is redirected to a proxy in its own pod, and again to another where it arrives. The proxies
are nginx: it reads and writes as Envoy does, where haproxy may splice.
"""

import os

from .. import nginx
from ..load import call, serve
from ..measure import Trial
from ..process import await_success, run, server
from ..ways import PLAIN, SHORTCUT, Way

SUMMARY = "client, two nginx stream sidecars with iptables REDIRECT, server"
IS_DEFAULT = True

LOAD_PORT = 7600
HTTP_PORT = 7601
# Where the sidecars listen: for LOAD_PORT and HTTP_PORT, outbound and inbound.
OUTBOUND = {LOAD_PORT: 15001, HTTP_PORT: 15002}
INBOUND = {LOAD_PORT: 15006, HTTP_PORT: 15007}
# The sidecar's own connections are told from the client's by their user, as Istio does it.
SIDECAR_USER = 1337
CONNECTIONS = 16

CONFIGURATION = """\
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
master_process off;
pid {directory}/pid;
error_log stderr crit;
events {{ worker_connections 16384; }}
stream {{
{proxies}
}}
"""
PROXY = "  server {{ listen {port} backlog=4096; proxy_pass {target}:{target_port}; }}"


def trials(context):
    ways = [Way(name, context.road, context.pin, "true") for name in (PLAIN, SHORTCUT)]
    for way in ways:
        start(context, way)
    trials = [
        Trial("64 B, there and back", 64, each(ways, lambda way: ping(context, way))),
        Trial("wrk", None, each(ways, lambda way: wrk(context, way))),
        Trial("64 KiB, one way", 65536, each(ways, lambda way: stream(context, way))),
    ]
    return trials[:1] if context.quick else trials


def each(ways, take):
    return {way.name: lambda way=way: take(way) for way in ways}


def start(context, way):
    serve(context, way, LOAD_PORT, address="0.0.0.0")
    nginx.start(context, way, HTTP_PORT, address="0.0.0.0")
    sidecar(context, way, "client", OUTBOUND, way.address)
    sidecar(context, way, "server", INBOUND, "127.0.0.1")
    for port in (LOAD_PORT, HTTP_PORT):
        outside = ["-m", "owner", "!", "--uid-owner", SIDECAR_USER]
        redirect(context, way, "client", "OUTPUT", port, OUTBOUND[port], *outside)
        redirect(context, way, "server", "PREROUTING", port, INBOUND[port])
    await_success(way.at("client", ["curl", "-sSf", "-o", "/dev/null", nginx.url(way, HTTP_PORT)]))


def sidecar(context, way, role, ports, target):
    proxies = [PROXY.format(port=port, target=target, target_port=to) for to, port in ports.items()]
    directory = context.road.directory / f"sidecar.{way.name}.{role}"
    directory.mkdir(exist_ok=True)
    os.chown(directory, SIDECAR_USER, SIDECAR_USER)
    (directory / "conf").write_text(
        CONFIGURATION.format(directory=directory, proxies="\n".join(proxies)), encoding="utf-8"
    )
    user = ["setpriv", f"--reuid={SIDECAR_USER}", "--clear-groups"]
    command = [*user, "nginx", "-e", "stderr", "-c", directory / "conf"]
    context.stack.enter_context(server(way.at(role, command)))


def redirect(context, way, role, chain, port, to, *match):
    rule = [chain, "-p", "tcp", "--dport", port, *match, "-j", "REDIRECT", "--to-ports", to]
    run(way.at(role, ["iptables", "-w", "-t", "nat", "-A", *rule]))
    context.stack.callback(run, way.at(role, ["iptables", "-w", "-t", "nat", "-D", *rule]))


def ping(context, way):
    report = call(context, way, "ping", LOAD_PORT, "--size", 64)
    return {("p50", "us"): report["p50_us"], ("p99", "us"): report["p99_us"]}


def stream(context, way):
    report = call(context, way, "stream", LOAD_PORT, "--size", 65536)
    return {("stream", "MB/s"): report["mb_per_s"]}


def wrk(context, way):
    report = nginx.wrk(context, way, nginx.url(way, HTTP_PORT), connections=CONNECTIONS)
    return {("wrk", "per s"): report["requests"]}
