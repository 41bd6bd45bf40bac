# SPDX-License-Identifier: Apache-2.0
"""What the programs themselves take, by the kernel's own count (kernel.bpf_stats_enabled)."""

import contextlib
import json
import pathlib

from ..failure import Failure
from ..load import Load, call
from ..measure import Trial
from ..process import run
from ..ways import SHORTCUT

SUMMARY = "nanoseconds of one run of each program, by the kernel's own count"
IS_DEFAULT = True

STATISTICS = pathlib.Path("/proc/sys/kernel/bpf_stats_enabled")
PORT = 7900
# metric, program, client, its options
KINDS = (
    ("sk_msg, one message at a time", "shortcut_redirect", "ping", ("--size", 64)),
    ("sk_msg, one way", "shortcut_redirect", "stream", ("--size", 16384)),
    ("sockops, short connections", "shortcut_sockops", "connect", ("--size", 64, "--parallel", 16)),
)


def trials(context):
    context.stack.enter_context(counting())
    load = Load(context, PORT, (SHORTCUT,))
    kinds = KINDS[:1] if context.quick else KINDS
    return [Trial(kind[0], None, {SHORTCUT: bound(context, load, *kind)}) for kind in kinds]


def bound(context, load, metric, program, verb, options):
    def take():
        before = total(context.road, program)
        call(context, load.ways[0], verb, PORT, *options)
        time, count = (after - start for after, start in zip(total(context.road, program), before))
        if not count:
            raise Failure(f"{metric}: {program} did not run")
        return {(metric, "ns"): time / count}

    return take


@contextlib.contextmanager
def counting():
    """Counting costs every program of the machine a little: only while it is needed."""
    before = STATISTICS.read_text("ascii")
    STATISTICS.write_text("1", "ascii")
    try:
        yield
    finally:
        STATISTICS.write_text(before, "ascii")


def total(road, name):
    """Nanoseconds and runs of this road's program: other roads have programs of the same name."""
    sockhash = json.loads(run(["bpftool", "-j", "map", "show", "pinned", f"{road.pins}/sockhash"]))["id"]
    for program in json.loads(run(["bpftool", "-j", "prog", "show"])):
        if program.get("name") == name and sockhash in program.get("map_ids", ()):
            return program.get("run_time_ns", 0), program.get("run_cnt", 0)
    raise Failure(f"{name}: no such program on {road.pins}")
