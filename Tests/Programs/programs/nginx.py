# SPDX-License-Identifier: Apache-2.0
"""nginx, asked by wrk and curl: many connections, each answer's bytes, files through sendfile."""

from lib.payload import payload
from lib.program import BLOCKING_TOO, DEFAULT, Program, case
from lib.web import Downloads, nginx_configuration, wrk

SIZES = (0, 1, 1000, 65536, 1 << 20, (16 << 20) + 17)
FILES = {f"file{size}": size for size in SIZES}
# A listener each, as each learns how long its connections live.
KEEP_ALIVE, CLOSE, SENDFILE, LOAD = 8001, 8002, 8003, 8004


class Nginx(Program):
    needs = ("nginx", "wrk", "curl")
    # By default it stays plain where FIONREAD leaves bytes out, which it trusts for request bodies.
    annotations = (DEFAULT, BLOCKING_TOO)
    roads = ("bridge", "ovn")

    def prepare(self):
        root = self.scratch / "root"
        root.mkdir()
        for name, size in FILES.items():
            (root / name).write_bytes(payload(size))
        configuration = self.scratch / "nginx.conf"
        configuration.write_text(
            nginx_configuration(self.scratch, root, KEEP_ALIVE, CLOSE, SENDFILE, LOAD)
        )
        self.serve("server", "nginx", "-c", configuration, port=LOAD)
        self.warm_up()

    def warm_up(self):
        for port in (KEEP_ALIVE, CLOSE, SENDFILE, LOAD):
            self.run("client", "curl", "-sS", "-o", "/dev/null", self.url(port, "file1000"))

    def url(self, port, name):
        return f"http://{self.address('server')}:{port}/{name}"

    @case(shortened=(BLOCKING_TOO,))
    def wrk_keep_alive(self):
        return wrk(self, self.url(KEEP_ALIVE, "file1000"), "-t2", "-c20", "-d2s")

    @case(shortened=())
    def wrk_connection_close(self):
        header = ("-H", "Connection: close")
        return wrk(self, self.url(CLOSE, "file1000"), "-t2", "-c20", "-d2s", *header)

    @case(shortened=(BLOCKING_TOO,))
    def wrk_files_of_1_MiB_by_sendfile(self):
        return wrk(self, self.url(LOAD, f"file{1 << 20}"), "-t2", "-c8", "-d1s")

    @case(shortened=(BLOCKING_TOO,))
    def curl_downloads_on_one_connection(self):
        downloads = Downloads(self, "kept")
        return downloads.together({self.url(SENDFILE, name): size for name, size in FILES.items()})

    @case(shortened=())
    def curl_downloads_and_closes(self):
        downloads = Downloads(self, "closed", "-H", "Connection: close")
        return downloads.apart({self.url(CLOSE, name): size for name, size in FILES.items()})
