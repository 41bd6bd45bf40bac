/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a socket itself tells: its kind, its O_NONBLOCK, its buffers. */
#ifndef SHORTCUT_END_H
#define SHORTCUT_END_H

#define O_NONBLOCK 04000
#define SOL_SOCKET 1
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SOCK_SNDBUF_LOCK 1
#define SOCK_RCVBUF_LOCK 2
#define EBUSY 16

/* Not accepted yet (no file): unknown, and so not known to be non-blocking. */
static __always_inline bool is_nonblocking(struct sock *sk)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	struct file *file;

	if (!socket)
		return false;
	file = BPF_CORE_READ(socket, file);
	return file && (BPF_CORE_READ(file, f_flags) & O_NONBLOCK);
}

/* MPTCP subflows, kTLS and zero-copy senders have a transmit path of their own. */
static __always_inline bool is_plain_tcp(struct tcp_sock *tp)
{
	unsigned long zerocopy = 1UL << bpf_core_enum_value(enum sock_flags, SOCK_ZEROCOPY);

	if (bpf_core_field_exists(tp->is_mptcp) && BPF_CORE_READ(tp, is_mptcp))
		return false;
	if (BPF_CORE_READ(tp, inet_conn.icsk_ulp_ops))
		return false;
	return !(BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.__sk_common.skc_flags) & zerocopy);
}

/* The socket an end names still exists and is not closed. */
static __always_inline bool is_alive(const struct shortcut_end *end)
{
	struct tcp_sock *tp = (struct tcp_sock *)end->tcp_sock;
	__u64 cookie = BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.__sk_common.skc_cookie.counter);

	return cookie == end->socket_cookie &&
	       BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.__sk_common.skc_state) != BPF_TCP_CLOSE;
}

/* A buffer the program chose by setsockopt stays what the program chose. */
static __always_inline bool buffer_is_chosen(struct tcp_sock *tp, __u32 lock)
{
	struct sock *sk = &tp->inet_conn.icsk_inet.sk;

	return BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks) & lock;
}

static __always_inline void set_option(struct bpf_sock_ops *ops, int level, int option, int value)
{
	bpf_setsockopt(ops, level, option, &value, sizeof(value));
}

#endif /* SHORTCUT_END_H */
