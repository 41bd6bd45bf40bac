#!/usr/bin/python3
"""Checks docs/operations.md against the sources: what it says that programs say, they say."""

import re
import sys
import unittest

sys.dont_write_bytecode = True

from objects import INSTALL

REPOSITORY = INSTALL.parent
PAGE = (REPOSITORY / "docs" / "operations.md").read_text()


def literals():
    """All Swift sources, with string literals that are put together in one piece."""
    files = sorted((REPOSITORY / "Sources").rglob("*.swift"))
    text = "\n".join(path.read_text() for path in files)
    text = re.sub(r'"\s*\n?\s*\+ "', "", text)
    return text.replace('\\"', '"')


def rows(heading):
    """First cells of the table below a heading."""
    part = PAGE.split(f"\n### {heading}\n")[1].split("\n#")[0]
    cells = [line.split("|")[1].strip() for line in part.splitlines() if line.startswith("| ")]
    return cells[1:]


class Messages(unittest.TestCase):
    sources = literals()

    def test_are_in_the_sources(self):
        parts = ["the commands and the agent say", "the plugin says", "the installer says"]
        for cell in [cell for part in parts for cell in rows(f"What {part}")]:
            for message in re.findall(r"`([^`]*)`", cell):
                self.check(message)

    def check(self, message):
        if message == "CHECK":
            return
        event = re.fullmatch(r"event=(\w+)", message)
        if event:
            found = re.search(rf'Event\(\s*\.\w+, "{event[1]}"', self.sources)
            self.assertTrue(found, f"no source tells of {message}")
            return
        # From the kernel, by way of strerror.
        if message == "Operation not permitted":
            return
        for fragment in (part.strip(" ,:;") for part in message.split("...")):
            self.assertTrue(fragment in self.sources, f"{message}: no source says '{fragment}'")

    def test_reasons_are_counted(self):
        reasons = (REPOSITORY / "Sources" / "Datapath" / "Reasons.swift").read_text()
        for cell in rows("Not shortened"):
            for name in re.findall(r"`(\w+)`", cell):
                words = name.split("_")
                camel = words[0] + "".join(word.capitalize() for word in words[1:])
                self.assertRegex(reasons, rf"case {camel}\b", cell)


class Links(unittest.TestCase):
    def test_lead_to_files_and_headings(self):
        for target in re.findall(r"\]\(([^)]+)\)", PAGE):
            name, _, heading = target.partition("#")
            self.assertTrue(not name or (REPOSITORY / "docs" / name).exists(), target)
            if heading:
                self.assertIn(f"\n## {heading.capitalize()}\n", PAGE)

    def test_files_that_are_named_exist(self):
        for name in re.findall(r"`(install/[^` ]+)`", PAGE):
            self.assertTrue(name == "install/" or (REPOSITORY / name).exists(), name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
