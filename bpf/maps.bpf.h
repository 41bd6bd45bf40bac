/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Every map. The loader sets max_entries of those that depend on pods and connections. */
#ifndef SHORTCUT_MAPS_H
#define SHORTCUT_MAPS_H

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct shortcut_control);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} epoch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct shortcut_allow_key);
	__type(value, struct shortcut_allow_value);
} allowlist SEC(".maps");

/* Never read here: it is made, sized and pinned with the rest. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct shortcut_attachment_key);
	__type(value, struct shortcut_attachment);
} attachments SEC(".maps");

/* Least recently used goes first: a flood of SYNs costs other handshakes their speed, no more. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct shortcut_handshake_key);
	__type(value, struct shortcut_handshake);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct shortcut_handshake_key);
	__type(value, struct shortcut_handshake);
} clients SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct shortcut_listener);
} listeners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct shortcut_program);
	__type(value, struct shortcut_listener);
} programs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct shortcut_habit);
} habits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct shortcut_pair);
} pairs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 131072);
	__type(key, __u64);
	__type(value, __u64);
} sockhash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct shortcut_socket);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct shortcut_counters);
} counters SEC(".maps");

static __always_inline struct shortcut_control *control_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&control, &zero);
}

static __always_inline struct shortcut_counters *counters_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&counters, &zero);
}

static __always_inline void count_refusal(enum shortcut_refusal reason)
{
	struct shortcut_counters *count = counters_get();

	if (count)
		count->refusals[reason]++;
}

static __always_inline void count_eviction(__u32 reason)
{
	struct shortcut_counters *count = counters_get();

	if (count && reason < SHORTCUT_EVICTIONS)
		count->evictions[reason]++;
}

#endif /* SHORTCUT_MAPS_H */
