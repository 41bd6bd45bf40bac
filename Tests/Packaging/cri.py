"""Runs the DaemonSets' pods as a kubelet does: cri.py MESSAGES SOCKET NODE CGROUP

MESSAGES is the directory of what protoc made of cri.proto, NODE stands for the node's root, CGROUP is
the parent of the pods'. The runtime confines with its own profile.
"""

import sys
import time
from pathlib import Path

import grpc

import objects

sys.path.insert(0, sys.argv[1])
import cri_pb2 as messages  # noqa: E402

EXITED = 2


class Pod:
    """A pod of a manifest, on a node that is a directory."""

    def __init__(self, manifest, socket, node, cgroup):
        item = objects.daemon_set(manifest)
        self.name, self.spec, self.node = item["metadata"]["name"], objects.pod(item), node
        self.paths = {v["name"]: v["hostPath"]["path"] for v in self.spec["volumes"]}
        self.channel = grpc.insecure_channel(f"unix://{socket}")
        self.config = self.sandbox(cgroup)
        request = messages.RunPodSandboxRequest(config=self.config)
        self.identifier = self.call("RunPodSandbox", request, messages.PodRequest).pod_sandbox_id

    def call(self, method, request, response=messages.Empty):
        return self.channel.unary_unary(
            f"/runtime.v1.RuntimeService/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=response.FromString,
        )(request, timeout=100)

    def namespaces(self):
        def mode(key):
            return messages.NODE if self.spec.get(key) else messages.POD

        return messages.NamespaceOption(network=mode("hostNetwork"), pid=mode("hostPID"))

    def sandbox(self, cgroup):
        return messages.PodSandboxConfig(
            metadata=messages.PodSandboxMetadata(name=self.name, uid=self.name, namespace="test"),
            log_directory=f"{self.node}/log",
            linux=messages.LinuxPodSandboxConfig(
                cgroup_parent=cgroup,
                security_context=messages.LinuxSandboxSecurityContext(
                    namespace_options=self.namespaces(), seccomp=messages.SecurityProfile()
                ),
            ),
        )

    def security(self, wanted):
        capabilities = wanted["capabilities"]
        return messages.LinuxContainerSecurityContext(
            capabilities=messages.Capability(
                add_capabilities=capabilities.get("add", []), drop_capabilities=capabilities["drop"]
            ),
            privileged=wanted["privileged"],
            namespace_options=self.namespaces(),
            run_as_user=messages.Int64Value(value=wanted["runAsUser"]),
            run_as_group=messages.Int64Value(value=wanted["runAsGroup"]),
            readonly_rootfs=wanted["readOnlyRootFilesystem"],
            no_new_privs=wanted.get("allowPrivilegeEscalation") is False,
            seccomp=messages.SecurityProfile(),
        )

    def mount(self, wanted):
        return messages.Mount(
            container_path=wanted["mountPath"],
            host_path=self.node + self.paths[wanted["name"]],
            readonly=wanted.get("readOnly", False),
            propagation=wanted.get("mountPropagation", "None"),
        )

    def start(self, container):
        config = messages.ContainerConfig(
            metadata=messages.ContainerMetadata(name=container["name"]),
            image=messages.ImageSpec(image="localhost/" + container["image"]),
            command=container["command"],
            args=container["args"],
            mounts=[self.mount(m) for m in container["volumeMounts"]],
            log_path=f"{container['name']}.log",
            linux=messages.LinuxContainerConfig(
                security_context=self.security(container["securityContext"])
            ),
        )
        request = messages.CreateContainerRequest(
            pod_sandbox_id=self.identifier, config=config, sandbox_config=self.config
        )
        started = self.call("CreateContainer", request, messages.ContainerRequest)
        self.call("StartContainer", started)
        return started

    def status(self, container):
        request = messages.ContainerRequest(container_id=container.container_id)
        return self.call("ContainerStatus", request, messages.ContainerStatusResponse).status

    def run(self, container):
        """Starts an init container and waits for its end."""
        started = self.start(container)
        await_(lambda: self.status(started).state == EXITED, f"{container['name']} ends")
        self.expect(container, "succeeds", self.status(started).exit_code)

    def becomes_ready(self, container, started):
        request = messages.ExecSyncRequest(
            container_id=started.container_id,
            cmd=container["readinessProbe"]["exec"]["command"],
            timeout=container["readinessProbe"]["timeoutSeconds"],
        )
        name = f"{container['name']} becomes ready"
        await_(lambda: not self.call("ExecSync", request, messages.ExecSyncResponse).exit_code, name)
        print(f"ok cri: {name}")

    def stop(self, container, started):
        request = messages.ContainerRequest(
            container_id=started.container_id, timeout=self.spec["terminationGracePeriodSeconds"]
        )
        self.call("StopContainer", request)
        self.expect(container, "ends when it is asked to", self.status(started).exit_code)

    def remove(self):
        request = messages.PodRequest(pod_sandbox_id=self.identifier)
        self.call("StopPodSandbox", request)
        self.call("RemovePodSandbox", request)

    def expect(self, container, what, exit_code):
        if exit_code != 0:
            log = Path(self.node, "log", f"{container['name']}.log").read_text()
            sys.exit(f"FAILED cri: {container['name']} {what}: status {exit_code}: {log}")
        print(f"ok cri: {container['name']} {what}")


def await_(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"FAILED cri: {what}: not within a minute")
        time.sleep(0.1)


def main(socket, node, cgroup):
    pod = Pod(objects.FILES[0], socket, node, cgroup)
    for container in pod.spec["initContainers"]:
        pod.run(container)
    running = [(c, pod.start(c)) for c in pod.spec["containers"]]
    for container, started in running:
        pod.becomes_ready(container, started)
    for container, started in running:
        pod.stop(container, started)
    pod.remove()
    pod = Pod(objects.FILES[1], socket, node, cgroup)
    for container in pod.spec["initContainers"]:
        pod.run(container)
    pod.remove()


main(*sys.argv[2:])
