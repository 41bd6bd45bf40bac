# SPDX-License-Identifier: Apache-2.0
"""curl uploads to nginx: of known size, after 100-continue, chunked from a pipe."""

from lib.program import Program, case
from lib.web import Uploads, nginx_configuration

SIZES = (0, 1, 1000, 65536, (1 << 20) + 1, 8 << 20, (32 << 20) + 17)
KEPT, CONTINUED, PIPED = 8101, 8102, 8103


class Curl(Program):
    needs = ("nginx", "curl")

    def prepare(self):
        self.root = self.scratch / "root"
        self.root.mkdir()
        (self.root / "warm-up").write_text("warm-up")
        configuration = self.scratch / "nginx.conf"
        configuration.write_text(
            nginx_configuration(self.scratch, self.root, KEPT, CONTINUED, PIPED)
        )
        self.serve("server", "nginx", "-c", configuration, port=PIPED)
        for port in (KEPT, CONTINUED, PIPED):
            self.run("client", "curl", "-sS", "-o", "/dev/null", self.url(port, "warm-up"))

    def url(self, port, name):
        return f"http://{self.address('server')}:{port}/{name}"

    def sizes(self, port):
        return {self.url(port, f"upload{size}"): size for size in SIZES}

    @case(shortened=())
    def uploads_on_one_connection(self):
        return Uploads(self, self.root, "-H", "Expect:").together(self.sizes(KEPT))

    @case(shortened=())
    def uploads_after_100_continue(self):
        return Uploads(self, self.root, "-H", "Expect: 100-continue").together(
            self.sizes(CONTINUED)
        )

    @case(shortened=())
    def chunked_uploads_of_a_pipe(self):
        return Uploads(self, self.root).piped(self.sizes(PIPED))
