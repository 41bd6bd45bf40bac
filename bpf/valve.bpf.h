/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The queue's bound, felt by the sender as TCP's is. A sender that met the bound goes over the
 * stack; when that message is acknowledged it gets a small send buffer. From then on a message or
 * two fill it, so it sleeps, or sees EAGAIN and then EPOLLOUT, until its reader has caught up.
 */
#ifndef SHORTCUT_VALVE_H
#define SHORTCUT_VALVE_H

/* So many bytes without a moment at which all was read: the sender runs ahead on the stack. */
#define UNPROVEN_BYTES 65536

/* No sample yet reads as the largest number. */
static __always_inline bool stack_is_slow(struct bpf_sock_ops *ops)
{
	struct shortcut_control *configuration = control_get();

	return configuration && ops->rtt_min != ~0U &&
	       ops->rtt_min >= configuration->slow_round_trip;
}

/* A message or two: what a sender has on the stack its reader must take from there. */
static __always_inline __u32 valve_send_buffer(const struct shortcut_socket *state,
					       const struct shortcut_control *configuration)
{
	return state->valve == SHORTCUT_VALVE_UNWANTED ? configuration->valve_send_buffer_open :
							 configuration->valve_send_buffer;
}

/* What the program has chosen, before or after the valve was set, stays. */
static __always_inline bool valve_may_set(struct tcp_sock *tp, const struct shortcut_socket *state)
{
	__u32 now = tp->inet_conn.icsk_inet.sk.sk_sndbuf;

	return state->valve_buffer ? now == state->valve_buffer :
				     !buffer_is_chosen(tp, SOCK_SNDBUF_LOCK);
}

static __always_inline void set_send_buffer(struct bpf_sock_ops *ops, struct tcp_sock *tp,
					    struct shortcut_socket *state, __u32 size)
{
	set_option(ops, SOL_SOCKET, SO_SNDBUF, size);
	state->valve_buffer = BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.sk_sndbuf);
}

static __always_inline void turn_valve(struct bpf_sock_ops *ops, struct tcp_sock *tp,
				       struct shortcut_socket *state)
{
	struct shortcut_control *configuration = control_get();

	if (!configuration)
		return;
	if (valve_may_set(tp, state))
		set_send_buffer(ops, tp, state, valve_send_buffer(state, configuration));
	state->valve = state->valve == SHORTCUT_VALVE_WANTED ? SHORTCUT_VALVE_SET :
							       SHORTCUT_VALVE_IDLE;
}

/* sk_rcvbuf as the kernel keeps the SO_RCVBUF that receivers are given. */
static __always_inline __u32 own_receive_buffer(const struct shortcut_control *configuration)
{
	return configuration->valve_receive_buffer * 2;
}

static __always_inline __u32 receive_buffer(struct tcp_sock *tp)
{
	return BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.sk_rcvbuf);
}

/* An end that leaves the sockhash is on the stack for good. */
static __always_inline void release_valve(struct bpf_sock_ops *ops, struct tcp_sock *tp,
					  struct shortcut_socket *state)
{
	struct shortcut_control *configuration = control_get();

	state->valve = SHORTCUT_VALVE_IDLE;
	if (!configuration)
		return;
	if (state->valve_buffer && valve_may_set(tp, state))
		set_send_buffer(ops, tp, state, configuration->valve_send_buffer_open);
	if (receive_buffer(tp) == own_receive_buffer(configuration))
		set_option(ops, IPPROTO_TCP, TCP_WINDOW_CLAMP, configuration->valve_receive_buffer);
}

/* Its peer has taken this end out of the sockhash, and can do no more. */
static __always_inline bool taken_out(struct bpf_sock_ops *ops, struct tcp_sock *tp,
				      struct shortcut_socket *state, struct shortcut_pair *pair)
{
	if (!pair || gate_to_self(state, pair) != SHORTCUT_GATE_BARRED)
		return false;
	state->role = SHORTCUT_ROLE_EVICTED;
	release_valve(ops, tp, state);
	return true;
}

/* Called when data sent over the stack was acknowledged. */
static __always_inline void tend_valve(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				       struct shortcut_socket *state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct shortcut_pair *pair;

	state->slow = stack_is_slow(ops);
	pair = state->valve_buffer ? bpf_map_lookup_elem(&pairs, &state->client_cookie) : 0;
	if (tp && taken_out(ops, tp, state, pair))
		return;
	if (tp && (state->valve == SHORTCUT_VALVE_WANTED || state->valve == SHORTCUT_VALVE_UNWANTED))
		turn_valve(ops, tp, state);
}

#endif /* SHORTCUT_VALVE_H */
