# SPDX-License-Identifier: Apache-2.0
"""haproxy in a pod between a client's and a server's: it moves bytes by splice(2)."""

import re
import socket

from lib.fault import Fault
from lib.payload import payload
from lib.program import PLAIN, Program, case
from lib.web import Downloads, Uploads, nginx_configuration, wrk

SIZES = (0, 1, 1000, 65536, (1 << 20) + 1, (16 << 20) + 17)
FILES = {f"file{size}": size for size in SIZES}
SERVER = 8200
# Front ends: what haproxy reads of the bytes, and when it splices.
HTTP_AUTO, HTTP_CLOSE, TCP_AUTO, TCP_ALWAYS = 8201, 8202, 8203, 8204


class Haproxy(Program):
    roles = ("client", "proxy", "server")
    needs = ("haproxy", "nginx", "wrk", "curl")

    def prepare(self):
        self.root = self.scratch / "root"
        self.root.mkdir()
        for name, size in FILES.items():
            (self.root / name).write_bytes(payload(size))
        nginx = self.scratch / "nginx.conf"
        nginx.write_text(nginx_configuration(self.scratch, self.root, SERVER))
        self.serve("server", "nginx", "-c", nginx, port=SERVER)
        haproxy = self.scratch / "haproxy.conf"
        haproxy.write_text(configuration(self.scratch, self.address("server")))
        self.serve("proxy", "haproxy", "-db", "-f", haproxy, port=TCP_ALWAYS)
        for port in (HTTP_AUTO, HTTP_CLOSE, TCP_AUTO, TCP_ALWAYS):
            self.run("client", "curl", "-sS", "-o", "/dev/null", self.url(port, "file1000"))

    def url(self, port, name):
        return f"http://{self.address('proxy')}:{port}/{name}"

    def files(self, port):
        return {self.url(port, name): size for name, size in FILES.items()}

    @case()
    def http_splice_auto(self):
        return self.both_ways(HTTP_AUTO)

    @case(shortened=())
    def http_splice_auto_and_close(self):
        return self.both_ways(HTTP_CLOSE, "-H", "Connection: close")

    @case()
    def tcp_splice_auto(self):
        return self.both_ways(TCP_AUTO)

    @case()
    def tcp_splice_always(self):
        return self.both_ways(TCP_ALWAYS)

    @case()
    def wrk_small_answers(self):
        return wrk(self, self.url(HTTP_AUTO, "file1000"), "-t2", "-c20", "-d1s")

    @case()
    def wrk_files_of_1_MiB(self):
        url = self.url(HTTP_AUTO, f"file{(1 << 20) + 1}")
        return wrk(self, url, "-t2", "-c8", "-d1s", "--timeout", "5s")

    def both_ways(self, port, *options):
        options = (*options, "--max-time", "4")
        downloads = Downloads(self, str(port), *options).together(self.files(port))
        sizes = {self.url(port, f"upload{size}"): size for size in SIZES}
        uploads = Uploads(self, self.root, *options).together(sizes)
        self.check_spliced(port)
        return downloads | uploads

    def check_spliced(self, port):
        """On plain TCP: else this tests nothing. haproxy keeps the pipes it has used."""
        if self.annotation != PLAIN:
            return
        pipes = re.findall(r"^Pipes\w+: (\d+)", self.statistics(), re.M)
        if not sum(map(int, pipes)):
            raise Fault(f"haproxy used no pipe up to port {port}: it did not splice")

    def statistics(self):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.scratch / "haproxy.socket"))
            connection.sendall(b"show info\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def configuration(scratch, server):
    return f"""
global
  maxconn 2000
  maxpipes 400
  stats socket {scratch}/haproxy.socket
defaults
  timeout connect 5s
  timeout client 10s
  timeout server 10s
listen http-auto
  mode http
  option splice-auto
  bind :{HTTP_AUTO}
  server nginx {server}:{SERVER}
listen http-close
  mode http
  option splice-auto
  option httpclose
  bind :{HTTP_CLOSE}
  server nginx {server}:{SERVER}
listen tcp-auto
  mode tcp
  option splice-auto
  bind :{TCP_AUTO}
  server nginx {server}:{SERVER}
listen tcp-always
  mode tcp
  option splice-request
  option splice-response
  bind :{TCP_ALWAYS}
  server nginx {server}:{SERVER}
"""
