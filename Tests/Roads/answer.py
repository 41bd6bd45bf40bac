#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A TCP service that answers with a name, and its client.

answer.py serve PORT NAME
answer.py ask ADDRESS PORT    prints the name, or "nobody" if none comes within 5 s
"""

import socket
import sys
import time

TIMEOUT = 5


def serve(port, name):
    with socket.create_server(("", int(port)), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.sendall(name.encode())


def ask(address, port):
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((address, int(port)), TIMEOUT) as connection:
                print(connection.recv(100).decode())
                return
        except ConnectionRefusedError:
            time.sleep(0.1)  # the service is still starting
        except OSError:
            break
    print("nobody")


if __name__ == "__main__":
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
