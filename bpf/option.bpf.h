/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What programs ask of a socket that the shortcut cannot give: their messages keep to the stack. */
#ifndef SHORTCUT_OPTION_H
#define SHORTCUT_OPTION_H

#define TCP_NAGLE_CORK 2

/* Corked, repaired, paced, time-stamped, or told when its buffers are free again. */
static __always_inline bool sender_has_option(struct tcp_sock *own)
{
	struct sock *sk = &own->inet_conn.icsk_inet.sk;

	return is_zerocopy_sender(own) || sk->sk_tsflags ||
	       sk->sk_max_pacing_rate != ~0UL ||
	       (BPF_CORE_READ_BITFIELD(own, nonagle) & TCP_NAGLE_CORK) ||
	       BPF_CORE_READ_BITFIELD(own, repair);
}

/* Waits for so many bytes, peeks from a place, filters, repairs, or wants more than the bytes. */
static __always_inline bool receiver_has_option(struct tcp_sock *peer, int access)
{
	unsigned long stamped = 1UL << bpf_core_enum_value(enum sock_flags, SOCK_RCVTSTAMP);

	return peer_load(access, peer, peer_sock.sk_rcvlowat) > 1 ||
	       peer_load(access, peer, peer_sock.sk_peek_off) >= 0 ||
	       peer_load(access, peer, peer_sock.sk_filter) ||
	       (peer_load(access, peer, peer_sock.__sk_common.skc_flags) & stamped) ||
	       /* Of 16 bits before 6.5: read in its own size. */
	       peer_bit(access, peer, peer_sock.sk_tsflags) ||
	       peer_bit(access, peer, repair) || peer_bit(access, peer, recvmsg_inq);
}

#endif /* SHORTCUT_OPTION_H */
