# SPDX-License-Identifier: Apache-2.0
"""Programs that are run to their end, and servers that are ended with the block that needs them."""

import contextlib
import re
import subprocess
import time

from .failure import Failure

STOP_SECONDS = 5


def run(command, limit=120, stdin=""):
    """The standard output of a command that has to succeed within `limit` seconds."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{' '.join(command)}: not done after {limit:g} s") from error
    except OSError as error:
        raise Failure(f"{command[0]}: cannot be run: {error.strerror}") from error
    if done.returncode:
        raise Failure(f"{' '.join(command)}: ended with status {done.returncode}\n{done.stderr}{done.stdout}")
    return done.stdout


@contextlib.contextmanager
def server(command, **options):
    """A process that runs as long as the block; its standard output is a pipe."""
    command = [str(word) for word in command]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )
    try:
        yield process
    finally:
        end(process)


def end(process):
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def await_line(process, expected):
    """Waits until a server says that it is ready."""
    line = process.stdout.readline().strip()
    if line != expected:
        end(process)
        raise Failure(f"{' '.join(process.args)}: said '{line}', not '{expected}'")


def await_success(command, seconds=10):
    """Repeats a command until it succeeds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return run(command, limit=seconds)
        except Failure:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def find(pattern, text):
    """What the pattern's group matches in the output of a program."""
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise Failure(f"expected {pattern} in: {text}")
    return match.group(1)
