# SPDX-License-Identifier: Apache-2.0
"""The suites: each has SUMMARY, IS_DEFAULT and trials(context)."""

from . import bulk, churn, connect, cost, http, latency, mesh, qperf, redis, scale, small, tax

SUITES = {
    "latency": latency,
    "bulk": bulk,
    "small": small,
    "connect": connect,
    "redis": redis,
    "http": http,
    "mesh": mesh,
    "tax": tax,
    "cost": cost,
    "qperf": qperf,
    "scale": scale,
    "churn": churn,
}
