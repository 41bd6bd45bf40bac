# SPDX-License-Identifier: Apache-2.0
"""The suites: each has SUMMARY, IS_DEFAULT and trials(context)."""

from . import bulk, connect, latency, redis, small

SUITES = {
    "latency": latency,
    "bulk": bulk,
    "small": small,
    "connect": connect,
    "redis": redis,
}
