# SPDX-License-Identifier: Apache-2.0
"""What the kernel says it has given to connections and to BPF maps."""

import ctypes
import os
import pathlib
import platform

BPF_OBJ_GET = 7
BPF_CALL = {"x86_64": 321, "aarch64": 280}[platform.machine()]


class ObjectGet(ctypes.Structure):
    """The part of `union bpf_attr` that BPF_OBJ_GET reads."""

    _fields_ = [("pathname", ctypes.c_uint64), ("bpf_fd", ctypes.c_uint32), ("file_flags", ctypes.c_uint32)]


def kernel_objects():
    """Bytes of slab and per-CPU memory: sockets and all that hangs on them."""
    fields = dict(line.split(":") for line in pathlib.Path("/proc/meminfo").read_text("ascii").splitlines())
    return sum(int(fields[name].split()[0]) for name in ("Slab", "Percpu")) * 1024


def map_bytes(pins):
    """The sum of what the pinned maps have been charged with."""
    return sum(charged(path) for path in pathlib.Path(pins).iterdir() if path.name not in ("link", "links"))


def charged(path):
    name = ctypes.create_string_buffer(os.fsencode(path))
    attributes = ObjectGet(ctypes.addressof(name), 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.syscall(BPF_CALL, BPF_OBJ_GET, ctypes.byref(attributes), ctypes.sizeof(attributes))
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "open pinned object", str(path))
    try:
        text = pathlib.Path(f"/proc/self/fdinfo/{descriptor}").read_text("ascii")
    finally:
        os.close(descriptor)
    values = [line.split(":")[1] for line in text.splitlines() if line.startswith("memlock:")]
    return int(values[0]) if values else 0
