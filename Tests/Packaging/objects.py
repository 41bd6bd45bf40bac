"""What install/ says to a cluster, read once for all tests."""

import os
import subprocess
from pathlib import Path

import yaml

INSTALL = Path(__file__).resolve().parents[2] / "install"
MANIFESTS = INSTALL / "kubernetes"
CHART = INSTALL / "helm" / "kube-ovn-shortcut"
FILES = [MANIFESTS / "daemonset.yaml", MANIFESTS / "uninstall" / "daemonset.yaml"]


def read(path):
    """All objects of a file."""
    return [item for item in yaml.safe_load_all(path.read_text()) if item]


def daemon_set(path):
    """The only object of a file."""
    (item,) = read(path)
    return item


def pod(item):
    return item["spec"]["template"]["spec"]


def containers(item):
    """All containers of a DaemonSet by name, in the order in which they start."""
    spec = pod(item)
    return {c["name"]: c for c in spec.get("initContainers", []) + spec["containers"]}


def helm(*arguments):
    return subprocess.run(
        [os.environ["HELM"], *arguments], capture_output=True, text=True, timeout=60
    )


def render(*arguments):
    """The chart's objects with these arguments of `helm template`."""
    result = helm("template", "test", str(CHART), "--kube-version", "1.31", *arguments)
    if result.returncode != 0:
        raise ValueError(result.stderr)
    return [item for item in yaml.safe_load_all(result.stdout) if item]


def version():
    """The version of the package: its changelog's first entry."""
    line = (INSTALL / "debian" / "changelog").read_text().splitlines()[0]
    return line[line.index("(") + 1 : line.index(")")]
