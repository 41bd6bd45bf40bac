"""Prints the arguments of `podman run` for a container of a DaemonSet, a line each.

pod.py MANIFEST CONTAINER NODE [--without CAPABILITY] [--probe]

NODE is the directory that stands for the node's root. What a container may do is what the manifest
says; --probe runs its readiness probe instead of its command.
"""

import argparse
import os
from pathlib import Path

import objects


def arguments(spec, container, node, without):
    security = container["securityContext"]
    yield from ["--user", f"{security['runAsUser']}:{security['runAsGroup']}"]
    yield f"--privileged={str(security['privileged']).lower()}"
    yield f"--read-only={str(security['readOnlyRootFilesystem']).lower()}"
    yield "--read-only-tmpfs=false"
    yield f"--network={'host' if spec.get('hostNetwork') else 'none'}"
    if spec.get("hostPID"):
        yield f"--pid=ns:/proc/{os.environ['NODE_PROCESS']}/ns/pid"
    if security.get("allowPrivilegeEscalation") is False:
        yield "--security-opt=no-new-privileges"
    yield from (f"--cap-drop={name}" for name in security["capabilities"]["drop"])
    for name in security["capabilities"].get("add", []):
        if name != without:
            yield f"--cap-add={name}"
    paths = {v["name"]: v["hostPath"]["path"] for v in spec["volumes"]}
    for mount in container.get("volumeMounts", []):
        mode = "rslave" if mount.get("mountPropagation") == "HostToContainer" else "rprivate"
        mode += ",ro" if mount.get("readOnly") else ""
        yield f"--volume={node}{paths[mount['name']]}:{mount['mountPath']}:{mode}"


def command(container, is_probe):
    if is_probe:
        return container["readinessProbe"]["exec"]["command"]
    return container["command"] + container.get("args", [])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("manifest", type=Path)
    parser.add_argument("container")
    parser.add_argument("node")
    parser.add_argument("--without")
    parser.add_argument("--probe", action="store_true")
    given = parser.parse_args()
    item = objects.daemon_set(given.manifest)
    container = objects.containers(item)[given.container]
    program, *rest = command(container, given.probe)
    print(*arguments(objects.pod(item), container, given.node, given.without), sep="\n")
    print(f"--entrypoint={program}", "localhost/" + container["image"], *rest, sep="\n")


main()
