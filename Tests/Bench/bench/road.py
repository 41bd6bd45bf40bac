# SPDX-License-Identifier: Apache-2.0
"""A road with a datapath on it, and pairs of pods."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from .process import run

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
ANNOTATION = "ovn.kubernetes.io/tcp_shortcut"
BPFFS = "/sys/fs/bpf"


class Road:
    """Up for the time of a `with` block."""

    def __init__(self, kind, binaries):
        self.kind = kind
        self.binaries = binaries
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="shortcut-bench."))
        # Servers that are not root read their configuration there.
        self.directory.chmod(0o755)
        self.pods = set()
        self.mounted_bpffs = not is_bpffs_mounted()

    def __enter__(self):
        try:
            self.verb("up", self.kind, self.path, "--bin", self.binaries)
            self.cgroup = self.verb("cgroup", self.path).strip()
            self.pins = self.verb("bpffs", self.path).strip()
            self.load()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    @property
    def path(self):
        return self.directory / "road"

    def verb(self, *arguments):
        return run([REPOSITORY / "Tests/Roads/road", *arguments])

    def shortcutctl(self, verb, *arguments):
        return run([self.binaries / "shortcutctl", verb, "--bpffs-root", self.pins, *arguments])

    def load(self, *arguments):
        self.shortcutctl("load", "--cgroup", self.cgroup, *arguments)

    def set_loaded(self, is_loaded):
        """Unloading also forgets which pods are allowed."""
        if is_loaded:
            self.load()
        else:
            self.shortcutctl("unload")

    def reload(self):
        """A datapath as new; pods are created anew by those that need them."""
        self.set_loaded(False)
        self.set_loaded(True)
        for pod in sorted(self.pods):
            self.verb("unpod", self.path, pod)
        self.pods.clear()

    def counters(self):
        return json.loads(self.shortcutctl("status", "--json"))["counters"]

    def pod(self, name, annotation):
        """Creates a pod unless it is there."""
        if name in self.pods:
            return
        self.verb("pod", self.path, name, "--family", "4", "--annotation", f"{ANNOTATION}={annotation}")
        self.pods.add(name)

    def address(self, pod):
        return self.verb("address", self.path, pod, "4").strip()

    def inside(self, pod):
        """The words before a command that make it run in a pod."""
        return [REPOSITORY / "Tests/Roads/road", "exec", self.path, pod, "--"]

    def remove(self):
        """Goes on whatever fails, and whoever is impatient: `road residue` finds what is left."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.remove_all()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, leave)

    def remove_all(self):
        if hasattr(self, "pins"):
            unload = [self.binaries / "shortcutctl", "unload", "--bpffs-root", self.pins]
            subprocess.run(unload, stdout=subprocess.DEVNULL)
        subprocess.run([REPOSITORY / "Tests/Roads/road", "down", self.path])
        if self.mounted_bpffs and not has_pins():
            subprocess.run(["umount", BPFFS], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.directory, ignore_errors=True)


def leave(number, _):
    """What a signal does: `with` blocks are left in order."""
    sys.exit(128 + number)


def has_pins():
    """Others may have pinned something meanwhile; the kernel's own files have a suffix."""
    return any(not entry.suffix for entry in pathlib.Path(BPFFS).iterdir())


def is_bpffs_mounted():
    with open("/proc/mounts", encoding="utf-8") as mounts:
        return any(line.split()[1:3] == [BPFFS, "bpf"] for line in mounts)
