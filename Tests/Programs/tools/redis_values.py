#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes random values into a Redis, or checks that they are there byte by byte.

redis_values.py {write|check} ADDRESS PORT SEED
"""

import asyncio
import random
import sys

CONNECTIONS = 4
COUNT = 1500
# Most are small, some are larger than any socket buffer.
SIZES = [(1, 200)] * 8 + [(200, 20000)] * 3 + [(20000, 300000)]
LARGE = (4 << 20, 9 << 20)


def values(seed):
    """Yields key and value: the same for the same seed."""
    source = random.Random(seed)
    for index in range(COUNT):
        low, high = source.choice(SIZES)
        yield f"{seed}:{index}".encode(), source.randbytes(source.randint(low, high))
    for index, size in enumerate(LARGE):
        yield f"{seed}:large{index}".encode(), source.randbytes(size)


def command(*words):
    parts = [b"$%d\r\n%b\r\n" % (len(word), word) for word in words]
    return b"*%d\r\n%b" % (len(words), b"".join(parts))


async def reply(reader):
    line = (await reader.readuntil(b"\r\n"))[:-2]
    if line[:1] != b"$":
        return line
    if line == b"$-1":
        return None
    return (await reader.readexactly(int(line[1:]) + 2))[:-2]


async def write(reader, writer, share):
    """All commands are on their way before the last reply is awaited."""
    for key, value in share:
        writer.write(command(b"SET", key, value))
    await writer.drain()
    return sum([await reply(reader) != b"+OK" for _ in share])


async def check(reader, writer, share):
    for key, _ in share:
        writer.write(command(b"GET", key))
    return sum([await reply(reader) != value for _, value in share])


async def on_connection(what, address, port, share):
    reader, writer = await asyncio.open_connection(address, port, limit=16 << 20)
    wrong = await what(reader, writer, share)
    writer.close()
    await writer.wait_closed()
    return wrong


async def main():
    what, address, port, seed = sys.argv[1:]
    all_values = list(values(int(seed)))
    shares = [all_values[index::CONNECTIONS] for index in range(CONNECTIONS)]
    does = {"write": write, "check": check}[what]
    wrong = await asyncio.gather(*[on_connection(does, address, port, share) for share in shares])
    print(f"{sum(wrong)} wrong of {len(all_values)}")
    sys.exit(bool(sum(wrong)))


if __name__ == "__main__":
    asyncio.run(main())
