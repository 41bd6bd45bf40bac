/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel hands a message over under the receiver's lock (bpf_tcp_ingress), which a reader holds
 * while it copies. Who sleeps for it on another CPU, and has to be woken, loses more time than the
 * copy takes.
 */
#ifndef SHORTCUT_TURN_H
#define SHORTCUT_TURN_H

#define TURN_NANOSECONDS 20000
#define TURN_LOOKS 1024

/* In vain, it costs no more than the sleep that follows. */
static __always_inline void await_turn(struct tcp_sock *peer, int access)
{
	__u64 start;
	int look;

	if (!peer_is_locked(peer, access))
		return;
	start = bpf_ktime_get_ns();
	for (look = 0; look < TURN_LOOKS && peer_is_locked(peer, access); look++)
		if (bpf_ktime_get_ns() - start > TURN_NANOSECONDS)
			return;
}

#endif /* SHORTCUT_TURN_H */
