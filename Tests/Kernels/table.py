#!/usr/bin/env python3
"""Prints what was found on each kernel, and writes docs/kernels.md or checks that it agrees."""

import argparse
import json
import pathlib
import sys
from dataclasses import dataclass, field

TESTS = {
    "load": "`shortcutctl load`, with its self-test",
    "plugin": "ADD and CHECK of two pods; where nothing is loaded, ADD alone, which lets them start",
    "torture": "byte-checked connections of random sizes, pauses and closes, non-blocking: each is "
    "paired, and a good part of the bytes takes the shortcut",
    "blocking": "the same with blocking sockets, which by default stay plain",
    "stall": "a reader that does not read: its sender blocks, goes on, and nothing is lost",
    "half_close": "programs are told the same over plain TCP and over the shortcut where one end "
    "stops sending",
    "ktls": "a shortened connection is handed to the kernel's TLS and returns to the stack: what came "
    "before is read, and the program's next one is the same as over plain TCP; loaded after the module, none "
    "is shortened that begins with TLS, and each gets its keys",
    "nat": "a service address: DNAT and random MASQUERADE on the way",
    "redirect": "REDIRECT in the server's pod",
    "unload": "`shortcutctl unload` under traffic, which goes on over the stack",
    "reload": "a second load, and IPv6",
    "forget": "DEL of both pods",
    "log": "the kernel's log is free of warnings",
    "tenants": "two logical routers with the same addresses: no byte crosses",
    "policy": "an ACL that drops stops a live connection, which goes on when it is gone",
    "qperf": "qperf runs; its ratios are below",
}
# Those that only OVN has, and those that only a bridge has.
OF_OVN = ("tenants", "policy", "qperf")
OF_BRIDGE = ("blocking", "stall", "half_close", "ktls", "redirect", "unload", "reload")
# The oldest that has what the datapath needs; what is older must be refused.
FIRST = (5, 15)
NOT_TRIED = "–"


@dataclass
class Kernel:
    """What one kernel's machine reported."""

    name: str = ""
    results: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)

    @property
    def version(self):
        numbers = self.name.split("/")[0].split(".")
        return tuple(int(part) if part.isdigit() else 0 for part in numbers)

    @property
    def is_ovn(self):
        return self.name.endswith("/ovn")

    @property
    def skipped(self):
        return self.results.get("boot", ("", ""))[0] == "SKIP"

    def cell(self, test):
        if "boot" in self.results and test not in self.results:
            return self.results["boot"][0]
        return self.results.get(test, (NOT_TRIED, ""))[0]

    def faults(self):
        """What is not as it must be, a line each."""
        for test, (word, detail) in self.results.items():
            if word == "FAIL":
                yield f"{test}: {detail}"
        if self.skipped or "boot" in self.results:
            return
        wanted = "ok" if self.version >= FIRST else "refused"
        load = self.cell("load")
        if load != wanted:
            yield f"load: {load} instead of {wanted}"
        if wanted == "ok":
            yield from (f"{test}: no result" for test in TESTS if self.missing(test))

    def missing(self, test):
        elsewhere = OF_BRIDGE if self.is_ovn else OF_OVN
        return test not in elsewhere and self.cell(test) == NOT_TRIED

    def skips(self):
        for test, (word, detail) in self.results.items():
            if word == "SKIP":
                yield f"{test}: {detail}"


def read_kernel(path):
    kernel = Kernel()
    for line in path.read_text(errors="replace").splitlines():
        words = line.strip().split(" ", 3)
        if words[0] == "kernel":
            kernel.name = words[1]
        elif words[0] == "fact" and len(words) > 2:
            kernel.facts[words[1]] = " ".join(words[2:])
        elif words[0] == "result" and len(words) > 2:
            kernel.results[words[1]] = (words[2], words[3] if len(words) > 3 else "")
    return kernel


def print_table(kernels):
    names = [test for test in TESTS if any(test in kernel.results for kernel in kernels)]
    rows = [["kernel", *names]]
    rows += [[kernel.name, *(kernel.cell(test) for test in names)] for kernel in kernels]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names) + 1)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def judge(kernels):
    """Names what failed and what was skipped; 1 if something failed, 77 if something was skipped."""
    status = 0
    for kernel in kernels:
        for line in kernel.skips():
            print(f"SKIP {kernel.name}: {line}")
            status = status or 77
    for kernel in kernels:
        for line in kernel.faults():
            print(f"FAIL {kernel.name}: {line}")
            status = 1
    return status


