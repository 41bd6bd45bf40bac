/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The client's callbacks: inserted when its peer is known to be local, evicted if it never pairs. */

static __always_inline void publish_client(struct shortcut_socket *state,
					   const struct shortcut_handshake_key *key)
{
	struct shortcut_handshake half = {
		.head = *key,
		.side = SHORTCUT_HANDSHAKE_CLIENT,
		.end = state->self,
		.tail = *key,
	};

	state->handshake = *key;
	bpf_map_update_elem(&handshakes, key, &half, BPF_ANY);
}

/* May this client be in a sockhash at all? Membership alone changes how a blocking recv() ends. */
static __always_inline int client_refusal(struct bpf_sock_ops *ops, struct tcp_sock *tp,
					  const struct shortcut_end *self,
					  const struct shortcut_end *peer)
{
	if (!(self->flags & SHORTCUT_ALLOW_BLOCKING) && !is_nonblocking(&tp->inet_conn.icsk_inet.sk))
		return SHORTCUT_REFUSAL_BLOCKING_CLIENT;
	return refusal(ops, tp, self, peer);
}

static __always_inline void client_insert(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					  struct tcp_sock *tp, struct shortcut_end *self,
					  const struct shortcut_handshake_key *key)
{
	struct shortcut_socket *state;

	self->socket_cookie = bpf_get_socket_cookie(ops);
	self->tcp_sock = (__u64)tp;
	state = insert(ops, sk, self);
	if (!state)
		return;
	publish_client(state, key);
	open_receive_buffer(ops, tp);
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTT_CB_FLAG |
					       BPF_SOCK_OPS_STATE_CB_FLAG);
}

static __always_inline void client_established(struct bpf_sock_ops *ops)
{
	struct shortcut_handshake_key key = {
		.client_next = ops->snd_nxt,
		.server_next = ops->rcv_nxt,
	};
	struct shortcut_handshake half;
	struct shortcut_end self = {};
	struct bpf_sock *sk = ops->sk;
	struct tcp_sock *tp;
	int reason;

	if (!sk || !allowed_end(ops, &self) || draining())
		return;
	if (!take_handshake(&key, SHORTCUT_HANDSHAKE_REQUESTED, &half))
		return;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return;
	reason = client_refusal(ops, tp, &self, &half.end);
	if (reason >= 0)
		count_refusal(reason);
	else
		client_insert(ops, sk, tp, &self, &key);
}

/* The server has left word under this client's cookie: take it over. Runs under the socket's lock. */
static __always_inline bool adopt_pair(struct shortcut_socket *state)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->self.socket_cookie);

	if (!pair || pair->abandoned)
		return false;
	state->peer = pair->server;
	bpf_map_delete_elem(&pairs, &state->self.socket_cookie);
	return true;
}

/*
 * Data was acknowledged, so a server is established somewhere, and it is not one that may pair.
 * The entry made here and the server's exclude each other: once it is in, nobody redirects to
 * this socket, and it can leave the sockhash without loss.
 */
static __always_inline void client_abandon(struct bpf_sock_ops *ops, struct shortcut_socket *state)
{
	struct shortcut_pair pair = { .abandoned = 1 };
	__u64 cookie = state->self.socket_cookie;
	struct bpf_sock *sk = ops->sk;

	if (bpf_map_update_elem(&pairs, &cookie, &pair, BPF_NOEXIST))
		return;
	bpf_map_delete_elem(&handshakes, &state->handshake);
	bpf_map_delete_elem(&sockhash, &cookie);
	if (sk)
		bpf_sk_storage_delete(&sockets, sk);
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags & ~BPF_SOCK_OPS_RTT_CB_FLAG);
	count_refusal(SHORTCUT_REFUSAL_UNPAIRED);
}
