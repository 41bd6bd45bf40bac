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
	long *sysctl_mem;
};

#pragma clang attribute pop

/* tcp_mem: little, pressure, most; pages. */
#define TCP_MEMORY_PRESSURE 1

static __always_inline long tcp_memory_limit(struct proto *protocol, int access)
{
	long *limit = peer_load(access, protocol, sysctl_mem) + TCP_MEMORY_PRESSURE;
	struct timespec64 *word;
	long pages = 0;

	if (access == PEER_ACCESS_CAST) {
		/* Any structure of the kernel that begins with a long would do. */
		word = bpf_rdonly_cast(limit, bpf_core_type_id_kernel(struct timespec64));
		return word->tv_sec;
	}
	bpf_probe_read_kernel(&pages, sizeof(pages), limit);
	return pages;
}

/*
 * Where the kernel cannot charge a redirected message to its receiver the sender gets ENOMEM, which
 * programs take for the end of the connection; on the stack it waits.
 */
static __always_inline bool memory_is_short(struct tcp_sock *peer, __u32 size, int access)
{
	struct proto *protocol;
	atomic64_t *pages;

	if (peer_load(access, peer, peer_sock.sk_forward_alloc) >= (int)size)
		return false;
	protocol = peer_load(access, peer, peer_sock.__sk_common.skc_prot);
	pages = peer_load(access, protocol, memory_allocated);
	return peer_load(access, pages, counter) >= tcp_memory_limit(protocol, access);
}

#endif /* SHORTCUT_MEMORY_H */
