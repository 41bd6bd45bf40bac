#!/usr/bin/env python3
"""Compares what two runs of the cases were told, prints a table, and writes the documentation."""

import argparse
import difflib
import os
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

NOTHING = "(nothing)"
SAME = "same as TCP"
STAYS = "detected: stays on the stack"
RETURNS = "detected: returns to the stack"
DIFFERENT = "documented difference"


@dataclass
class Run:
    """One case, run once."""

    name: str
    behaviour: str = ""
    expectation: str = ""
    path: str = "unknown"
    skipped: str = ""
    lines: list = field(default_factory=list)


@dataclass
class Verdict:
    """What the two runs of one case make together."""

    plain: Run
    shortcut: Run
    differences: list
    known: Counter
    stale: Counter

    @property
    def unlisted(self):
        return Counter(self.differences) - self.known

    @property
    def word(self):
        if self.plain.skipped or self.shortcut.skipped:
            return "SKIP"
        if self.unlisted:
            return "DIFFERENT"
        if self.stale:
            return "NO LONGER DIFFERENT"
        return "known difference" if self.differences else "same"

    @property
    def failed(self):
        return self.word in ("DIFFERENT", "NO LONGER DIFFERENT")


def read_runs(path):
    runs = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            word, _, rest = line.partition(" ")
            if word == "case":
                runs.append(Run(rest))
            elif word == "behaviour":
                runs[-1].behaviour = rest
            elif word == "expect":
                runs[-1].expectation = rest
            elif word == "path":
                runs[-1].path = rest
            elif word == "skip":
                runs[-1].skipped = rest
            else:
                runs[-1].lines.append(rest)
    return runs


class Known:
    """Differences that are listed, with the reason why nothing better is possible."""

    def __init__(self, path):
        self.pairs = defaultdict(Counter)
        self.reasons = defaultdict(list)
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file.read().splitlines() if not line.startswith("#")]
        for stanza in "\n".join(lines).split("\n\n"):
            if stanza.strip():
                self.add(stanza.strip("\n").split("\n"))

    def add(self, lines):
        cases, pairs, plain, reason = [], [], None, None
        for line in lines:
            key, _, value = line.partition(": ")
            if key == "case":
                cases.append(value)
            elif key == "plain":
                plain = value
            elif key == "shortcut":
                pairs.append((plain, value))
            elif key == "reason":
                reason = value
            else:
                sys.exit(f"compare.py: known.txt: not understood: {line}")
        if not (cases and pairs and reason):
            sys.exit(f"compare.py: known.txt: case, plain, shortcut, reason expected: {lines[0]}")
        for case in cases:
            self.pairs[case].update(pairs)
            if reason not in self.reasons[case]:
                self.reasons[case].append(reason)


