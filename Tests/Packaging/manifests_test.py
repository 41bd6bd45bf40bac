"""Checks install/kubernetes: schemas, and what must never be said."""

import unittest

import kubernetes_validate

from objects import FILES, MANIFESTS, containers, daemon_set, pod, read, version

VERSIONS = ["1.30", kubernetes_validate.latest_version()]
FILE_CAPABILITIES = {"CHOWN", "DAC_OVERRIDE", "FOWNER", "LEASE"}
CAPABILITIES = {
    "install-cni": FILE_CAPABILITIES,
    "watch-cni": FILE_CAPABILITIES,
    "uninstall-cni": FILE_CAPABILITIES,
    "shortcutd": {"DAC_OVERRIDE", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"},
    "unload": {"SYS_ADMIN"},
    "done": set(),
}
FROM_NODE = {"/sys/fs/bpf", "/sys/fs/cgroup", "/run/openvswitch", "/run/netns", "/var/run/netns"} | {
    "/run/containerd"
}
MOUNTS = {
    "install-cni": {"/etc/cni/net.d", "/opt/cni/bin"},
    "watch-cni": {"/etc/cni/net.d", "/opt/cni/bin"},
    "uninstall-cni": {"/etc/cni/net.d", "/opt/cni/bin"},
    "shortcutd": FROM_NODE | {"/run/shortcut"},
    "unload": {"/sys/fs/bpf"},
    "done": set(),
}


class EveryManifest(unittest.TestCase):
    def each(self):
        return [daemon_set(path) for path in FILES]

    def each_container(self):
        return [pair for item in self.each() for pair in containers(item).items()]

    def test_matches_the_schema_strictly(self):
        for item in self.each():
            for wanted in VERSIONS:
                kubernetes_validate.validate(item, wanted, strict=True)

    def test_is_listed_by_its_kustomization(self):
        for path in MANIFESTS.rglob("kustomization.yaml"):
            (listed,) = read(path)
            others = {p.name for p in path.parent.glob("*.yaml")} - {path.name}
            self.assertEqual(set(listed["resources"]), others, path)

    def test_runs_on_every_node_before_there_is_a_network(self):
        for item in self.each():
            spec = pod(item)
            self.assertEqual(item["metadata"]["namespace"], "kube-system")
            self.assertEqual(spec["priorityClassName"], "system-node-critical")
            self.assertEqual(spec["nodeSelector"], {"kubernetes.io/os": "linux"})
            self.assertTrue(spec["hostNetwork"])
            for effect in ["NoSchedule", "NoExecute"]:
                self.assertIn({"effect": effect, "operator": "Exists"}, spec["tolerations"])

    def test_selects_its_own_pods_alone(self):
        selectors = []
        for item in self.each():
            labels = item["spec"]["template"]["metadata"]["labels"]
            selector = item["spec"]["selector"]["matchLabels"]
            self.assertLessEqual(selector.items(), labels.items())
            self.assertEqual(labels["component"], "network")
            selectors.append(selector)
        self.assertNotEqual(*selectors)

    def test_asks_the_api_server_nothing(self):
        for item in self.each():
            self.assertIs(pod(item)["automountServiceAccountToken"], False)
            self.assertNotIn("serviceAccountName", pod(item))
        kinds = {item["kind"] for path in FILES for item in read(path)}
        self.assertEqual(kinds, {"DaemonSet"})

    def test_is_confined_by_seccomp(self):
        for item in self.each():
            profile = pod(item)["securityContext"]["seccompProfile"]
            self.assertEqual(profile, {"type": "RuntimeDefault"})

    def test_has_no_privileged_container(self):
        for name, container in self.each_container():
            security = container["securityContext"]
            self.assertIs(security["privileged"], False, name)
            self.assertIs(security["readOnlyRootFilesystem"], True, name)
            self.assertEqual(security["capabilities"]["drop"], ["ALL"], name)

    def test_grants_each_container_what_it_needs(self):
        for name, container in self.each_container():
            added = container["securityContext"]["capabilities"].get("add", [])
            self.assertEqual(set(added), CAPABILITIES[name], name)
            self.assertEqual(len(added), len(set(added)), name)

    # The API server refuses allowPrivilegeEscalation: false beside SYS_ADMIN.
    def test_escalates_only_where_the_capability_implies_it(self):
        for name, container in self.each_container():
            allowed = container["securityContext"].get("allowPrivilegeEscalation", True)
            self.assertEqual(allowed, "SYS_ADMIN" in CAPABILITIES[name], name)

    def test_shows_each_container_what_it_needs(self):
        for name, container in self.each_container():
            mounts = container.get("volumeMounts", [])
            self.assertEqual({m["mountPath"] for m in mounts}, MOUNTS[name], name)

    # Bidirectional would need a privileged container.
    def test_gets_the_mounts_of_the_node_and_gives_none(self):
        for _, container in self.each_container():
            for mount in container.get("volumeMounts", []):
                wanted = "HostToContainer" if mount["mountPath"] in FROM_NODE else None
                self.assertEqual(mount.get("mountPropagation"), wanted, mount)

    def test_mounts_a_directory_where_the_node_has_it(self):
        for item in self.each():
            paths = {v["name"]: v["hostPath"]["path"] for v in pod(item)["volumes"]}
            used = set()
            for container in containers(item).values():
                for mount in container.get("volumeMounts", []):
                    self.assertEqual(paths[mount["name"]], mount["mountPath"])
                    used.add(mount["name"])
            self.assertEqual(used, set(paths))

    def test_never_creates_what_others_have_to_provide(self):
        for item in self.each():
            for volume in pod(item)["volumes"]:
                path, wanted = volume["hostPath"], "DirectoryOrCreate"
                if path["path"].startswith("/sys/"):
                    wanted = "Directory"
                self.assertEqual(path["type"], wanted)

    # One that does not exist keeps the pod from starting, and one that was made anew is not seen.
    def test_mounts_no_socket(self):
        for item in self.each():
            for volume in pod(item)["volumes"]:
                self.assertNotRegex(volume["hostPath"]["path"], r"\.sock$")

    def test_uses_the_image_of_this_release(self):
        for name, container in self.each_container():
            if name != "done":
                self.assertEqual(container["image"], f"kube-ovn-shortcut:{version()}")


class Datapath(unittest.TestCase):
    item = daemon_set(FILES[0])

    def test_sees_the_processes_of_the_node(self):
        self.assertTrue(pod(self.item)["hostPID"])

    def test_has_no_limit_of_memory(self):
        self.assertNotIn("limits", containers(self.item)["shortcutd"]["resources"])

    def test_every_container_that_stays_tells_when_it_is_ready(self):
        for container in pod(self.item)["containers"]:
            probe = container["readinessProbe"]
            self.assertEqual(probe["exec"]["command"][0], "/usr/bin/shortcutctl")
            self.assertGreaterEqual(probe["timeoutSeconds"], 5)
            self.assertNotIn("livenessProbe", container)

    def test_installation_and_watcher_mean_the_same_place(self):
        found = containers(self.item)
        first, later = (found[n]["args"] for n in ["install-cni", "watch-cni"])
        self.assertEqual(first[:-1], later[:-1])
        self.assertEqual(later[-1], "--watch")
        probe = found["watch-cni"]["readinessProbe"]["exec"]["command"]
        self.assertEqual(probe[2:], later[:-1] + ["--check"])


if __name__ == "__main__":
    unittest.main()
