# SPDX-License-Identifier: Apache-2.0
"""haproxy in a pod between a client's and a server's: it moves bytes by splice(2).

splice(2) from a socket does not see redirected bytes, so a right answer is to leave all of its
connections on the stack: no case demands the shortcut.
"""

import re
import socket

from lib.fault import Fault
from lib.payload import payload
from lib.program import PLAIN, Program, case
from lib.web import Downloads, Uploads, nginx_configuration, wrk

SIZES = (0, 1, 1000, 65536, (1 << 20) + 1, (16 << 20) + 17)
FILES = {f"file{size}": size for size in SIZES}
SERVER = 8200
# A process each, by port: what it reads of the bytes, and when it splices.
HTTP_AUTO, HTTP_CLOSE, HTTP_ALWAYS, TCP_AUTO, TCP_ALWAYS = 8201, 8202, 8203, 8204, 8205
ALWAYS = "option splice-request\n  option splice-response"
MODES = {
    HTTP_AUTO: "mode http\n  option splice-auto",
    HTTP_CLOSE: "mode http\n  option splice-auto\n  option httpclose",
    HTTP_ALWAYS: f"mode http\n  {ALWAYS}",
    TCP_AUTO: "mode tcp\n  option splice-auto",
    TCP_ALWAYS: f"mode tcp\n  {ALWAYS}",
}


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
        for port, mode in MODES.items():
            haproxy = self.scratch / f"haproxy{port}.conf"
            haproxy.write_text(configuration(self.socket(port), port, mode, self.address("server")))
            self.serve("proxy", "haproxy", "-db", "-f", haproxy, port=port)

    def socket(self, port):
        return self.scratch / f"haproxy{port}.socket"

    def url(self, port, name):
        return f"http://{self.address('proxy')}:{port}/{name}"

    def files(self, port):
        return {self.url(port, name): size for name, size in FILES.items()}

    @case(shortened=())
    def http_splice_auto(self):
        return self.both_ways(HTTP_AUTO)

    @case(shortened=())
    def http_splice_auto_and_close(self):
        return self.both_ways(HTTP_CLOSE, "-H", "Connection: close")

    @case(shortened=())
    def http_splice_always(self):
        observed = self.both_ways(HTTP_ALWAYS)
        self.check_spliced(HTTP_ALWAYS)
        return observed

    @case(shortened=())
    def tcp_splice_auto(self):
        observed = self.both_ways(TCP_AUTO)
        self.check_spliced(TCP_AUTO)
        return observed

    @case(shortened=())
    def tcp_splice_always(self):
        observed = self.both_ways(TCP_ALWAYS)
        self.check_spliced(TCP_ALWAYS)
        return observed

    @case(shortened=())
    def wrk_small_answers(self):
        return wrk(self, self.url(HTTP_AUTO, "file1000"), "-t2", "-c20", "-d1s")

    @case(shortened=())
    def wrk_files_of_1_MiB(self):
        return self.wrk_large(HTTP_AUTO)

    @case(shortened=())
    def wrk_files_of_1_MiB_spliced(self):
        return self.wrk_large(HTTP_ALWAYS)

    def wrk_large(self, port):
        url = self.url(port, f"file{(1 << 20) + 1}")
        return wrk(self, url, "-t2", "-c8", "-d1s", "--timeout", "5s")

    def both_ways(self, port, *options):
        self.run("client", "curl", "-sS", "-o", "/dev/null", self.url(port, "file1000"))
        options = (*options, "--max-time", "4")
        downloads = Downloads(self, str(port), *options).together(self.files(port))
        sizes = {self.url(port, f"upload{size}"): size for size in SIZES}
        uploads = Uploads(self, self.root, *options).together(sizes)
        return downloads | uploads

    def check_spliced(self, port):
        """On plain TCP: else this tests nothing. haproxy keeps the pipes it has used."""
        if self.annotation != PLAIN:
            return
        pipes = re.findall(r"^Pipes\w+: (\d+)", self.statistics(port), re.M)
        if not sum(map(int, pipes)):
            raise Fault(f"haproxy used no pipe on port {port}: it did not splice")

    def statistics(self, port):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.socket(port)))
            connection.sendall(b"show info\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def configuration(statistics, port, mode, server):
    return f"""
global
  maxconn 2000
  maxpipes 400
  stats socket {statistics}
defaults
  timeout connect 5s
  timeout client 10s
  timeout server 10s
listen proxy
  {mode}
  bind :{port}
  server nginx {server}:{SERVER}
"""
