/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the handshake to the close: the callbacks that both ends share. */

/* What a socket is that its program connects now, in that program's context. */
static __always_inline enum shortcut_role connecting_role(struct bpf_sock_ops *ops,
							  struct tcp_sock *tp,
							  struct shortcut_program *program)
{
	struct shortcut_end self = {};

	if (!allowed_end(ops, &self) || (self.flags & SHORTCUT_ALLOW_BLOCKING) ||
	    file_mode(&tp->inet_conn.icsk_inet.sk) != FILE_MODE_NONBLOCKING)
		return SHORTCUT_ROLE_MEMBER;
	if (is_splicer())
		return SHORTCUT_ROLE_SPLICED;
	program_name(program, self.netns_cookie);
	return program_role(program);
}

/* connect(2): marks the sockets that shall stay plain, and why. */
static __always_inline void connecting(struct bpf_sock_ops *ops)
{
	struct bpf_sock *sk = ops->sk;
	struct tcp_sock *tp = sk ? bpf_skc_to_tcp_sock(sk) : 0;
	struct shortcut_program program = {};
	struct shortcut_socket *state;
	enum shortcut_role role;

	role = tp ? connecting_role(ops, tp, &program) : SHORTCUT_ROLE_MEMBER;
	if (role == SHORTCUT_ROLE_MEMBER)
		return;
	state = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!state)
		return;
	state->role = role;
	state->program = program;
	if (role == SHORTCUT_ROLE_CONNECTOR)
		watch(ops, state);
}

static __always_inline bool is_learning(const struct shortcut_socket *state)
{
	return state->role == SHORTCUT_ROLE_LEARNER || state->role == SHORTCUT_ROLE_CONNECTOR;
}

/* A plain socket of a listener or a program that is not known yet. */
static __always_inline void learn(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				  struct shortcut_socket *state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	enum file_mode mode = tp ? file_mode(&tp->inet_conn.icsk_inet.sk) : FILE_MODE_UNKNOWN;

	/* The answer to the SYN comes before the program knows that it is connected. */
	if (mode == FILE_MODE_UNKNOWN || ops->state == BPF_TCP_SYN_SENT)
		return;
	if (state->role == SHORTCUT_ROLE_LEARNER)
		listener_learn(state->listener, mode);
	else
		program_learn(&state->program, mode);
	unwatch(ops, state);
	bpf_sk_storage_delete(&sockets, sk);
}

/* Data sent over the stack was acknowledged. Runs under the socket's lock. */
static __always_inline void acknowledged(struct bpf_sock_ops *ops)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state;

	if (!sk)
		return;
	state = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (!state)
		return;
	if (is_learning(state)) {
		learn(ops, sk, state);
	} else if (state->role != SHORTCUT_ROLE_MEMBER && state->role != SHORTCUT_ROLE_EVICTED) {
		return;
	} else if (!state->peer.socket_cookie && !adopt_pair(state)) {
		client_abandon(ops, sk, state, true);
	} else {
		if (state->role == SHORTCUT_ROLE_MEMBER)
			tend_valve(ops, sk, state);
		tend_membership(ops, sk, state);
	}
}

/* What this end left in the tables goes with it; what both share is the client's to remove. */
static __always_inline void closed(struct bpf_sock_ops *ops, struct shortcut_socket *state)
{
	__u64 cookie = bpf_get_socket_cookie(ops);

	bpf_map_delete_elem(&pairs, &cookie);
	if (!state)
		return;
	if (!state->peer.socket_cookie)
		spoil(&state->handshake);
	else if (state->client_cookie != cookie && !is_alive(&state->peer))
		bpf_map_delete_elem(&pairs, &state->client_cookie);
	if (state->client_cookie != cookie)
		habit_close(state);
}

/*
 * The connection is over, the socket perhaps not: its errors, and the next connection it makes, are
 * plain TCP's if it is out of the sockhash. What a reset left in the queue can still be read; what
 * a disconnect left (the only way from here without an error) never.
 */
static __always_inline void dismiss(struct bpf_sock_ops *ops, struct bpf_sock *sk, __u32 from)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	__u64 cookie = bpf_get_socket_cookie(ops);
	bool is_disconnect = from == BPF_TCP_ESTABLISHED || from == BPF_TCP_CLOSE_WAIT;

	if (!tp)
		return;
	is_disconnect = is_disconnect && !BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.sk_err);
	if (is_disconnect || peer_queue_is_empty(tp))
		withdraw(sk, cookie);
}

/* One that never sent shows itself at its end; one that was refused shows nothing. */
static __always_inline void state_learn(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					struct shortcut_socket *state, __u32 to)
{
	if (to != BPF_TCP_ESTABLISHED && to != BPF_TCP_CLOSE)
		learn(ops, sk, state);
}

static __always_inline void state_changed(struct bpf_sock_ops *ops, __u32 from, __u32 to)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state = sk ? bpf_sk_storage_get(&sockets, sk, 0, 0) : 0;

	if (state && is_learning(state))
		state_learn(ops, sk, state, to);
	else if (to == BPF_TCP_CLOSE)
		closed(ops, state);
	else if (to == BPF_TCP_FIN_WAIT1 && state)
		half_closed(ops, sk, state);
	if (!state || to != BPF_TCP_CLOSE)
		return;
	learn_upper_layer(state, bpf_skc_to_tcp_sock(sk));
	room_is_settled(ops, state);
	dismiss(ops, sk, from);
}
