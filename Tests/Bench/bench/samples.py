# SPDX-License-Identifier: Apache-2.0
"""What was measured: one series for each metric and size, and what is told of it."""

import dataclasses
import statistics

from .goals import goal_of
from .ways import PLAIN, SHORTCUT, WAYS

LOWER_IS_BETTER = ("ns", "us", "bytes", "%")


@dataclasses.dataclass(frozen=True)
class Key:
    """What a sample is of; `size` is that of a message in bytes, None where there is none."""

    road: str
    pin: str
    suite: str
    metric: str
    unit: str
    size: int | None = None


class Series:
    """The samples of one key, by way, in the order of the rounds."""

    def __init__(self, key):
        self.key = key
        self.samples = {}
        self.pairs = {}
        self.shortcut_bytes = {}
        self.stack_bytes = {}

    def add(self, way, value, change):
        """`change` is what the datapath counted meanwhile, None where it had no part."""
        self.samples.setdefault(way, []).append(value)
        for name in ("pairs", "shortcut_bytes", "stack_bytes") if change else ():
            sums = getattr(self, name)
            sums[way] = sums.get(way, 0) + change[name]

    def document(self):
        """One element of `results`; see the schema in README.md of this directory."""
        medians = {way: statistics.median(values) for way, values in self.samples.items()}
        document = dataclasses.asdict(self.key)
        document["better"] = "lower" if self.key.unit in LOWER_IS_BETTER else "higher"
        document.update({way: self.samples[way] for way in WAYS if way in self.samples})
        document["median"] = medians
        document["spread"] = {way: spread(values) for way, values in self.samples.items()}
        document["ratio"] = ratio(medians.get(SHORTCUT), medians.get(PLAIN))
        document["ratio_range"] = ratio_range(self.samples)
        document["pairs"] = self.pairs
        document["carried"] = {way: self.carried(way) for way in self.pairs}
        document["goal"] = goal_of(document)
        return document

    def carried(self, way):
        """The share of the bytes of paired connections that took the shortcut."""
        total = self.shortcut_bytes[way] + self.stack_bytes[way]
        return self.shortcut_bytes[way] / total if total else 0


def spread(values):
    """(largest - smallest) / median."""
    median = statistics.median(values)
    return (max(values) - min(values)) / median if median else 0


def ratio(shortcut, plain):
    return shortcut / plain if shortcut is not None and plain else None


def ratio_range(samples):
    """Smallest and largest ratio of two samples of the same round."""
    pairs = zip(samples.get(SHORTCUT, []), samples.get(PLAIN, []))
    ratios = [shortcut / plain for shortcut, plain in pairs if plain]
    return [min(ratios), max(ratios)] if ratios else None
