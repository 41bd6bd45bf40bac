# SPDX-License-Identifier: Apache-2.0
"""Real programs in pods, plain and with the shortcut: the parts that all of them share."""
