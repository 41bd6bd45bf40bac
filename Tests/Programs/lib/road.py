# SPDX-License-Identifier: Apache-2.0
"""A node with pods, made by Tests/Roads/road, and the datapath loaded onto it."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lib.fault import Fault

REPOSITORY = Path(__file__).resolve().parents[3]
ROAD = REPOSITORY / "Tests" / "Roads" / "road"
ANNOTATION = "ovn.kubernetes.io/tcp_shortcut"
BPFFS = "/sys/fs/bpf"


class Road:
    """Everything it makes is gone after `down`, also when `up` went only half-way."""

    def __init__(self, kind, binaries):
        self.kind = kind
        self.binaries = Path(binaries).resolve()
        # Not below TMPDIR, which may be closed to others: PostgreSQL does not run as root.
        self.directory = Path(tempfile.mkdtemp(prefix="shortcut-programs.", dir="/tmp"))
        self.directory.chmod(0o755)
        self.rundir = self.directory / "road"
        self.scratch = self.directory / "scratch"
        self.scratch.mkdir()
        self.had_bpffs = os.path.ismount(BPFFS)
        self.bpffs = None
        self.pods = {}

    def up(self):
        self._road("up", self.kind, self.rundir, "--bin", self.binaries)
        self.bpffs = self.verb("bpffs")
        self.cgroup = Path(self.verb("cgroup"))
        self.shortcutctl("load", "--cgroup", self.cgroup)

    def down(self):
        """Returns what is left behind, one object a line."""
        if self.bpffs:
            self.shortcutctl("unload", check=False)
        self._road("down", self.rundir)
        self._unmount_bpffs()
        left = self.verb("residue")
        shutil.rmtree(self.directory)
        return left

    def add_pod(self, name, annotation):
        self.verb("pod", name, "--annotation", f"{ANNOTATION}={annotation}")
        self.pods[name] = self.verb("address", name, "4")

    def address(self, pod):
        return self.pods[pod]

    def exec(self, pod, *command):
        """The command line that becomes this command inside the pod: one process."""
        return [str(ROAD), "exec", str(self.rundir), pod, "--", *map(str, command)]

    def end_processes(self, pod):
        if pod in self.pods:
            (self.cgroup / pod / "cgroup.kill").write_text("1")

    def end_all_processes(self):
        for pod in list(self.pods):
            self.end_processes(pod)

    def counters(self):
        """The datapath's counters by name; all refusals and leaves nested by reason."""
        return json.loads(self.shortcutctl("status", "--json"))["counters"]

    def verb(self, verb, *arguments):
        return self._road(verb, self.rundir, *arguments).strip()

    def shortcutctl(self, verb, *arguments, check=True):
        program = self.binaries / "shortcutctl"
        return _output([program, verb, "--bpffs-root", self.bpffs, *arguments], check)

    def _road(self, *arguments):
        return _output([ROAD, *arguments])

    def _unmount_bpffs(self):
        """`load` mounts it where it is missing; another loader's pins keep it."""
        if self.had_bpffs or not os.path.ismount(BPFFS) or os.listdir(BPFFS):
            return
        subprocess.run(["umount", BPFFS], stderr=subprocess.DEVNULL, check=False)


def _output(command, check=True):
    # In a session of its own: ctrl-C is for us alone, who then clean up.
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        start_new_session=True,
    )  # fmt: skip
    if check and done.returncode:
        raise Fault(f"{command[0]} {command[1]}: status {done.returncode}: {done.stderr.strip()}")
    return done.stdout
