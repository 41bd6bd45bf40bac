/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The other end, read through a pointer kept since its handshake. sk_msg may look a socket up but
 * not release it, so there is no reference: the memory stays a tcp_sock's (SLAB_TYPESAFE_BY_RCU),
 * but perhaps another connection's, and counts only while the cookie in it is the recorded one.
 */
#ifndef SHORTCUT_PEER_H
#define SHORTCUT_PEER_H

extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym __weak;

/* How peers are read: plain fault-protected loads where the kernel has them (6.2), else a helper. */
enum peer_access {
	PEER_ACCESS_CAST,
	PEER_ACCESS_PROBE,
};

#define peer_sock inet_conn.icsk_inet.sk
#define peer_load(access, pointer, field)                                                          \
	((access) == PEER_ACCESS_CAST ? (pointer)->field : BPF_CORE_READ(pointer, field))

#define peer_bit(access, pointer, field)                                                           \
	((access) == PEER_ACCESS_CAST ? BPF_CORE_READ_BITFIELD(pointer, field) :                   \
					BPF_CORE_READ_BITFIELD_PROBED(pointer, field))

static __always_inline struct tcp_sock *peer_get(const struct shortcut_end *peer, int access)
{
	struct tcp_sock *tp = (struct tcp_sock *)peer->tcp_sock;
	__u64 cookie;

	if (access == PEER_ACCESS_CAST)
		tp = bpf_rdonly_cast(tp, bpf_core_type_id_kernel(struct tcp_sock));
	cookie = peer_load(access, tp, peer_sock.__sk_common.skc_cookie.counter);
	return cookie == peer->socket_cookie ? tp : 0;
}

static __always_inline enum file_mode peer_file_mode(struct tcp_sock *tp, int access)
{
	struct socket *socket = peer_load(access, tp, peer_sock.sk_socket);
	struct file *file = socket ? peer_load(access, socket, file) : 0;

	if (!file)
		return FILE_MODE_UNKNOWN;
	return peer_load(access, file, f_flags) & O_NONBLOCK ? FILE_MODE_NONBLOCKING :
							       FILE_MODE_BLOCKING;
}

/* By who reads, sends or sets an option there, in a call of its own. */
static __always_inline bool peer_is_locked(struct tcp_sock *tp, int access)
{
	return peer_load(access, tp, peer_sock.sk_lock.owned);
}

/* Nothing redirected waits to be read; for kernels that do not account it in sk_rmem_alloc. */
static __always_inline bool peer_queue_is_empty(struct tcp_sock *tp)
{
	/* The lowest bits of sk_user_data are flags. */
	__u64 data = (__u64)BPF_CORE_READ(tp, peer_sock.sk_user_data) & ~7UL;
	struct sk_psock *psock = (struct sk_psock *)data;

	return BPF_CORE_READ(psock, ingress_msg.next) ==
	       (struct list_head *)__builtin_preserve_access_index(&psock->ingress_msg);
}

#endif /* SHORTCUT_PEER_H */
