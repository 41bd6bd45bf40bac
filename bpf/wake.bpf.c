// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Wakes senders that wait for nothing. While TCP is short of memory, plain sockets may always have
 * a little on the way, whose acknowledgement wakes them. One of a sockhash may have nothing there
 * and be told to wait all the same (sk_msg_alloc); who counts on edges of epoll then waits forever.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "iterator.h"
#include "kernel.h"

#define IPPROTO_TCP 6
#define TCP_NOTSENT_LOWAT 25
/* Bits of sk_user_data and of a socket's flags. */
#define SK_USER_DATA_PSOCK 4
#define SOCK_NOSPACE 4

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
} __attribute__((preserve_access_index));

static __always_inline bool waits_to_send(struct sock *sk)
{
	struct socket *socket = sk->sk_socket;

	return socket && (BPF_CORE_READ(socket, flags) & SOCK_NOSPACE) &&
	       ((__u64)sk->sk_user_data & SK_USER_DATA_PSOCK);
}

/* Setting this option, here to what it is, has the kernel look whether there is room to send. */
SEC("iter/tcp")
int shortcut_wake(struct bpf_iter__tcp *context)
{
	struct sock_common *common = context->sk_common;
	struct tcp_sock *tp = common ? bpf_skc_to_tcp_sock(common) : 0;
	__u32 value;

	if (!tp || !waits_to_send(&tp->inet_conn.icsk_inet.sk))
		return 0;
	value = tp->notsent_lowat;
	if (!bpf_setsockopt(tp, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &value, sizeof(value)))
		bpf_seq_write(context->meta->seq, &value, sizeof(value));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
