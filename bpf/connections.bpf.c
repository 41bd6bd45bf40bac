// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tells of each socket that the datapath keeps something of. An object of its own, for those who
 * look: what handles the connections does not depend on it, and has no second table for it.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "include/shortcut_abi.h"
#include "iterator.h"
#include "kernel.h"

#define AF_INET 2

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct sock *sk;
	void *value;
} __attribute__((preserve_access_index));

static __always_inline void copy_remote(struct shortcut_connection *told, struct sock *sk)
{
	struct shortcut_address *address = &told->remote;

	if (sk->__sk_common.skc_family == AF_INET) {
		__u32 bytes = sk->__sk_common.skc_daddr;

		address->bytes[10] = 0xff;
		address->bytes[11] = 0xff;
		__builtin_memcpy(&address->bytes[12], &bytes, sizeof(bytes));
	} else if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) {
		BPF_CORE_READ_INTO(address, sk, __sk_common.skc_v6_daddr);
	}
}

static __always_inline void copy_socket(struct shortcut_connection *told, struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	told->state = sk->__sk_common.skc_state;
	told->local_port = sk->__sk_common.skc_num;
	told->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	copy_remote(told, sk);
	if (tp)
		told->acknowledged = tp->bytes_acked;
}

static __always_inline void copy_state(struct shortcut_connection *told,
				       const struct shortcut_socket *state)
{
	told->own = state->self;
	told->peer = state->peer;
	told->client_cookie = state->client_cookie;
	told->created = state->created;
	told->role = state->role;
	told->path = state->path;
	told->last_leave = state->last_leave;
	told->gate = state->gate;
	told->valve = state->valve;
	told->permitted = state->permitted;
	told->shortcut_messages = state->shortcut_messages;
	told->shortcut_bytes = state->shortcut_bytes;
	told->stack_messages = state->stack_messages;
	told->stack_bytes = state->stack_bytes;
}

SEC("iter/bpf_sk_storage_map")
int shortcut_connections(struct bpf_iter__bpf_sk_storage_map *context)
{
	struct shortcut_socket *state = context->value;
	struct shortcut_connection told = {};
	struct sock *sk = context->sk;

	if (!state || !sk)
		return 0;
	copy_state(&told, state);
	copy_socket(&told, sk);
	bpf_seq_write(context->meta->seq, &told, sizeof(told));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
