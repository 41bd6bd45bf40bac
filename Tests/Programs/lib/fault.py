# SPDX-License-Identifier: Apache-2.0
"""The one error a program's case raises."""


class Fault(Exception):
    """A program did not do what it has to do on any TCP."""
