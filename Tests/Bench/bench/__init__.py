# SPDX-License-Identifier: Apache-2.0
"""The bench: suites, the roads they run on, and what is made of their samples."""
