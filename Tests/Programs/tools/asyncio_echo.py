#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Echoes bytes by asyncio's streams or by its protocols, and checks what comes back.

asyncio_echo.py serve {streams|protocols} PORT
asyncio_echo.py ask ADDRESS PORT CONNECTIONS SEED

The server echoes until it sees the end of the client's bytes; then it sends the digest of them
all, AFTER more bytes, and closes. The client sends messages of random sizes and half-closes.
"""

import asyncio
import hashlib
import random
import sys

AFTER = (1 << 20) + 13
SIZES = [(1, 100)] * 4 + [(100, 5000)] * 3 + [(5000, 70000)] * 2 + [(70000, 600000)]


def after_the_end(digest):
    return digest.digest() + random.Random(digest.hexdigest()).randbytes(AFTER)


async def echo_by_streams(reader, writer):
    digest = hashlib.sha256()
    while data := await reader.read(65536):
        digest.update(data)
        writer.write(data)
        await writer.drain()
    writer.write(after_the_end(digest))
    await writer.drain()
    writer.close()
    await writer.wait_closed()


class EchoByProtocol(asyncio.Protocol):
    """Stops reading while the transport's buffer is full."""

    def connection_made(self, transport):
        self.transport = transport
        self.digest = hashlib.sha256()

    def data_received(self, data):
        self.digest.update(data)
        self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

    def eof_received(self):
        self.transport.write(after_the_end(self.digest))
        self.transport.close()


async def serve(how, port):
    if how == "streams":
        server = await asyncio.start_server(echo_by_streams, "0.0.0.0", port)
    else:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(EchoByProtocol, "0.0.0.0", port)
    await server.serve_forever()


def messages(seed, connection):
    source = random.Random(f"{seed} {connection}")
    for _ in range(source.randint(1, 60)):
        yield source.randbytes(source.randint(*source.choice(SIZES)))


async def send(writer, data):
    for message in data:
        writer.write(message)
        await writer.drain()
    writer.write_eof()


async def ping_pong(reader, writer, data):
    """Each message is back before the next one goes."""
    wrong = 0
    for message in data:
        writer.write(message)
        wrong += await reader.readexactly(len(message)) != message
    return wrong


async def ask(address, port, seed, connection):
    """The number of faults. Every other connection waits for each answer."""
    data = list(messages(seed, connection))
    reader, writer = await asyncio.open_connection(address, port)
    wrong = await ping_pong(reader, writer, data[:10]) if connection % 2 else 0
    rest = data[10:] if connection % 2 else data
    sending = asyncio.create_task(send(writer, rest))
    received = await reader.read(-1)
    await sending
    writer.close()
    await writer.wait_closed()
    return wrong + (received != b"".join(rest) + after_the_end(hashlib.sha256(b"".join(data))))


async def ask_all(address, port, connections, seed):
    wrong = await ask(address, port, seed, 0)
    for first in range(1, connections, 10):
        some = range(first, min(first + 10, connections))
        wrong += sum(await asyncio.gather(*[ask(address, port, seed, n) for n in some]))
    print(f"{wrong} wrong of {connections}")
    sys.exit(bool(wrong))


def main():
    if sys.argv[1] == "serve":
        asyncio.run(serve(sys.argv[2], int(sys.argv[3])))
    else:
        address, *numbers = sys.argv[2:]
        asyncio.run(ask_all(address, *map(int, numbers)))


main()
