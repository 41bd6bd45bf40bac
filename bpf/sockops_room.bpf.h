/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Redirected bytes count against the receive buffer, so it must hold the bound and stack packets. It
 * stays what it is until a sender meets its end: a connection that never does is the kernel's to
 * tune, and a program that chooses a buffer has done it by then. An end that only receives has no
 * callback but for the headers it writes, those of its acknowledgements.
 */

#define READ_BEFORE_WINDOW 65536

static __always_inline void room_is_settled(struct bpf_sock_ops *ops)
{
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags &
					       ~BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
}

static __always_inline bool has_own_buffer(const struct shortcut_control *configuration,
					   struct tcp_sock *tp)
{
	__u32 buffer = BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.sk_rcvbuf);

	return buffer == configuration->valve_receive_buffer * 2;
}

/*
 * The buffer at once, but the window to the stack only when the program reads: what a smaller buffer
 * of its choice cannot hold would be dropped. Where the window may not grow, each stack message is
 * acknowledged at once, and its sender does not wait for the reader.
 */
static __always_inline bool make_room(struct bpf_sock_ops *ops, struct tcp_sock *tp,
				      const struct shortcut_control *configuration)
{
	__u32 unread = ops->rcv_nxt - BPF_CORE_READ(tp, copied_seq);
	__u32 size = configuration->valve_receive_buffer;

	if (!buffer_is_chosen(tp, SOCK_RCVBUF_LOCK))
		set_option(ops, SOL_SOCKET, SO_RCVBUF, size);
	if (!has_own_buffer(configuration, tp))
		return true;
	if (unread + READ_BEFORE_WINDOW > ops->bytes_received)
		return false;
	set_option(ops, IPPROTO_TCP, TCP_WINDOW_CLAMP, size);
	return true;
}

static __always_inline bool room_is_wanted(const struct shortcut_socket *state,
					   const struct shortcut_pair *pair)
{
	return pair->room_wanted &
	       (is_client(state) ? SHORTCUT_ROOM_AT_CLIENT : SHORTCUT_ROOM_AT_SERVER);
}

static __always_inline bool room_settles(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					 struct shortcut_socket *state)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);
	struct shortcut_control *configuration = control_get();
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (!configuration || !tp || state->role != SHORTCUT_ROLE_MEMBER)
		return true;
	/* Before the server has made the pair, its first acknowledgement meets none. */
	if (!pair)
		return false;
	if (gate_to_self(state, pair) == SHORTCUT_GATE_BARRED)
		return true;
	if (!room_is_wanted(state, pair))
		return false;
	return make_room(ops, tp, configuration);
}

/* A packet of this end is about to be sent, under its lock. */
static __always_inline void tend_room(struct bpf_sock_ops *ops)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state = sk ? bpf_sk_storage_get(&sockets, sk, 0, 0) : 0;

	if (!state || room_settles(ops, sk, state))
		room_is_settled(ops);
	else if (state->valve == SHORTCUT_VALVE_WANTED)
		tend_valve(ops, sk, state);
}
