/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the first messages of an end tell of it; in its program's context. */
#ifndef SHORTCUT_OPENING_H
#define SHORTCUT_OPENING_H

#define TLS_HANDSHAKE 22
#define TLS_MAJOR_VERSION 3

static __always_inline bool is_tls_handshake(struct sk_msg_md *message)
{
	__u8 *record = message->data;

	return (void *)(record + 2) <= message->data_end && record[0] == TLS_HANDSHAKE &&
	       record[1] == TLS_MAJOR_VERSION;
}

/*
 * Kernels give no keys to a socket of a sockhash (EINVAL), or take the encrypted bytes that wait
 * there for plain ones. No hook sees setsockopt(2) but at a cost for every one of the node; so where
 * there may be keys, who shakes hands leaves before it has some. It may say a word before (STARTTLS).
 */
static __always_inline bool may_get_keys(struct sk_msg_md *message)
{
	struct shortcut_control *configuration = control_get();

	return configuration && configuration->kernel_tls && !configuration->shorten_tls &&
	       is_tls_handshake(message);
}

/*
 * A client that blocks by now did not when it connected: its program is one of those, and it is out
 * before the next callback is over.
 */
static __always_inline void begin(struct shortcut_socket *state, struct tcp_sock *own)
{
	if (!is_client(state))
		return;
	program_name(&state->program, state->self.netns_cookie);
	if ((state->self.flags & SHORTCUT_ALLOW_BLOCKING) ||
	    file_mode(&own->inet_conn.icsk_inet.sk) != FILE_MODE_BLOCKING)
		return;
	program_learn(&state->program, FILE_MODE_BLOCKING);
	state->evict_self = SHORTCUT_EVICTION_BLOCKING + 1;
}

static __always_inline void judge_opening(struct shortcut_socket *state, struct tcp_sock *own,
					  struct sk_msg_md *message)
{
	if (state->lived >= LONG_LIVED)
		return;
	if (!state->lived)
		begin(state, own);
	if (may_get_keys(message))
		state->evict_self = SHORTCUT_EVICTION_UPPER_LAYER + 1;
}

static __always_inline bool is_of_upper_layer(const struct shortcut_socket *state,
					      struct tcp_sock *own, struct tcp_sock *peer,
					      int access)
{
	return own->inet_conn.icsk_ulp_ops || peer_load(access, peer, inet_conn.icsk_ulp_ops) ||
	       state->evict_self == SHORTCUT_EVICTION_UPPER_LAYER + 1;
}

#endif /* SHORTCUT_OPENING_H */
