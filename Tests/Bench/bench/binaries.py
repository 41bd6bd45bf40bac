# SPDX-License-Identifier: Apache-2.0
"""Finds or builds the programs under test and the load generator."""

import shutil

from .failure import Failure
from .process import run
from .road import REPOSITORY

NEEDED = ("shortcutctl", "shortcut-cni", "load-generator")


def find_binaries(directory):
    """The directory of the binaries: the given one, or that of a release build made now."""
    directory = directory.resolve() if directory else build()
    for name in NEEDED:
        if not (directory / name).exists():
            raise Failure(f"{directory / name}: missing: swift build -c release --product {name}")
    return directory


def build():
    swift = shutil.which("swift") or "/opt/swift/usr/bin/swift"
    command = [swift, "build", "--package-path", REPOSITORY, "-c", "release"]
    run(command, limit=3600)
    return type(REPOSITORY)(run([*command, "--show-bin-path"]).strip())
