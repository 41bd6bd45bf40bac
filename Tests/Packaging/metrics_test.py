"""Checks install/grafana and install/prometheus against the page of metrics named by $PAGE.

`metrics_test.py rules` prints the dashboard's expressions as a file of rules, for promtool.
"""

import json
import os
import re
import sys
import unittest
from pathlib import Path

import yaml

from objects import INSTALL

DASHBOARD = json.loads((INSTALL / "grafana" / "kube-ovn-shortcut.json").read_text())
ALERTS = yaml.safe_load((INSTALL / "prometheus" / "alerts.yaml").read_text())


def expressions():
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def alerts():
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def rules():
    """The expressions with Grafana's variables replaced."""
    found = [text.replace("$__rate_interval", "5m").replace("$instance", ".*") for text in expressions()]
    named = [{"record": f"panel:number:{n}", "expr": text} for n, text in enumerate(found)]
    return {"groups": [{"name": "dashboard", "rules": named}]}


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = Path(os.environ["PAGE"]).read_text()
        # What has no sample now is told of all the same.
        cls.names = set(re.findall(r"^# TYPE (shortcut_\w+)", cls.page, re.MULTILINE))
        variables = [v["definition"] for v in DASHBOARD["templating"]["list"] if "definition" in v]
        cls.queries = expressions() + [rule["expr"] for rule in alerts()] + variables

    def test_ask_for_what_is_served(self):
        for query in self.queries:
            wanted = set(re.findall(r"\bshortcut_\w+", query))
            self.assertTrue(wanted, query)
            self.assertLessEqual(wanted, self.names, query)

    def test_name_values_that_labels_have(self):
        for query in self.queries:
            for label, value in re.findall(r'(\w+)="([^"$]*)"', query):
                self.assertIn(f'{label}="{value}"', self.page, query)

    def test_group_by_labels_that_are_there(self):
        for query in self.queries:
            for labels in re.findall(r"(?:by|ignoring) \(([^)]*)\)", query):
                for label in labels.split(", "):
                    if label != "instance":
                        self.assertIn(f'{label}="', self.page, query)

    def test_show_every_metric(self):
        shown = set(re.findall(r"\bshortcut_\w+", " ".join(expressions())))
        self.assertEqual(self.names - shown, set())


class Dashboard(unittest.TestCase):
    panels = DASHBOARD["panels"]

    def test_panels_say_what_they_show(self):
        self.assertEqual(len({p["id"] for p in self.panels}), len(self.panels))
        for panel in self.panels:
            self.assertTrue(panel["title"] and panel["description"].endswith("."), panel["title"])
            self.assertEqual(panel["datasource"]["uid"], "${datasource}")

    def test_panels_lie_beside_each_other(self):
        taken = {}
        for panel in self.panels:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            for x in range(place["x"], place["x"] + place["w"]):
                for y in range(place["y"], place["y"] + place["h"]):
                    self.assertNotIn((x, y), taken, panel["title"])
                    taken[x, y] = panel["title"]


class Alerts(unittest.TestCase):
    page = (INSTALL.parent / "docs" / "operations.md").read_text()

    def test_each_is_described_in_the_documentation(self):
        for rule in alerts():
            self.assertIn(f"`{rule['alert']}`", self.page)

    def test_each_has_a_test(self):
        tests = yaml.safe_load(Path(__file__).with_name("alerts_test.yaml").read_text())["tests"]
        fired = {c["alertname"] for t in tests for c in t["alert_rule_test"] if "exp_alerts" in c}
        calm = {c["alertname"] for c in tests[0]["alert_rule_test"]}
        names = {rule["alert"] for rule in alerts()}
        self.assertEqual((fired, calm), (names, names))


if __name__ == "__main__" and sys.argv[1:] == ["rules"]:
    print(yaml.safe_dump(rules()))
elif __name__ == "__main__":
    unittest.main()
