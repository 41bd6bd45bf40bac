/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the handshake to the close: the callbacks that both ends share. */

/* connect(2), in the context of the program that calls it: marks the sockets of splicers. */
static __always_inline void connecting(struct bpf_sock_ops *ops)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state;

	if (!sk || !is_splicer())
		return;
	state = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (state)
		state->role = SHORTCUT_ROLE_SPLICED;
}

/* A plain socket of a listener that is not known yet. */
static __always_inline void learn(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				  struct shortcut_socket *state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	enum file_mode mode = tp ? file_mode(&tp->inet_conn.icsk_inet.sk) : FILE_MODE_UNKNOWN;

	if (mode == FILE_MODE_UNKNOWN)
		return;
	listener_learn(state->listener, mode);
	bpf_sk_storage_delete(&sockets, sk);
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags & ~BPF_SOCK_OPS_RTT_CB_FLAG);
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
	if (state->role == SHORTCUT_ROLE_LEARNER) {
		learn(ops, sk, state);
	} else if (!state->peer.socket_cookie && !adopt_pair(state)) {
		client_abandon(ops, sk, state);
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

static __always_inline void state_changed(struct bpf_sock_ops *ops, __u32 from, __u32 to)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state = sk ? bpf_sk_storage_get(&sockets, sk, 0, 0) : 0;

	if (state && state->role == SHORTCUT_ROLE_LEARNER)
		learn(ops, sk, state);
	else if (to == BPF_TCP_CLOSE)
		closed(ops, state);
	else if (to == BPF_TCP_FIN_WAIT1 && state)
		half_closed(ops, sk, state);
	if (state && to == BPF_TCP_CLOSE)
		dismiss(ops, sk, from);
}
