/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Small writes one way: the stack puts them together (Nagle, autocorking) and wakes the reader once
 * for many, the shortcut for each. TCP_NODELAY asks for each, so such sockets stay; so does a
 * conversation, whose messages find the queue empty.
 */
#ifndef SHORTCUT_SMALL_H
#define SHORTCUT_SMALL_H

#define TCP_NAGLE_OFF 1
#define SMALL_MESSAGE 192
#define SMALL_MESSAGE_ON_SLOW_STACK 512
/* So many in a row make a stream; as many checks without backlog end it. */
#define SMALL_STREAM 8
/* The stack takes this many bytes of a stream before the program looks again. */
#define SMALL_STREAM_BYTES 2048
/* A stream that has lasted so many looks is plain TCP's: its sender leaves the sockhash. */
#define SMALL_STREAM_LONG 64

static __always_inline bool is_small(const struct shortcut_socket *state, struct tcp_sock *own,
				     __u32 size)
{
	return size < (state->slow ? SMALL_MESSAGE_ON_SLOW_STACK : SMALL_MESSAGE) &&
	       !(BPF_CORE_READ_BITFIELD_PROBED(own, nonagle) & TCP_NAGLE_OFF);
}

/* Called for a message that would take the shortcut. */
static __always_inline bool begins_small_stream(struct shortcut_socket *state,
						struct tcp_sock *own, __u32 size)
{
	if (state->queued_messages && is_small(state, own, size))
		return ++state->small_messages > SMALL_STREAM;
	state->small_messages = 0;
	return false;
}

/*
 * Called first for each message: does a stream that went to the stack go on? Applying the verdict
 * to more bytes is safe with SK_PASS; with a redirect it never is.
 */
static __always_inline bool stack_keeps_small(struct shortcut_socket *state, struct tcp_sock *own,
					      struct sk_msg_md *message, bool is_proven)
{
	if (state->small_messages <= SMALL_STREAM)
		return false;
	state->small_idle = is_proven ? state->small_idle + 1 : 0;
	if (state->small_idle > SMALL_STREAM || !is_small(state, own, message->size)) {
		state->small_messages = 0;
		state->small_idle = 0;
		return false;
	}
	if (++state->small_messages > SMALL_STREAM + SMALL_STREAM_LONG)
		state->evict_self = SHORTCUT_EVICTION_SMALL + 1;
	bpf_msg_apply_bytes(message, SMALL_STREAM_BYTES);
	return true;
}

#endif /* SHORTCUT_SMALL_H */
