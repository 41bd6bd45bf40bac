# SPDX-License-Identifier: Apache-2.0
"""Takes the samples of a suite: the ways in turn, so that what disturbs one disturbs the others."""

import contextlib
import dataclasses
import sys
import typing

from .failure import Failure
from .samples import Key, Series
from .ways import UNIX

COUNTED = ("pairs", "shortcut_bytes", "stack_bytes")


@dataclasses.dataclass
class Trial:
    """One thing that is measured: `take` returns {(metric, unit): value}."""

    label: str
    size: int | None
    take: dict[str, typing.Callable[[], dict]]
    # False where the ways are not plain and shortened connections.
    is_counted: bool = True


class Bench:
    """Everything measured so far, on all roads."""

    def __init__(self, options):
        self.options = options
        self.series = {}
        self.failures = []

    def run(self, road, pin, name, suite):
        """Takes all samples of a suite; the others are measured whatever becomes of this one."""
        where = f"{road.kind} {pin} {name}"
        try:
            with contextlib.ExitStack() as stack:
                trials = suite.trials(self.context(road, pin, stack))
                self.take_all(Key(road.kind, pin, name, "", ""), where, road, self.steps(suite, trials))
        except Failure as failure:
            self.tell(f"{where}: {failure}")

    def steps(self, suite, trials):
        return [
            (trial, way)
            for number in range(self.rounds(suite))
            for trial in trials
            for way in order(trial, number)
        ]

    def take_all(self, key, where, road, steps):
        """A trial that fails is not tried again."""
        broken = []
        for count, (trial, way) in enumerate(steps, 1):
            progress(where, count, len(steps), f"{trial.label}, {way}")
            if trial in broken:
                continue
            try:
                self.take(dataclasses.replace(key, size=trial.size), trial, way, road)
            except Failure as failure:
                broken.append(trial)
                self.tell(f"{where}, {trial.label}, {way}: {failure}")

    def tell(self, failure):
        self.failures.append(failure)
        print(f"\nrun: {failure}", file=sys.stderr, flush=True)

    def rounds(self, suite):
        if self.options.quick:
            return self.options.rounds
        return getattr(suite, "ROUNDS", self.options.rounds * getattr(suite, "ROUNDS_FACTOR", 1))

    def context(self, road, pin, stack):
        return Context(road, pin, self.options.seconds, self.options.quick, stack)

    def take(self, key, trial, way, road):
        before = road.counters() if trial.is_counted and way != UNIX else None
        values = trial.take[way]()
        change = difference(before, road.counters()) if before else None
        for (metric, unit), value in values.items():
            exact = dataclasses.replace(key, metric=metric, unit=unit)
            self.series.setdefault(exact, Series(exact)).add(way, value, change)

    def results(self):
        return [series.document() for series in self.series.values()]


@dataclasses.dataclass
class Context:
    """What a suite is given: what it enters on `stack` ends with the suite."""

    road: object
    pin: str
    seconds: float
    quick: bool
    stack: contextlib.ExitStack


def order(trial, number):
    """Each way is first as often as last: what comes second may profit from it, or pay."""
    return list(trial.take) if number % 2 == 0 else list(reversed(trial.take))


def difference(before, after):
    return {name: after[name] - before[name] for name in COUNTED}


def progress(where, count, total, what):
    line = f"{where} [{count}/{total}] {what}"
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="\n" if count == total else "", file=sys.stderr, flush=True)
    elif count in (1, total):
        print(line, file=sys.stderr, flush=True)
