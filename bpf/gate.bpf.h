/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who was first: the sender that wants to redirect to an end for the first time, or the end that
 * wants to leave the sockhash. What is redirected to an end that leaves is lost, so only an end to
 * which nothing was, and now never will be, redirected may go by itself.
 */
#ifndef SHORTCUT_GATE_H
#define SHORTCUT_GATE_H

/* An element that was recycled while it was changed belongs to another connection. */
static __always_inline bool pair_is_of(const struct shortcut_pair *pair,
				       const struct shortcut_socket *state)
{
	__u64 server = pair->server.socket_cookie;

	return server == state->self.socket_cookie || server == state->peer.socket_cookie;
}

static __always_inline bool is_client(const struct shortcut_socket *state)
{
	return state->client_cookie == state->self.socket_cookie;
}

static __always_inline __u32 *gate_to(struct shortcut_pair *pair,
				      const struct shortcut_socket *state, __u64 receiver)
{
	return receiver == state->client_cookie ? &pair->gate_to_client : &pair->gate_to_server;
}

/* Moves the gate to an end; false if the other side was first or the connection is ending. */
static __always_inline bool gate_move(struct shortcut_socket *state, __u64 receiver,
				      enum shortcut_gate to)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);
	__u32 was;

	if (!pair || pair->abandoned || !pair_is_of(pair, state))
		return false;
	was = __sync_val_compare_and_swap(gate_to(pair, state, receiver), SHORTCUT_GATE_FREE, to);
	return (was == SHORTCUT_GATE_FREE || was == to) && pair_is_of(pair, state);
}

/* The receiver has read all that was redirected to it, and nothing will be any more. */
static __always_inline void gate_shut(const struct shortcut_socket *state, __u64 receiver)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);

	if (pair && pair_is_of(pair, state))
		*gate_to(pair, state, receiver) = SHORTCUT_GATE_BARRED;
}

/* The peer makes its receive buffer larger in its next callback. Asked once. */
static __always_inline void ask_room(struct shortcut_socket *state)
{
	struct shortcut_pair *pair;

	if (state->room_asked)
		return;
	pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);
	if (!pair || !pair_is_of(pair, state))
		return;
	__sync_fetch_and_or(&pair->room_wanted,
			    is_client(state) ? SHORTCUT_ROOM_AT_SERVER : SHORTCUT_ROOM_AT_CLIENT);
	state->room_asked = 1;
}

/* A pair that is gone is over: nothing may begin. */
static __always_inline enum shortcut_gate gate_to_self(const struct shortcut_socket *state,
						       struct shortcut_pair *pair)
{
	return pair ? *gate_to(pair, state, state->self.socket_cookie) : SHORTCUT_GATE_BARRED;
}

/* Before the first redirect of a direction. */
static __always_inline bool gate_open(struct shortcut_socket *state)
{
	if (state->gate == SHORTCUT_GATE_OPEN)
		return true;
	state->gate = gate_move(state, state->peer.socket_cookie, SHORTCUT_GATE_OPEN) ?
			      SHORTCUT_GATE_OPEN :
			      SHORTCUT_GATE_BARRED;
	return state->gate == SHORTCUT_GATE_OPEN;
}

/* The server has left word under this client's cookie: take it over. Runs under the socket's lock. */
static __always_inline bool adopt_pair(struct shortcut_socket *state)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->self.socket_cookie);

	if (!pair || pair->abandoned)
		return false;
	state->peer = pair->server;
	return true;
}

#endif /* SHORTCUT_GATE_H */
