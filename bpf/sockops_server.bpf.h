/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server's callback, and the one both ends share. */

/* The live socket behind the pointer must confirm what the table says of it. */
static __always_inline bool client_confirms(const struct shortcut_end *client, __u32 server_next)
{
	struct tcp_sock *tp = (struct tcp_sock *)client->tcp_sock;

	return is_alive(client) && BPF_CORE_READ(tp, rcv_nxt) == server_next;
}

/* Takes the one client with these numbers; false if there is none or more than one. */
static __always_inline bool take_client(const struct shortcut_handshake_key *key,
					struct shortcut_handshake *half)
{
	struct shortcut_handshake *found = bpf_map_lookup_elem(&clients, key);

	if (!found)
		return false;
	__builtin_memcpy(half, found, sizeof(*half));
	if (!is_handshake(half, key, SHORTCUT_HANDSHAKE_CLIENT))
		return false;
	bpf_map_delete_elem(&clients, key);
	return true;
}

/* Leaves word for the client; false if the table is full or the client has given up. */
static __always_inline bool publish_server(const struct shortcut_socket *state)
{
	struct shortcut_pair pair = { .server = state->self };

	return !bpf_map_update_elem(&pairs, &state->peer.socket_cookie, &pair, BPF_NOEXIST);
}

static __always_inline void server_pair(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					struct tcp_sock *tp, struct shortcut_end *self,
					const struct shortcut_end *client)
{
	struct shortcut_counters *count = counters_get();
	struct shortcut_socket *state;

	self->socket_cookie = bpf_get_socket_cookie(ops);
	self->tcp_sock = (__u64)tp;
	state = insert(ops, sk, self);
	if (!state)
		return;
	state->peer = *client;
	if (!publish_server(state)) {
		/* Nobody can have redirected to it: the client has no word of it. */
		withdraw(sk, self->socket_cookie);
		count_refusal(SHORTCUT_REFUSAL_FULL);
		return;
	}
	open_receive_buffer(ops, tp);
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTT_CB_FLAG |
					       BPF_SOCK_OPS_STATE_CB_FLAG);
	if (count)
		count->pairs++;
}

static __always_inline void server_established(struct bpf_sock_ops *ops)
{
	struct shortcut_handshake_key key = {
		.client_next = ops->rcv_nxt,
		.server_next = ops->snd_nxt,
	};
	struct shortcut_handshake half;
	struct shortcut_end self = {};
	struct bpf_sock *sk = ops->sk;
	struct tcp_sock *tp;
	int reason;

	if (!sk || !allowed_end(ops, &self) || draining())
		return;
	bpf_map_delete_elem(&requests, &key);
	if (!take_client(&key, &half))
		return;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return;
	reason = refusal(ops, tp, &self, &half.end);
	if (reason < 0 && !client_confirms(&half.end, key.server_next))
		reason = SHORTCUT_REFUSAL_MISMATCH;
	if (reason >= 0)
		count_refusal(reason);
	else
		server_pair(ops, sk, tp, &self, &half.end);
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
	if (!state->peer.socket_cookie && !adopt_pair(state))
		client_abandon(ops, sk, state);
	else
		tend_valve(ops, sk, state);
}

/*
 * What this end left in the tables goes with it. Word for a client is the client's to take, unless
 * that one was gone before the word came.
 */
static __always_inline void closed(struct bpf_sock_ops *ops)
{
	__u64 cookie = bpf_get_socket_cookie(ops);
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state;

	bpf_map_delete_elem(&pairs, &cookie);
	state = sk ? bpf_sk_storage_get(&sockets, sk, 0, 0) : 0;
	if (!state)
		return;
	if (!state->peer.socket_cookie)
		spoil(&state->handshake);
	else if (!is_alive(&state->peer))
		bpf_map_delete_elem(&pairs, &state->peer.socket_cookie);
}
