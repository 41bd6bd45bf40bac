/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Small writes one way: the stack puts them together (Nagle, autocorking, a full window) and wakes
 * the reader once for many, the shortcut for each. A conversation, whose messages find the queue
 * empty, stays; so does a burst with TCP_NODELAY within one, which asks for each write by itself.
 */
#ifndef SHORTCUT_SMALL_H
#define SHORTCUT_SMALL_H

#define TCP_NAGLE_OFF 1
#define SMALL_MESSAGE 192
#define SMALL_MESSAGE_AT_ONCE 2048
#define SMALL_MESSAGE_ON_SLOW_STACK 512
#define SMALL_MESSAGE_ON_SLOW_STACK_TOGETHER 1024
/* So many in a row make a stream; as many checks without backlog end it. */
#define SMALL_STREAM 8
/* The stack takes this many bytes of a stream before the program looks again. */
#define SMALL_STREAM_BYTES 2048
/* So many in a row with no word from the peer, and so fast, are plain TCP's to carry. */
#define SMALL_ONE_WAY 1024
#define SMALL_ONE_WAY_NANOSECONDS 100000000

static __always_inline bool is_nagle_off(struct tcp_sock *own)
{
	return BPF_CORE_READ_BITFIELD(own, nonagle) & TCP_NAGLE_OFF;
}

/* One way, the stack carries so little better than the shortcut. */
static __always_inline bool is_small(const struct shortcut_socket *state, struct tcp_sock *own,
				     __u32 size)
{
	bool at_once = is_nagle_off(own);

	if (state->slow)
		return size < (at_once ? SMALL_MESSAGE_ON_SLOW_STACK :
					 SMALL_MESSAGE_ON_SLOW_STACK_TOGETHER);
	return size < (at_once ? SMALL_MESSAGE_AT_ONCE : SMALL_MESSAGE);
}

static __always_inline bool may_wait(const struct shortcut_socket *state, struct tcp_sock *own,
				     __u32 size)
{
	return !is_nagle_off(own) && is_small(state, own, size);
}

/* Something came from the peer: over the stack, or it has opened its gate to the shortcut. */
static __always_inline bool is_answered(struct shortcut_socket *state, struct tcp_sock *own)
{
	struct shortcut_pair *pair;

	if (state->heard != own->rcv_nxt) {
		state->heard = own->rcv_nxt;
		state->unheard = 0;
		state->answered = 1;
	} else if (!state->answered) {
		pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);
		state->answered = gate_to_self(state, pair) == SHORTCUT_GATE_OPEN;
	}
	return state->answered;
}

/* Counts small messages without a word from the peer; true if they make a stream. */
static __always_inline bool streams_small(struct shortcut_socket *state, bool answered)
{
	__u64 now;

	if (state->unheard++ && state->unheard < SMALL_ONE_WAY)
		return false;
	now = bpf_ktime_get_ns();
	if (state->unheard >= SMALL_ONE_WAY &&
	    (!answered || now - state->unheard_since < SMALL_ONE_WAY_NANOSECONDS))
		return true;
	state->unheard = 1;
	state->unheard_since = now;
	return false;
}

/* What came by the shortcut moves no sequence number, but then the way out is barred. */
static __always_inline void begin_eviction(struct shortcut_socket *state)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);

	if (gate_to_self(state, pair) == SHORTCUT_GATE_OPEN)
		state->stays = 1;
	else
		state->evict_self = SHORTCUT_EVICTION_SMALL + 1;
}

/*
 * Who says little and was never answered may be about to stream: it does not begin on the shortcut,
 * and leaves the sockhash when it goes on like that, also later. Large messages between small ones
 * are no such stream.
 */
static __always_inline bool is_small_one_way(struct shortcut_socket *state, struct tcp_sock *own,
					     __u32 size)
{
	bool answered;

	if (state->stays)
		return false;
	if (!is_small(state, own, size)) {
		state->unheard = 0;
		state->answered = 1;
		return false;
	}
	answered = is_answered(state, own);
	if (streams_small(state, answered))
		begin_eviction(state);
	return !answered || state->evict_self;
}

/* Called for a message that would take the shortcut. */
static __always_inline bool begins_small_stream(struct shortcut_socket *state,
						struct tcp_sock *own, __u32 size)
{
	if (state->queued_messages && may_wait(state, own, size))
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
	if (state->small_idle > SMALL_STREAM || !may_wait(state, own, message->size)) {
		state->small_messages = 0;
		state->small_idle = 0;
		return false;
	}
	bpf_msg_apply_bytes(message, SMALL_STREAM_BYTES);
	return true;
}

#endif /* SHORTCUT_SMALL_H */
