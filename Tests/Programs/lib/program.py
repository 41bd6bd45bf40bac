# SPDX-License-Identifier: Apache-2.0
"""What a program under test declares, and what its cases can do inside pods."""

import shutil
import signal
import subprocess
import time

from lib.fault import Fault

PLAIN = "false"
DEFAULT = "true"
BLOCKING_TOO = "all"


def case(shortened=(DEFAULT, BLOCKING_TOO)):
    """
    Marks a method that runs one case and returns what it observed, by name: that must be the same
    on plain TCP and on the shortcut. It raises Fault for what is wrong on any TCP.

    shortened: the annotations with which bytes must take the shortcut.
    """

    def mark(method):
        method.shortened = shortened
        return method

    return mark


class Program:
    """One program in pods of one annotation. Subclasses are found by being imported."""

    roles = ("client", "server")
    #: Executables, or absolute paths, without which the program is skipped.
    needs = ()
    roads = ("bridge",)
    #: Annotations it is run with, besides plain.
    annotations = (DEFAULT,)
    #: Plain and the first annotation at once, for what mostly waits.
    concurrent = False
    #: Seconds a command of a case may take.
    limit = 60

    known = {}

    def __init_subclass__(cls):
        cls.name = cls.__module__.rpartition(".")[2]
        Program.known[cls.name] = cls

    def __init__(self, road, annotation):
        self.road = road
        self.annotation = annotation
        self.scratch = road.scratch / f"{self.name}-{annotation}"
        self.servers = []

    @classmethod
    def missing(cls):
        return next((name for name in cls.needs if not shutil.which(name)), None)

    @classmethod
    def cases(cls):
        return [name for name, value in vars(cls).items() if hasattr(value, "shortened")]

    def prepare(self):
        """Starts the servers. Called once, before the cases."""

    def again(self, keys):
        """Observes these once more, for programs whose own tests are flaky."""
        return None

    def notes(self, observed):
        """What a reader may want to know of a case's observations, a line each."""
        return []

    def pod(self, role):
        """The pod of a role; created when it is first asked for."""
        name = self.pod_name(role)
        if name not in self.road.pods:
            self.road.add_pod(name, self.annotation)
        return name

    def pod_name(self, role):
        return f"{role}-{self.annotation}"

    @property
    def pods(self):
        return [self.pod(role) for role in self.roles]

    def address(self, role):
        return self.road.address(self.pod(role))

    def begin(self):
        self.scratch.mkdir()
        self.scratch.chmod(0o755)
        for role in self.roles:
            self.pod(role)
        self.prepare()

    def end(self):
        for role in self.roles:
            self.road.end_processes(self.pod_name(role))
        for server in self.servers:
            server.wait()

    def serve(self, role, *command, port=None, **options):
        """Starts a server, and waits until it listens on the port."""
        log = self.scratch / f"server{len(self.servers)}.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                self.road.exec(self.pod(role), *command),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd=self.scratch, start_new_session=True, **options,
            )  # fmt: skip
        server.log = log
        self.servers.append(server)
        if port:
            self.await_listener(role, port, server)
        return server

    def await_listener(self, role, port, server):
        """Looks without connecting: the first connection to a listener is special."""
        deadline = time.monotonic() + self.limit
        while not self._listens(role, port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise Fault(f"{server.args[5]}: does not listen: {server.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def _listens(self, role, port):
        tables = self.run(role, "cat", "/proc/net/tcp", "/proc/net/tcp6").stdout
        fields = [line.split() for line in tables.splitlines()]
        return any(f[1].endswith(f":{port:04X}") and f[3] == "0A" for f in fields)

    def run(self, role, *command, check=True, text=True, data=None, **options):
        """Runs a command to its end; raises Fault unless it succeeds, in time."""
        arguments = self.road.exec(self.pod(role), *command)
        options.setdefault("timeout", self.limit)
        options |= {"stdin": subprocess.DEVNULL} if data is None else {"input": data}
        options.setdefault("cwd", self.scratch)
        try:
            done = subprocess.run(
                arguments, text=text, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=True, **options,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise Fault(f"{_line(command)}: not done after {late.timeout} s") from None
        if check and done.returncode:
            raise Fault(f"{_line(command)}: {_end(done.returncode)}: {_tail(done)}")
        return done


def _line(command):
    line = " ".join(map(str, command))
    return line if len(line) < 120 else f"{line[:40]} … {line[-80:]}"


def _end(code):
    return f"status {code}" if code > 0 else signal.Signals(-code).name


def _tail(done):
    text = done.stderr or done.stdout
    return (text if isinstance(text, str) else text.decode(errors="replace")).strip()[-1000:]
