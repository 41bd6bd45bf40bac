/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server's callback. */

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

	if (!found || !handshake_copy(found, key, half) ||
	    half->side != SHORTCUT_HANDSHAKE_CLIENT)
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

/* What the listener of this connection, and no other, published. */
static __always_inline bool find_request(const struct shortcut_handshake_key *key,
					 struct shortcut_handshake *half)
{
	struct shortcut_handshake *found = bpf_map_lookup_elem(&requests, key);

	return found && handshake_copy(found, key, half) &&
	       half->side != SHORTCUT_HANDSHAKE_AMBIGUOUS;
}

/* Plain, but watched until it shows what its listener's accept() gives. */
static __always_inline void server_watch(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					 const struct shortcut_handshake *request)
{
	struct shortcut_socket *state;

	state = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!state)
		return;
	state->role = SHORTCUT_ROLE_LEARNER;
	state->listener = request->listener;
	watch(ops, state);
}

static __always_inline void server_pair(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					struct tcp_sock *tp, struct shortcut_end *self,
					const struct shortcut_handshake *client,
					const struct shortcut_handshake *request)
{
	struct shortcut_counters *count = counters_get();
	struct shortcut_socket *state;

	self->socket_cookie = bpf_get_socket_cookie(ops);
	self->tcp_sock = (__u64)tp;
	state = insert(ops, sk, self);
	if (!state)
		return;
	state->peer = client->end;
	state->client_cookie = client->end.socket_cookie;
	state->listener = request->listener;
	state->habit = request->habit;
	if (!publish_server(state)) {
		/* Nobody can have redirected to it: the client has no word of it. */
		withdraw(sk, self->socket_cookie);
		count_refusal(SHORTCUT_REFUSAL_FULL);
		return;
	}
	watch(ops, state);
	await_room(ops, state);
	if (count)
		count->pairs++;
}

static __always_inline void server_match(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					 const struct shortcut_handshake_key *key,
					 const struct shortcut_handshake *request)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct shortcut_handshake client;
	struct shortcut_end self = {};
	int reason;

	if (!tp || !allowed_end(ops, &self) || !take_client(key, &client))
		return;
	reason = refusal(ops, tp, &self, &client.end);
	if (reason < 0 && !client_confirms(&client.end, key->server_next))
		reason = SHORTCUT_REFUSAL_MISMATCH;
	if (reason >= 0)
		count_refusal(reason);
	else
		server_pair(ops, sk, tp, &self, &client, request);
}

static __always_inline void server_established(struct bpf_sock_ops *ops)
{
	struct shortcut_handshake_key key = {
		.client_next = ops->rcv_nxt,
		.server_next = ops->snd_nxt,
	};
	struct shortcut_handshake request;
	struct bpf_sock *sk = ops->sk;

	if (!sk || !find_request(&key, &request) || draining())
		return;
	if (request.side == SHORTCUT_HANDSHAKE_LEARNING)
		server_watch(ops, sk, &request);
	else
		server_match(ops, sk, &key, &request);
	/* Not before: it keeps other listeners from publishing the numbers of a client not yet taken. */
	bpf_map_delete_elem(&requests, &key);
}
