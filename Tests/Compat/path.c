// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include "shortcut_abi.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t at_begin;
static uint64_t at_mark;
static bool marked;

static int bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int open_pin(const char *path)
{
	union bpf_attr attributes = { .pathname = (uintptr_t)path };

	return bpf(BPF_OBJ_GET, &attributes);
}

static bool read_values(struct shortcut_counters *values)
{
	uint32_t zero = 0;
	union bpf_attr attributes = { .key = (uintptr_t)&zero, .value = (uintptr_t)values };
	int map = open_pin(options.counters);
	bool done;

	if (map < 0)
		return false;
	attributes.map_fd = map;
	done = !bpf(BPF_MAP_LOOKUP_ELEM, &attributes);
	close(map);
	return done;
}

/* Bytes that have taken the shortcut, all CPUs together; 0 without a datapath. */
static uint64_t shortcut_bytes(void)
{
	long count = sysconf(_SC_NPROCESSORS_CONF);
	struct shortcut_counters *values;
	uint64_t sum = 0;

	if (!options.counters)
		return 0;
	values = calloc(count, sizeof(*values));
	if (!values || !read_values(values))
		broken(options.counters);
	for (long i = 0; i < count; i++)
		sum += values[i].shortcut_bytes;
	free(values);
	return sum;
}

void path_begin(void)
{
	at_begin = shortcut_bytes();
}

void path_mark(void)
{
	at_mark = shortcut_bytes();
	marked = true;
}

const char *path_taken(void)
{
	uint64_t now = shortcut_bytes();

	if (!options.counters)
		return "plain";
	if (now == at_begin)
		return "never";
	return marked && now == at_mark ? "returns" : "shortened";
}
