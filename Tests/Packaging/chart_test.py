"""Checks install/helm: the chart renders the manifests, and every value is documented."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

import yaml

from objects import CHART, FILES, containers, daemon_set, helm, pod, read, render, version

EVERYTHING = {
    "image": {"registry": "registry.example.org", "tag": "2", "pullSecrets": [{"name": "key"}]},
    "cni": {"configDirectory": "/k/net.d", "binaryDirectory": "/k/bin", "networkList": "a.conflist"},
    "plugin": {
        "enabled": False,
        "sockets": "all",
        "failurePolicy": "closed",
        "logFile": "/var/log/plugin",
        "annotationPrefix": "example.org",
        "crossVpc": "allow",
    },
    "agent": {
        "ovsdb": "/run/openvswitch/other.sock",
        "bridge": "none",
        "revalidationInterval": 2000,
        "adopt": "all",
        "runtimeSocket": "/run/crio/crio.sock",
        "metrics": "$(NODE_ADDRESS):10671",
    },
    "datapath": {
        "maxPods": 10,
        "maxConnections": 1000000,
        "queueBytes": 65536,
        "splicingPrograms": ["haproxy", "other"],
        "countingPrograms": ["nginx"],
        "pairShortLived": True,
        "shortenTls": True,
    },
}


def leaves(values, path=()):
    """The paths of all settings; maps that hold objects of Kubernetes count as one."""
    for key, value in values.items():
        whole = {"resources", "installerResources", "updateStrategy", "nodeSelector", "labels"}
        if isinstance(value, dict) and value and key not in whole:
            yield from leaves(value, path + (key,))
        else:
            yield path + (key,)


def options(program, *verbs):
    """The options a program says it has."""
    command = [str(Path(os.environ["BINARIES"]) / program), *verbs, "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z-]+", text))


class Chart(unittest.TestCase):
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = json.loads((CHART / "values.schema.json").read_text())

    def everything(self):
        return render("--set-json", ",".join(f"{k}={json.dumps(v)}" for k, v in EVERYTHING.items()))

    def test_is_clean(self):
        result = helm("lint", "--strict", str(CHART))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_renders_the_manifests_by_default(self):
        self.assertEqual(render(), read(FILES[0]))

    def test_renders_the_removal_on_demand(self):
        self.assertEqual(render("--set", "uninstall=true"), read(FILES[1]))

    def test_has_the_version_of_the_package(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual((chart["version"], chart["appVersion"]), (version(), version()))

    def test_every_value_is_described(self):
        lines = (CHART / "values.yaml").read_text().splitlines()
        for path in leaves(self.values):
            key = re.compile(r"^" + "  " * (len(path) - 1) + re.escape(path[-1]) + ":")
            places = [n for n, line in enumerate(lines) if key.match(line)]
            self.assertTrue(any(self.is_described(lines, n) for n in places), path)

    def is_described(self, lines, number):
        while lines[number - 1].strip().startswith("#"):
            number -= 1
            if lines[number].strip().startswith("# --"):
                return True
        return False

    def test_schema_knows_the_same_values(self):
        for path in leaves(self.values):
            part = self.schema
            for key in path:
                self.assertIn(key, part["properties"], path)
                part = part["properties"][key]

    def test_unknown_and_impossible_values_are_refused(self):
        for value in [
            "datapath.maxPod=10",
            "datapath.maxPods=0",
            "plugin.sockets=some",
            "agent.ovsdb=/tmp/db.sock",
            "cni.configDirectory=net.d",
            "image.pullPolicy=Sometimes",
            "splicingPrograms={haproxy}",
        ]:
            with self.subTest(value), self.assertRaisesRegex(ValueError, "schema"):
                render("--set", value)

    def test_every_value_arrives(self):
        (item,) = self.everything()
        found = containers(item)
        self.assertEqual(
            found["shortcutd"]["args"],
            ["--bpffs-root=/sys/fs/bpf/shortcut", "--runtime=/run/crio/crio.sock"]
            + ["--annotation-prefix=example.org", "--cross-vpc=allow"]
            + ["--metrics=$(NODE_ADDRESS):10671"]
            + ["--ovsdb=/run/openvswitch/other.sock", "--bridge=none"]
            + ["--revalidation-interval=2000", "--adopt=all"]
            + ["--max-pods=10", "--max-connections=1000000"]
            + ["--queue-bytes=65536", "--pair-short-lived", "--shorten-tls"]
            + ["--splicing-programs", "haproxy", "other", "--counting-programs", "nginx"],
        )
        self.assertEqual(
            found["watch-cni"]["args"],
            ["--conf-dir=/k/net.d", "--bin-dir=/k/bin", "--conflist=a.conflist", "--enabled=false"]
            + ["--sockets=all", "--failure-policy=closed", "--log-file=/var/log/plugin"]
            + ["--annotation-prefix=example.org", "--cross-vpc=allow", "--watch"],
        )
        self.assertEqual([e["name"] for e in found["shortcutd"]["env"]], ["NODE_ADDRESS"])
        for container in found.values():
            self.assertEqual(container["image"], "registry.example.org/kube-ovn-shortcut:2")
        self.assertEqual(pod(item)["imagePullSecrets"], [{"name": "key"}])

    def test_other_directories_are_mounted_where_the_node_has_them(self):
        (item,) = self.everything()
        paths = {v["hostPath"]["path"] for v in pod(item)["volumes"]}
        mounts = {m["mountPath"] for m in containers(item)["install-cni"]["volumeMounts"]}
        self.assertEqual(mounts, {"/k/net.d", "/k/bin"})
        self.assertLessEqual(mounts, paths)

    def test_directory_of_another_runtime_is_mounted(self):
        (item,) = self.everything()
        paths = {v["name"]: v["hostPath"] for v in pod(item)["volumes"]}
        self.assertEqual(paths["runtime"], {"path": "/run/crio", "type": "DirectoryOrCreate"})
        mounts = {m["name"]: m["mountPath"] for m in containers(item)["shortcutd"]["volumeMounts"]}
        self.assertEqual(mounts["runtime"], "/run/crio")

    def test_without_a_runtime_older_pods_stay_as_they_are(self):
        (item,) = render("--set", "agent.runtimeSocket=")
        arguments = containers(item)["shortcutd"]["args"]
        self.assertIn("--runtime=none", arguments)
        self.assertIn("--adopt=off", arguments)
        self.assertNotIn("runtime", [v["name"] for v in pod(item)["volumes"]])

    def test_rules_and_dashboard_are_those_of_the_repository(self):
        wanted = {"rules": True, "dashboard": True, "labels": {"release": "prometheus"}}
        items = {i["kind"]: i for i in render("--set-json", "monitoring=" + json.dumps(wanted))}
        rules = yaml.safe_load((CHART.parents[1] / "prometheus" / "alerts.yaml").read_text())
        self.assertEqual(items["PrometheusRule"]["spec"], rules)
        self.assertEqual(items["PrometheusRule"]["metadata"]["labels"], {"release": "prometheus"})
        data = items["ConfigMap"]["data"]["kube-ovn-shortcut.json"]
        dashboard = CHART.parents[1] / "grafana" / "kube-ovn-shortcut.json"
        self.assertEqual(json.loads(data), json.loads(dashboard.read_text()))
        labels = items["ConfigMap"]["metadata"]["labels"]
        self.assertEqual(labels, {"grafana_dashboard": "1", "release": "prometheus"})

    def test_programs_know_every_option(self):
        (item,) = self.everything()
        found = containers(item)
        known = {
            "install-cni": options("shortcutctl", "install-cni"),
            "watch-cni": options("shortcutctl", "install-cni"),
            "shortcutd": options("shortcutd"),
        }
        for name, wanted in known.items():
            given = {a.split("=")[0] for a in found[name]["args"] if a.startswith("--")}
            self.assertLessEqual(given, wanted, name)
        found = containers(daemon_set(FILES[1]))
        for name in ["uninstall-cni", "unload"]:
            given = {a.split("=")[0] for a in found[name]["args"]}
            self.assertLessEqual(given, options("shortcutctl", name), name)


if __name__ == "__main__":
    unittest.main()
