# SPDX-License-Identifier: Apache-2.0
"""CPython's own tests inside one pod, over its loopback: the same ones pass, fail and skip."""

import xml.etree.ElementTree as ElementTree
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib.fault import Fault
from lib.program import BLOCKING_TOO, DEFAULT, Program, case

PYTHON = "/usr/bin/python3.11"
TESTS = Path("/usr/lib/python3.11/test/test_socket.py")
SUITES = ("test_socket", "test_asyncio", "test_ssl", "test_httplib")
# AF_VSOCK is no TCP, and its test waits forever inside some virtual machines.
IGNORED = ("test.test_socket.ThreadedVSOCKSocketStreamTest.*",)
SECONDS = 600
SECONDS_AGAIN = 120


class CPython(Program):
    roles = ("client",)
    needs = (PYTHON,)
    concurrent = True
    annotations = (DEFAULT, BLOCKING_TOO)

    @classmethod
    def missing(cls):
        return super().missing() or next((str(p) for p in [TESTS] if not p.exists()), None)

    # A listener's first connections are plain, and most tests have a listener of their own.
    @case(shortened=(BLOCKING_TOO,))
    def test_socket_asyncio_ssl_httplib(self):
        with ThreadPoolExecutor() as pool:
            results = list(pool.map(self.suite, SUITES))
        return {name: outcome for result in results for name, outcome in result.items()}

    def again(self, keys):
        """Those tests alone, of the suites they are in."""
        observed = {}
        for suite in SUITES:
            names = [key for key in keys if key.startswith(f"test.{suite}.")]
            if names:
                observed |= self.suite(suite, *names, seconds=SECONDS_AGAIN)
        return {key: outcome for key, outcome in observed.items() if key in keys}

    def notes(self, observed):
        counts = Counter(observed.values())
        numbers = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        return [f"{len(observed)} tests: {numbers}"]

    def suite(self, name, *tests, seconds=SECONDS):
        """The outcome of each test by its name."""
        directory = self.scratch / name
        directory.mkdir(exist_ok=True)
        report = directory / "report.xml"
        report.unlink(missing_ok=True)
        command = [PYTHON, "-m", "test", "-u", "none", "--junit-xml", report]
        command += [word for pattern in IGNORED for word in ("--ignore", pattern)]
        command += [word for test in tests for word in ("--match", test)]
        done = self.run(
            "client", "env", f"TMPDIR={directory}", *command, name,
            check=False, timeout=seconds, cwd=directory,
        )  # fmt: skip
        if not report.exists():
            raise Fault(f"{name}: no report: {done.stderr[-1000:]}{done.stdout[-1000:]}")
        return dict(_outcomes(report))


def _outcomes(report):
    for test in ElementTree.parse(report).iter("testcase"):
        kinds = {part.tag for part in test} & {"failure", "error", "skipped"}
        yield test.get("name"), " and ".join(sorted(kinds)) or "passed"
