/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What all of TCP may hold in memory (net.ipv4.tcp_mem). */
#ifndef SHORTCUT_MEMORY_H
#define SHORTCUT_MEMORY_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct timespec64 {
	long long tv_sec;
};

struct proto {
	atomic64_t *memory_allocated;
	unsigned long *memory_pressure;
	long *sysctl_mem;
};

#pragma clang attribute pop

/* tcp_mem, pages: above the second memory is short, and then until it is under the first. */
#define TCP_MEMORY_PRESSURE 1

static __always_inline long kernel_word(void *address, int access)
{
	struct timespec64 *object;
	long word = 0;

	if (access == PEER_ACCESS_CAST) {
		/* Any structure of the kernel that begins with a long would do. */
		object = bpf_rdonly_cast(address, bpf_core_type_id_kernel(struct timespec64));
		return object->tv_sec;
	}
	bpf_probe_read_kernel(&word, sizeof(word), address);
	return word;
}

/*
 * Where the kernel cannot charge a redirected message to its receiver the sender gets ENOMEM, which
 * programs take for the end of the connection; on the stack it waits. A receiver that has memory in
 * advance may have given it back before the message comes, so only all of TCP's counts, and CPUs
 * count by the hundred pages.
 */
static __always_inline bool memory_is_short(const struct shortcut_control *configuration,
					    struct tcp_sock *peer, int access)
{
	struct proto *protocol = peer_load(access, peer, peer_sock.__sk_common.skc_prot);
	atomic64_t *pages = peer_load(access, protocol, memory_allocated);
	long *limit = peer_load(access, protocol, sysctl_mem);

	if (!kernel_word(peer_load(access, protocol, memory_pressure), access))
		limit += TCP_MEMORY_PRESSURE;
	return peer_load(access, pages, counter) + configuration->memory_uncounted >
	       kernel_word(limit, access);
}

#endif /* SHORTCUT_MEMORY_H */
