# SPDX-License-Identifier: Apache-2.0
"""What a ratio, or a time of its own, should reach. It is told, never a failure: the numbers depend on the machine."""

from .ways import SHORTCUT

# suite, what the metric begins with, at most or at least, bound of the ratio
GOALS = (
    ("latency", "p50", "<=", 0.4),
    ("latency", "sockperf p50", "<=", 0.4),
    ("bulk", "", ">=", 1.8),
    ("small", "", ">=", 1.0),
    ("connect", "", ">=", 0.98),
    ("redis", "", ">=", 1.0),
    ("tax", "connect", ">=", 0.99),
    ("tax", "p50", "<=", 1.01),
    ("tax", "stream", ">=", 0.99),
    ("cost", "sk_msg", "<=", 150),
    ("churn", "stream", ">=", 0.95),
)
# Suites of one way: their goals are of its samples.
ALONE = ("cost",)


def is_missed(goal):
    """Neither the medians nor any round reach it."""
    return bool(goal) and not goal["met"] and not goal["near"]


def reaches(ratio, comparison, bound):
    return ratio <= bound if comparison == "<=" else ratio >= bound


def measured(document):
    """What is compared with the goal: of all rounds, and of each."""
    if document["suite"] in ALONE:
        return document["median"].get(SHORTCUT), document.get(SHORTCUT, ())
    return document["ratio"], document["ratio_range"] or ()


def goal_of(document):
    """
    The goal of an element of `results`, None if it has none. `met` speaks of the medians; `near` of
    those that miss it while rounds of the same run reach it: their difference is in the noise.
    """
    for suite, metric, comparison, bound in GOALS:
        if document["suite"] != suite or not document["metric"].startswith(metric):
            continue
        median, rounds = measured(document)
        if median is None:
            return None
        met = reaches(median, comparison, bound)
        near = not met and any(reaches(one, comparison, bound) for one in rounds)
        return {"comparison": comparison, "bound": bound, "met": met, "near": near}
    return None
