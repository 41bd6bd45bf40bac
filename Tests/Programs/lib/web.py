# SPDX-License-Identifier: Apache-2.0
"""HTTP by nginx, wrk and curl: what several programs use of it."""

import re

from lib.fault import Fault
from lib.payload import digest, file_digest, payload

REPORT = "%{url_effective} %{http_code} %{size_download} %{num_connects}\\n"


def nginx_configuration(scratch, root, *ports):
    """A server of files that also takes them by PUT, in the foreground."""
    listens = "\n".join(f"listen {port} backlog=4096;" for port in ports)
    return f"""
      daemon off; user root; worker_processes 2; pid {scratch}/nginx.pid;
      error_log {scratch}/nginx.error;
      events {{ worker_connections 4096; }}
      http {{
        access_log off; sendfile on; keepalive_requests 1000000; client_max_body_size 0;
        client_body_temp_path {scratch}/body; proxy_temp_path {scratch}/proxy;
        fastcgi_temp_path {scratch}/fastcgi; uwsgi_temp_path {scratch}/uwsgi;
        scgi_temp_path {scratch}/scgi;
        server {{ {listens} root {root}; location / {{ dav_methods PUT; }} }}
      }}
    """


def wrk(program, url, *options):
    """What must not depend on speed: that there were answers, and no errors."""
    text = program.run("client", "wrk", *options, url).stdout
    if not re.search(r"^\s*[1-9]\d* requests in", text, re.M):
        raise Fault(f"wrk {url}: no requests: {text}")
    errors = re.findall(r"^\s*(Socket errors.*|Non-2xx.*)$", text, re.M)
    if errors:
        raise Fault(f"wrk {url}: {'; '.join(errors)}")
    return {"errors": 0}


class Downloads:
    """Files that curl fetches and that must have the bytes of their payload."""

    def __init__(self, program, name, *options):
        self.program = program
        self.directory = program.scratch / f"downloads-{name}"
        self.directory.mkdir()
        self.options = options

    def together(self, sizes):
        """All by one curl, on one connection."""
        return self._fetch(sizes)

    def apart(self, sizes):
        observed = {}
        for url, size in sizes.items():
            observed |= self._fetch({url: size})
        return observed

    def _fetch(self, sizes):
        command = ["curl", "-sS", "--fail-early", *self.options, "-w", REPORT]
        for url in sizes:
            command += ["-o", self._path(url), url]
        report = self.program.run("client", *command).stdout
        for url, size in sizes.items():
            self._check(url, size)
        return _reported(report)

    def _check(self, url, size):
        path = self._path(url)
        if file_digest(path) != digest(payload(size)):
            raise Fault(f"{url}: other bytes: {path.stat().st_size} of {size}")

    def _path(self, url):
        return self.directory / url.rpartition("/")[2]


def _reported(text):
    """By file: status, size, new connections."""
    lines = [line.split() for line in text.splitlines()]
    return {url.rpartition("/")[2]: " ".join(numbers) for url, *numbers in lines}


class Uploads:
    """Payload that curl sends by PUT and that must lie at the server byte by byte."""

    def __init__(self, program, root, *options):
        self.program = program
        self.root = root
        self.options = options

    def together(self, sizes):
        """All by one curl, on one connection."""
        command = ["curl", "-sS", "--fail-early", *self.options, "-w", REPORT]
        for url, size in sizes.items():
            command += ["-T", self._source(size), url]
        report = self.program.run("client", *command).stdout
        return self._checked(sizes, report)

    def piped(self, sizes):
        """Each by its own curl that does not know the size: chunked."""
        report = ""
        for url, size in sizes.items():
            command = ["curl", "-sS", *self.options, "-w", REPORT, "-T", "-", url]
            data = payload(size)
            report += self.program.run("client", *command, data=data, text=False).stdout.decode()
        return self._checked(sizes, report)

    def _source(self, size):
        path = self.program.scratch / f"upload{size}"
        if not path.exists():
            path.write_bytes(payload(size))
        return path

    def _checked(self, sizes, report):
        for url, size in sizes.items():
            path = self.root / url.rpartition("/")[2]
            if file_digest(path) != digest(payload(size)):
                raise Fault(f"{url}: other bytes arrived: {path.stat().st_size} of {size}")
            path.unlink()
        return _reported(report)
