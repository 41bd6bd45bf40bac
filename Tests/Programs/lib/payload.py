# SPDX-License-Identifier: Apache-2.0
"""Random bytes that are the same in every run, and how they are compared."""

import hashlib
import random


def payload(size, seed=0):
    return random.Random(f"{seed} {size}").randbytes(size)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def file_digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
