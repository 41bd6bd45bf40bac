#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a container image without any registry: image.py ROOT ARCHIVE [PROGRAM]...

The image has Debian's static busybox and the programs with the libraries they need; ROOT gets its
files, ARCHIVE what `docker save` would have written.
"""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NAME = "localhost/shortcut:test"
BUSYBOX = "/bin/busybox"
APPLETS = ("cat", "grep", "ip", "ls", "nc", "sed", "sh", "sleep", "touch")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
EMPTY = ("dev", "etc", "proc", "sys", "tmp")


def libraries(program):
    """Paths of the shared objects of a program, the loader among them; none if it is static."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    return [word for word in words if word.startswith("/")]


def place_of(library):
    """Programs name their loader by its path, and find the rest in /lib."""
    name = Path(library).name
    return library[1:] if name.startswith("ld-") else f"lib/{name}"


def build_root(root, programs):
    for directory in (*EMPTY, "bin"):
        (root / directory).mkdir(parents=True)
    shutil.copy(BUSYBOX, root / "bin" / "busybox")
    for applet in APPLETS:
        (root / "bin" / applet).symlink_to("busybox")
    for program in programs:
        shutil.copy(program, root / "bin")
        for library in libraries(program):
            place = root / place_of(library)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, place)


def write_layer(root, path):
    """One layer with everything; returns the digest of the uncompressed archive."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as layer:
        for entry in sorted(root.iterdir()):
            layer.add(entry, entry.name)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_archive(root, archive):
    with tempfile.TemporaryDirectory(prefix="image.", dir=archive.parent) as name:
        parts = Path(name)
        digest = write_layer(root, parts / "layer.tar")
        config = {
            "architecture": ARCHITECTURES[platform.machine()],
            "os": "linux",
            "config": {"Env": ["PATH=/bin"], "Cmd": ["sleep", "infinity"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        }
        manifest = [{"Config": "config.json", "RepoTags": [NAME], "Layers": ["layer.tar"]}]
        (parts / "config.json").write_text(json.dumps(config))
        (parts / "manifest.json").write_text(json.dumps(manifest))
        with tarfile.open(archive, "w") as file:
            for part in ("config.json", "manifest.json", "layer.tar"):
                file.add(parts / part, part)


def main(root, archive, *programs):
    build_root(Path(root), programs)
    write_archive(Path(root), Path(archive))


if __name__ == "__main__":
    main(*sys.argv[1:])
