# SPDX-License-Identifier: Apache-2.0
"""Pods by the thousand: registered by the plugin, each with an address, in one network namespace."""

import json
import os
import subprocess

from .failure import Failure


def fill(road, count):
    """Registers attachments until the road has `count`."""
    missing = count - len(json.loads(road.shortcutctl("pods", "--json")))
    for index in range(missing):
        add(road, index)


def add(road, index):
    environment = {
        **os.environ,
        "CNI_COMMAND": "ADD",
        "CNI_CONTAINERID": f"crowd{index}",
        "CNI_NETNS": f"{road.path}/netns/node",
        "CNI_IFNAME": "eth0",
        "CNI_PATH": str(road.binaries),
    }
    text = json.dumps(configuration(road, index))
    plugin = [road.binaries / "shortcut-cni"]
    done = subprocess.run(plugin, env=environment, input=text, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"shortcut-cni ADD, pod {index}: {done.stdout}{done.stderr}")


def configuration(road, index):
    address = f"10.200.{index // 250}.{index % 250 + 1}/16"
    return {
        "cniVersion": "1.0.0",
        "name": "crowd",
        "type": "shortcut-cni",
        "bpffsRoot": road.pins,
        "failurePolicy": "closed",
        "prevResult": {
            "cniVersion": "1.0.0",
            "interfaces": [{"name": "eth0", "sandbox": f"{road.path}/netns/node"}],
            "ips": [{"address": address, "interface": 0}],
        },
    }
