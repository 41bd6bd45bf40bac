#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Does with a pod what kubelet does, through the Container Runtime Interface.

cri.py RUNDIR VERB [ARGUMENT]...; the verbs are those of ../containerd.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import grpc
from image import NAME as IMAGE

TIMEOUT = 120


class Runtime:
    """A connection to the runtime below a run directory."""

    def __init__(self, rundir):
        self.rundir = Path(rundir)
        self.messages = import_messages(self.rundir / "python")
        self.cgroups = Path((self.rundir / "settings" / "cgroup").read_text().strip()) / "pods"
        self.channel = grpc.insecure_channel(f"unix://{self.rundir}/containerd.sock")

    def call(self, method, request, response="Empty", service="Runtime"):
        answer = getattr(self.messages, response)
        return self.channel.unary_unary(
            f"/runtime.v1.{service}Service/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=answer.FromString,
        )(request, timeout=TIMEOUT)

    def pod(self, name):
        """The identifier of the newest pod of this name."""
        pods = self.call("ListPodSandbox", self.messages.Empty(), "ListPodSandboxResponse").items
        for pod in pods:
            if pod.metadata.name == name:
                return pod.id
        sys.exit(f"containerd: pod {name}: no such pod")

    def container(self, name):
        pod = self.pod(name)
        answer = self.call("ListContainers", self.messages.Empty(), "ListContainersResponse")
        for container in answer.containers:
            if container.pod_sandbox_id == pod:
                return container.id
        sys.exit(f"containerd: pod {name}: has no container")


def import_messages(directory):
    """The message classes, made from their description once a run directory."""
    if not (directory / "cri_pb2.py").exists():
        directory.mkdir(exist_ok=True)
        here = Path(__file__).parent
        command = ["protoc", f"--proto_path={here}", f"--python_out={directory}", "cri.proto"]
        subprocess.run(command, check=True)
    sys.path.insert(0, str(directory))
    import cri_pb2  # noqa: PLC0415

    return cri_pb2


def pair(text):
    key, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text}: expected KEY=VALUE")
    return key, value


def ports(text):
    host, _, inside = text.partition(":")
    return int(host), int(inside)


def sandbox_config(runtime, options):
    messages = runtime.messages
    cgroup = (runtime.rundir / "settings" / "cgroup-parent").read_text().strip()
    return messages.PodSandboxConfig(
        metadata=messages.PodSandboxMetadata(
            name=options.name, namespace="default", uid=f"uid-of-{options.name}"
        ),
        hostname=options.name,
        annotations=dict(options.annotation),
        labels=dict(options.label),
        port_mappings=[
            messages.PortMapping(host_port=host, container_port=inside)
            for host, inside in options.host_port
        ],
        linux=messages.LinuxPodSandboxConfig(cgroup_parent=f"{cgroup}/{options.name}"),
    )


def create(runtime, options):
    """Pod and container; a pod that cannot be completed is the caller's to remove, as kubelet's."""
    messages = runtime.messages
    config = sandbox_config(runtime, options)
    (runtime.cgroups / options.name).mkdir(parents=True, exist_ok=True)
    request = messages.RunPodSandboxRequest(config=config)
    pod = runtime.call("RunPodSandbox", request, "RunPodSandboxResponse").pod_sandbox_id
    request = messages.CreateContainerRequest(
        pod_sandbox_id=pod,
        config=messages.ContainerConfig(
            metadata=messages.ContainerMetadata(name="main"),
            image=messages.ImageSpec(image=IMAGE),
        ),
        sandbox_config=config,
    )
    answer = runtime.call("CreateContainer", request, "Container")
    runtime.call("StartContainer", messages.ContainerRequest(container_id=answer.id))
    print(pod)


def execute(runtime, options):
    request = runtime.messages.ExecSyncRequest(
        container_id=runtime.container(options.name), cmd=options.command
    )
    call = runtime.channel.unary_unary(
        "/runtime.v1.RuntimeService/ExecSync",
        request_serializer=type(request).SerializeToString,
        response_deserializer=runtime.messages.ExecSyncResponse.FromString,
    )
    answer = call(request)
    sys.stdout.buffer.write(answer.stdout)
    sys.stderr.buffer.write(answer.stderr)
    sys.exit(answer.exit_code)


def address(runtime, options):
    request = runtime.messages.PodRequest(pod_sandbox_id=runtime.pod(options.name))
    status = runtime.call("PodSandboxStatus", request, "PodSandboxStatusResponse").status
    addresses = [status.network.ip, *(other.ip for other in status.network.additional_ips)]
    for text in addresses:
        if options.family is None or (":" in text) == (options.family == "6"):
            print(text)
            return
    sys.exit(f"containerd: pod {options.name}: has no address of family {options.family}")


def stop(runtime, options):
    request = runtime.messages.PodRequest(pod_sandbox_id=runtime.pod(options.name))
    runtime.call("StopPodSandbox", request)


def remove(runtime, options):
    request = runtime.messages.PodRequest(pod_sandbox_id=runtime.pod(options.name))
    runtime.call("RemovePodSandbox", request)


def status(runtime, _options):
    answer = runtime.call("Status", runtime.messages.Empty(), "StatusResponse")
    for condition in answer.status.conditions:
        word = "true" if condition.status else "false"
        print(f"{condition.type}={word} {condition.reason} {condition.message}".rstrip())


def version(runtime, _options):
    answer = runtime.call("Version", runtime.messages.Empty(), "VersionResponse")
    print(answer.runtime_version)


def image(runtime, _options):
    request = runtime.messages.ImageStatusRequest(image=runtime.messages.ImageSpec(image=IMAGE))
    answer = runtime.call("ImageStatus", request, "ImageStatusResponse", "Image")
    sys.exit(0 if answer.image.id else 1)


def parser():
    top = argparse.ArgumentParser(prog="containerd RUNDIR")
    top.add_argument("rundir")
    verbs = top.add_subparsers(dest="verb", required=True)
    for verb in (create, execute, address, stop, remove):
        one = verbs.add_parser({"create": "pod", "execute": "exec"}.get(verb.__name__, verb.__name__))
        one.add_argument("name")
        one.set_defaults(run=verb)
    pod = verbs.choices["pod"]
    pod.add_argument("--annotation", type=pair, action="append", default=[])
    pod.add_argument("--label", type=pair, action="append", default=[])
    pod.add_argument("--host-port", type=ports, action="append", default=[])
    verbs.choices["exec"].add_argument("command", nargs=argparse.REMAINDER)
    verbs.choices["address"].add_argument("family", nargs="?", choices=("4", "6"))
    for verb in (status, version, image):
        verbs.add_parser(verb.__name__).set_defaults(run=verb)
    return top


def main():
    options = parser().parse_args()
    try:
        options.run(Runtime(options.rundir), options)
    except grpc.RpcError as error:
        sys.exit(f"containerd: {options.verb}: {error.code().name}: {error.details()}")


if __name__ == "__main__":
    main()