def results_section(kernels):
    names = [test for test in TESTS if any(test in kernel.results for kernel in kernels)]
    yield "| kernel | " + " | ".join(name.replace("_", "-") for name in names) + " | queues | peers read by | kTLS keys |"
    yield "|---" * (len(names) + 4) + "|"
    for kernel in kernels:
        cells = [cell_text(kernel, test) for test in names]
        yield "| " + " | ".join([kernel.name, *cells, *ways(kernel)]) + " |"
    yield ""
    yield f"{NOT_TRIED}: nothing is loaded there, or another road tries it."
    yield ""
    for name in names:
        yield f"- **{name.replace('_', '-')}**: {TESTS[name]}"
    yield from ratios(kernels)


def ratios(kernels):
    """Shortcut to plain TCP, as qperf measured them in the machine."""
    measured = [(kernel, fact) for kernel in kernels for fact in kernel.facts if "qperf" in fact]
    if measured:
        yield ""
        yield "| qperf, shortcut to plain TCP, under emulation | bandwidth | latency |"
        yield "|---|---|---|"
    for kernel, fact in measured:
        numbers = [part.split()[-3::2] for part in kernel.facts[fact].split(",")]
        quotients = (f"{float(over) / float(under):.1f}×" for over, under in numbers)
        yield f"| {kernel.name}, {fact.split('-')[1]} B | " + " | ".join(quotients) + " |"


def cell_text(kernel, test):
    boot = kernel.results.get("boot", (NOT_TRIED, ""))
    word, detail = kernel.results.get(test, boot if test == "load" else (NOT_TRIED, ""))
    return f"{word}: {detail.rstrip('.')}" if word in ("refused", "SKIP", "FAIL") else word


def ways(kernel):
    """How the kernel bounds queues and reads peers, as `load` said, and whether kTLS gets keys."""
    text = kernel.facts.get("load", "")
    accounted = {True: "accounted", False: "counted by us"}[" accounted by the kernel" in text]
    found = [accounted, text.rsplit(" ", 1)[-1]] if text else [NOT_TRIED, NOT_TRIED]
    return [*found, kernel.facts.get("ktls", NOT_TRIED)]


def faults_section(faults):
    yield "| what is wrong | loads | without it |"
    yield "|---|---|---|"
    for fault in faults:
        loads = "no" if fault["refused"] else "with a warning"
        yield f"| {fault['reason']} | {loads} | {', '.join(fault['mended'])} |"


def marked(name):
    return f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"


def section(text, name):
    begin, end = marked(name)
    return text.split(begin, 1)[1].split(end, 1)[0]


def with_section(text, name, lines):
    begin, end = marked(name)
    head, rest = text.split(begin, 1)
    return head + begin + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1]


def check(document, faults):
    """The faults must be the program's; of the results, the tests must be those there are."""
    if section(document, "faults") != "\n".join(faults_section(faults)) + "\n":
        print("docs/kernels.md: the faults are not those of `shortcutctl kernels`: --write")
        return 1
    header = section(document, "results").split("\n", 1)[0]
    missing = [test for test in TESTS if test.replace("_", "-") not in header]
    if missing:
        print(f"docs/kernels.md: has no results of {', '.join(missing)}: run all --write")
    return 1 if missing else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=pathlib.Path, help="a directory, a file a kernel")
    parser.add_argument("--faults", type=pathlib.Path, help="what `shortcutctl kernels --json` says")
    parser.add_argument("--write", type=pathlib.Path, metavar="DOCUMENT")
    parser.add_argument("--check", type=pathlib.Path, metavar="DOCUMENT")
    return parser.parse_args()


def main():
    options = parse()
    faults = json.loads(options.faults.read_text())["faults"] if options.faults else []
    if options.check:
        return check(options.check.read_text(), faults)
    kernels = sorted(map(read_kernel, options.results.iterdir()), key=lambda kernel: kernel.version)
    print_table(kernels)
    if options.write:
        text = with_section(options.write.read_text(), "results", results_section(kernels))
        options.write.write_text(with_section(text, "faults", faults_section(faults)))
    return judge(kernels)


if __name__ == "__main__":
    sys.exit(main())