def line_differences(plain, shortcut):
    """Pairs of lines; what only one of the two has is paired with nothing."""
    if len(plain) == len(shortcut):
        return [pair for pair in zip(plain, shortcut) if pair[0] != pair[1]]
    pairs = []
    matcher = difflib.SequenceMatcher(None, plain, shortcut, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        left, right = plain[a:b], shortcut[c:d]
        size = max(len(left), len(right))
        left += [NOTHING] * (size - len(left))
        right += [NOTHING] * (size - len(right))
        pairs += zip(left, right)
    return pairs


def path_difference(run):
    if run.expectation in (run.path, "either") or run.skipped:
        return []
    if run.expectation == "avoided" and run.path in ("never", "returns"):
        return []
    return [(f"path: {run.expectation}", f"path: {run.path}")]


def compare(plain, shortcut, known):
    pairs = line_differences(plain.lines, shortcut.lines) + path_difference(shortcut)
    listed = known.pairs[plain.name]
    if plain.skipped or shortcut.skipped:
        return Verdict(plain, shortcut, [], Counter(), Counter())
    found = Counter(pairs)
    return Verdict(plain, shortcut, pairs, listed & found, listed - found)


def table(verdicts, verbose):
    rows = [("case", "plain", "shortcut", "shortened?", "verdict")]
    for verdict in verdicts:
        if verbose or verdict.word != "same":
            steps = len(verdict.plain.lines)
            told = f"{len(verdict.differences)} differ" if verdict.differences else "same"
            rows.append((verdict.plain.name, f"{steps} steps", told, verdict.shortcut.path,
                         verdict.word))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def details(verdicts):
    for verdict in verdicts:
        if verdict.word == "SKIP":
            reason = verdict.shortcut.skipped or verdict.plain.skipped
            print(f"\nSKIP {verdict.plain.name}: {reason}")
        if not verdict.failed:
            continue
        print(f"\n{verdict.word}\ncase: {verdict.plain.name}")
        for plain, shortcut in verdict.unlisted.elements():
            print(f"plain: {plain}\nshortcut: {shortcut}")
        for plain, shortcut in verdict.stale.elements():
            print(f"known.txt says, and it is not so:\nplain: {plain}\nshortcut: {shortcut}")


def summary(verdicts):
    words = Counter(verdict.word for verdict in verdicts)
    paths = Counter(verdict.shortcut.path for verdict in verdicts)
    print(f"\n{len(verdicts)} cases: " + ", ".join(f"{n} {word}" for word, n in words.items()))
    print("of their bytes: " + ", ".join(f"{n} {path}" for path, n in paths.items()))


def result_of(group, known):
    """The documentation's word and reason for the cases of one behaviour."""
    if any(verdict.failed for verdict in group):
        return "**unexplained difference**", ""
    different = [verdict for verdict in group if verdict.word == "known difference"]
    if different:
        reasons = []
        for verdict in different:
            reasons += [r for r in known.reasons[verdict.plain.name] if r not in reasons]
        return DIFFERENT, "; ".join(reasons)
    skipped = [verdict for verdict in group if verdict.word == "SKIP"]
    if skipped:
        return "not tried", skipped[0].shortcut.skipped
    paths = {verdict.shortcut.path for verdict in group}
    if "shortened" in paths:
        return SAME, "" if paths == {"shortened"} else "some of its cases stay on the stack"
    return (RETURNS if "returns" in paths else STAYS), ""


PREAMBLE = """# What a program can notice

Generated by `Tests/Compat/run --write`, and compared with the facts by `Tests/Compat/run --check`: each behaviour is
one or more small programs that run once over plain TCP between two pods and once between two pods with the shortcut.
Each step's return value, errno, bytes and readiness events are written down, and whether the bytes really took the
shortcut; then both records are compared line by line.

- **same as TCP**: the bytes take the shortcut, and the program is told the same.
- **detected**: the connection stays on the stack, or returns to it before harm, and the program is told the same.
- **documented difference**: the kernel leaves no other way; the exact steps are in `Tests/Compat/known.txt`.

| behaviour | cases | result | note |
|---|--:|---|---|
"""


def document(verdicts, known):
    groups = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.plain.behaviour].append(verdict)
    rows = {}
    for behaviour, group in groups.items():
        word, note = result_of(group, known)
        rows[behaviour] = f"| {behaviour} | {len(group)} | {word} | {note} |".replace("  |", " |")
    return PREAMBLE + "\n".join(rows.values()) + "\n"


def rows_of(text):
    """Lines by behaviour; what is no row is its own key."""
    return {line.split(" | ")[0]: line for line in text.splitlines()}


def check_document(path, text):
    """What one of two machines could not try says nothing about the other's document."""
    try:
        with open(path, encoding="utf-8") as file:
            committed = rows_of(file.read())
    except FileNotFoundError:
        committed = {}
    current = rows_of(text)
    untried = {key for rows in (committed, current) for key, line in rows.items()
               if " | not tried | " in line}
    before = [line for key, line in committed.items() if key not in untried]
    now = [line for key, line in current.items() if key not in untried]
    if before == now:
        return True
    print("\n".join(difflib.unified_diff(before, now, path, "now", lineterm="")))
    print("the document does not say what is: Tests/Compat/run --write")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--check", metavar="FILE")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("known")
    parser.add_argument("plain")
    parser.add_argument("shortcut")
    arguments = parser.parse_args()
    known = Known(arguments.known)
    plain, shortcut = read_runs(arguments.plain), read_runs(arguments.shortcut)
    if not plain or [run.name for run in plain] != [run.name for run in shortcut]:
        sys.exit("compare.py: the two runs have no cases, or not the same")
    verdicts = [compare(a, b, known) for a, b in zip(plain, shortcut)]
    table(verdicts, arguments.verbose)
    details(verdicts)
    summary(verdicts)
    failed = any(verdict.failed for verdict in verdicts)
    text = document(verdicts, known)
    if arguments.write:
        os.makedirs(os.path.dirname(arguments.write), exist_ok=True)
        with open(arguments.write, "w", encoding="utf-8") as file:
            file.write(text)
    if arguments.check:
        failed |= not check_document(arguments.check, text)
    sys.exit(1 if failed else 0)


main()
