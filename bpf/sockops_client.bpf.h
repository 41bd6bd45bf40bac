/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The client's callbacks: inserted when its peer is known to be local, evicted if it never pairs. */

/*
 * Makes numbers useless that are not this client's alone, or that it gives up: deleted, another
 * client could claim them while this one's server is on its way.
 */
static __always_inline void spoil(const struct shortcut_handshake_key *key)
{
	struct shortcut_handshake half = { .head = *key, .tail = *key };

	half.side = SHORTCUT_HANDSHAKE_AMBIGUOUS;
	bpf_map_update_elem(&clients, key, &half, BPF_ANY);
}

/* Claims the numbers; false if another client of this node has claimed them before. */
static __always_inline bool publish_client(struct shortcut_socket *state,
					   const struct shortcut_handshake_key *key)
{
	struct shortcut_handshake half = {
		.head = *key,
		.side = SHORTCUT_HANDSHAKE_CLIENT,
		.end = state->self,
		.tail = *key,
	};

	state->handshake = *key;
	return !bpf_map_update_elem(&clients, key, &half, BPF_NOEXIST);
}

/* Only connecting() has made storage for it. */
static __always_inline int marked_refusal(const struct shortcut_socket *mark)
{
	switch (mark->role) {
	case SHORTCUT_ROLE_SPLICED:
		return SHORTCUT_REFUSAL_SPLICER;
	case SHORTCUT_ROLE_CONNECTOR:
		return SHORTCUT_REFUSAL_LEARNING;
	}
	return SHORTCUT_REFUSAL_BLOCKING_CLIENT;
}

/* May this client be in a sockhash at all? Membership alone changes how a blocking recv() ends. */
static __always_inline int client_refusal(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					  struct tcp_sock *tp, const struct shortcut_end *self,
					  const struct shortcut_end *peer)
{
	bool vouched = self->flags & SHORTCUT_ALLOW_BLOCKING;
	struct shortcut_socket *mark;

	if (!vouched && file_mode(&tp->inet_conn.icsk_inet.sk) != FILE_MODE_NONBLOCKING)
		return SHORTCUT_REFUSAL_BLOCKING_CLIENT;
	mark = vouched ? 0 : bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (mark)
		return marked_refusal(mark);
	return refusal(ops, tp, self, peer);
}

static __always_inline bool client_insert(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					  struct tcp_sock *tp, struct shortcut_end *self,
					  const struct shortcut_handshake *request)
{
	struct shortcut_socket *state;

	self->socket_cookie = bpf_get_socket_cookie(ops);
	self->tcp_sock = (__u64)tp;
	state = insert(ops, sk, self);
	if (!state)
		return false;
	state->client_cookie = self->socket_cookie;
	state->habit = request->habit;
	if (!publish_client(state, &request->head)) {
		/* Nobody can have redirected to it: no server can know of it. */
		withdraw(sk, self->socket_cookie);
		count_refusal(SHORTCUT_REFUSAL_AMBIGUOUS);
		return false;
	}
	watch(ops, state);
	await_room(ops, state);
	return true;
}

/* True if the client was inserted and has claimed its numbers. */
static __always_inline bool client_claim(struct bpf_sock_ops *ops,
					 const struct shortcut_handshake *request)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_end self = {};
	struct tcp_sock *tp;
	int reason;

	if (!sk || !allowed_end(ops, &self))
		return false;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return false;
	reason = client_refusal(ops, sk, tp, &self, &request->end);
	if (reason < 0)
		return client_insert(ops, sk, tp, &self, request);
	count_refusal(reason);
	return false;
}

static __always_inline void client_established(struct bpf_sock_ops *ops)
{
	struct shortcut_handshake_key key = {
		.client_next = ops->snd_nxt,
		.server_next = ops->rcv_nxt,
	};
	struct shortcut_handshake *request = bpf_map_lookup_elem(&requests, &key);
	struct shortcut_handshake half;
	bool is_whole;

	if (!request || draining())
		return;
	is_whole = handshake_copy(request, &key, &half);
	/* A server that is only watched pairs with nobody. */
	if (is_whole && half.side == SHORTCUT_HANDSHAKE_LEARNING)
		return;
	if (!is_whole || half.side != SHORTCUT_HANDSHAKE_REQUEST || !client_claim(ops, &half))
		spoil(&key);
}

/*
 * No server has paired with this client. The entry made here and the server's exclude each other:
 * once it is in, nobody redirects to this socket, and it can leave the sockhash without loss. Where
 * the table is full, that data was acknowledged says the same: a server was established before.
 */
static __always_inline void client_abandon(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					   struct shortcut_socket *state, bool is_acknowledged)
{
	struct shortcut_pair pair = { .abandoned = 1 };
	__u64 cookie = state->self.socket_cookie;
	long error = bpf_map_update_elem(&pairs, &cookie, &pair, BPF_NOEXIST);

	if (error == -EEXIST || (error && !is_acknowledged))
		return;
	spoil(&state->handshake);
	room_is_settled(ops, state);
	unwatch(ops, state);
	withdraw(sk, cookie);
	count_refusal(SHORTCUT_REFUSAL_UNPAIRED);
}
