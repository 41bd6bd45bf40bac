# SPDX-License-Identifier: Apache-2.0
"""What ends the bench with a message instead of a trace."""


class Failure(Exception):
    """Says what failed, on what, and why."""
