/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a socket itself tells: its kind, its O_NONBLOCK, its buffers. */
#ifndef SHORTCUT_END_H
#define SHORTCUT_END_H

#define O_NONBLOCK 04000
#define SEND_SHUTDOWN 2
#define SOL_SOCKET 1
#define IPPROTO_TCP 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define TCP_WINDOW_CLAMP 10
#define SOCK_SNDBUF_LOCK 1
#define SOCK_RCVBUF_LOCK 2
#define EBUSY 16
#define EEXIST 17

enum file_mode {
	/* Not accepted yet: no file. */
	FILE_MODE_UNKNOWN,
	FILE_MODE_NONBLOCKING,
	FILE_MODE_BLOCKING,
};

static __always_inline enum file_mode file_mode(struct sock *sk)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	struct file *file = socket ? BPF_CORE_READ(socket, file) : 0;

	if (!file)
		return FILE_MODE_UNKNOWN;
	return BPF_CORE_READ(file, f_flags) & O_NONBLOCK ? FILE_MODE_NONBLOCKING :
							   FILE_MODE_BLOCKING;
}

/* A name that a socket keeps for life, and that pointers do not have: its memory is used again. */
static __always_inline __u64 socket_inode(struct sock *sk)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	struct socket_alloc *allocated = (struct socket_alloc *)socket;

	return socket ? BPF_CORE_READ(allocated, vfs_inode.i_ino) : 0;
}

static __always_inline bool is_zerocopy_sender(struct tcp_sock *tp)
{
	unsigned long zerocopy = 1UL << bpf_core_enum_value(enum sock_flags, SOCK_ZEROCOPY);

	return tp->inet_conn.icsk_inet.sk.__sk_common.skc_flags & zerocopy;
}

/*
 * MPTCP subflows, kTLS and zero-copy senders have a transmit path of their own; who is connected by
 * TCP_REPAIR has shaken nobody's hand, and chose the numbers that would prove it.
 */
static __always_inline bool is_plain_tcp(struct tcp_sock *tp)
{
	if (bpf_core_field_exists(tp->is_mptcp) && BPF_CORE_READ(tp, is_mptcp))
		return false;
	if (BPF_CORE_READ(tp, inet_conn.icsk_ulp_ops))
		return false;
	if (BPF_CORE_READ_BITFIELD(tp, repair))
		return false;
	return !is_zerocopy_sender(tp);
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

	return BPF_CORE_READ_BITFIELD(sk, sk_userlocks) & lock;
}

static __always_inline void set_option(struct bpf_sock_ops *ops, int level, int option, int value)
{
	bpf_setsockopt(ops, level, option, &value, sizeof(value));
}

#endif /* SHORTCUT_END_H */
