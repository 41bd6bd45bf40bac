# SPDX-License-Identifier: Apache-2.0
"""Runs a program with each annotation and says what is not the same as on plain TCP."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from lib.fault import Fault
from lib.program import PLAIN
from lib.traffic import Traffic

ABSENT = "nothing"
REPEATS = 2


@dataclass
class Outcome:
    """What one case did with one annotation."""

    observed: dict = field(default_factory=dict)
    fault: str = ""
    traffic: Traffic = None


@dataclass
class Comparison:
    """One case with one annotation, against plain."""

    program: str
    case: str
    annotation: str
    traffic: Traffic
    differences: list
    notes: list


def compare(program, annotations, road):
    """Yields a Comparison for each case and annotation."""
    runs = {name: Run(program, road, name) for name in (PLAIN, *annotations)}
    try:
        _exercise(program, list(runs.values()))
        for annotation in annotations:
            for name in program.cases():
                yield _compare(runs[PLAIN], runs[annotation], name)
    finally:
        for run in runs.values():
            run.end()


def _exercise(program, runs):
    """Those that may repeat something stay begun until they are compared."""
    together = runs[:2] if program.concurrent else []
    with ThreadPoolExecutor() as pool:
        list(pool.map(Run.exercise, together))
    for run in runs[len(together) :]:
        run.exercise()
        if not together:
            run.end()


class Run:
    """All cases of a program with one annotation."""

    def __init__(self, program, road, annotation):
        self.program = program(road, annotation)
        self.road = road
        self.outcomes = {}
        self.begun = False

    def exercise(self):
        try:
            self.begun = True
            self.program.begin()
        except Exception as error:
            fault = Outcome(fault=_text(error))
            self.outcomes = {name: fault for name in self.program.cases()}
            return
        for name in self.program.cases():
            self.outcomes[name] = self._observe(name)

    def _observe(self, name):
        before = Traffic.read(self.road, self.program.pods)
        outcome = Outcome()
        try:
            outcome.observed = getattr(self.program, name)()
        except Exception as error:
            outcome.fault = _text(error)
        outcome.traffic = Traffic.read(self.road, self.program.pods).since(before)
        return outcome

    def end(self):
        if self.begun:
            self.program.end()
        self.begun = False


def _text(error):
    return str(error) if isinstance(error, Fault) else f"{type(error).__name__}: {error}"


def _compare(plain, other, name):
    outcome = other.outcomes[name]
    label = f'"{other.program.annotation}"'
    differences, notes = _faults(plain, other, name, label), []
    if not outcome.fault and not plain.outcomes[name].fault:
        different, notes = _settle(plain, other, name)
        notes += other.program.notes(outcome.observed)
        differences += [f"{key}: plain {a}, {label} {b}" for key, (a, b) in different.items()]
    return Comparison(
        plain.program.name, name.replace("_", " "), other.program.annotation, outcome.traffic,
        differences, notes,
    )  # fmt: skip


def _faults(plain, other, name, label):
    faults = []
    a, b = plain.outcomes[name], other.outcomes[name]
    if a.fault:
        faults.append(f"plain: {a.fault}")
    elif a.traffic.pairs and not plain.program.concurrent:
        faults.append(f"plain: {a.traffic.pairs} pairs in pods that take no part")
    if b.fault:
        faults.append(f"{label}: {b.fault}; {_reasons(b.traffic)}")
    elif _is_unshortened(other.program, name, b.traffic):
        faults.append(f"{label}: no byte took the shortcut; {_reasons(b.traffic)}")
    return faults


def _is_unshortened(program, name, traffic):
    needed = getattr(program, name).shortened
    return program.annotation in needed and not traffic.shortcut_bytes


def _reasons(traffic):
    if not traffic:
        return "it did not start"
    reasons = {"leaves": traffic.leaves, "evictions": traffic.evictions}
    reasons["refusals"] = traffic.refusals
    texts = [f"{what} {_counts(counts)}" for what, counts in reasons.items() if counts]
    return ", ".join([f"pairs {traffic.pairs}", *texts])


def _counts(counts):
    return " ".join(f"{name} {count}" for name, count in counts.items())


def _settle(plain, other, name):
    """The differences that stay when both sides repeat what differs, and the ones that do not."""
    different = _different(plain.outcomes[name].observed, other.outcomes[name].observed)
    first, notes = dict(different), []
    for _ in range(REPEATS):
        again = different and plain.program.again(list(different))
        if not again:
            break
        different = _different(again, other.program.again(list(different)))
    if first != different:
        notes = [
            f"flaky: {key}: plain {a}, {other.program.annotation} {b}, then the same"
            for key, (a, b) in first.items()
            if key not in different
        ]
    return different, notes


def _different(a, b):
    keys = sorted(a.keys() | b.keys())
    pairs = {key: (a.get(key, ABSENT), b.get(key, ABSENT)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
