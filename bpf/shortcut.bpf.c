// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One object of all hooks, so that they share their maps without a linking step. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "include/shortcut_abi.h"
#include "kernel.h"
#include "maps.bpf.h"
#include "allowlist.bpf.h"
#include "end.bpf.h"
#include "peer.bpf.h"
#include "memory.bpf.h"
#include "gate.bpf.h"
#include "valve.bpf.h"
#include "listener.bpf.h"
#include "program.bpf.h"
#include "habit.bpf.h"
#include "sockops.bpf.c"
#include "redirect.bpf.c"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
