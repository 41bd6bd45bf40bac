// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Both sides compile these: a layout that differs between BPF and user space cannot be built. */
#include "include/shortcut_abi.h"

_Static_assert(sizeof(struct shortcut_allow_key) == 24, "allowlist key");
_Static_assert(sizeof(struct shortcut_allow_value) == 16, "allowlist value");
_Static_assert(sizeof(struct shortcut_attachment_key) == 144, "attachment key");
_Static_assert(sizeof(struct shortcut_attachment) == 1448, "attachment");
_Static_assert(sizeof(struct shortcut_control) == 188, "control");
_Static_assert(__builtin_offsetof(struct shortcut_control, abi_version) == 0, "of every release");
_Static_assert(__builtin_offsetof(struct shortcut_control, mode) == 4, "of every release");
_Static_assert(sizeof(struct shortcut_listener) == 16, "listener");
_Static_assert(sizeof(struct shortcut_habit) == 16, "habit");
_Static_assert(sizeof(struct shortcut_end) == 48, "end");
_Static_assert(sizeof(struct shortcut_handshake) == 88, "handshake");
_Static_assert(sizeof(struct shortcut_pair) == 64, "pair");
_Static_assert(sizeof(struct shortcut_socket) == 328, "socket");
_Static_assert(sizeof(struct shortcut_connection) == 200, "connection");
