/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Redirected bytes count against the receive buffer, so it must hold the bound and stack packets. It
 * stays what it is until a sender meets its end: a connection that never does is the kernel's to
 * tune, and a program that chooses a buffer has done it by then. An end that only receives has no
 * callback but for the headers it writes, those of its acknowledgements.
 */

#define READ_BEFORE_WINDOW 65536

/*
 * The buffer at once (unless the kernel has made it larger still), but the window to the stack only
 * when the program reads: what a smaller buffer of its choice cannot hold would be dropped. Where
 * the window may not grow, each stack message is acknowledged at once, and its sender does not wait
 * for the reader.
 */
static __always_inline bool make_room(struct bpf_sock_ops *ops, struct tcp_sock *tp,
				      const struct shortcut_control *configuration)
{
	__u32 unread = ops->rcv_nxt - BPF_CORE_READ(tp, copied_seq);
	__u32 size = configuration->valve_receive_buffer;
	__u32 wanted = own_receive_buffer(configuration);

	if (!buffer_is_chosen(tp, SOCK_RCVBUF_LOCK) && receive_buffer(tp) < wanted)
		set_option(ops, SOL_SOCKET, SO_RCVBUF, size);
	if (receive_buffer(tp) != wanted)
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

static __always_inline bool room_settles(struct bpf_sock_ops *ops, struct tcp_sock *tp,
					 struct shortcut_socket *state)
{
	struct shortcut_pair *pair = bpf_map_lookup_elem(&pairs, &state->client_cookie);
	struct shortcut_control *configuration = control_get();

	if (!configuration || state->role != SHORTCUT_ROLE_MEMBER || taken_out(ops, tp, state, pair))
		return true;
	/* Before the server has made the pair, its first acknowledgement meets none. */
	if (!pair || !room_is_wanted(state, pair))
		return false;
	return make_room(ops, tp, configuration);
}

/* A packet of this end is about to be sent, under its lock. */
static __always_inline void tend_room(struct bpf_sock_ops *ops)
{
	struct bpf_sock *sk = ops->sk;
	struct shortcut_socket *state = sk ? bpf_sk_storage_get(&sockets, sk, 0, 0) : 0;
	struct tcp_sock *tp = sk ? bpf_skc_to_tcp_sock(sk) : 0;

	if (!state || !tp)
		return;
	if (state->role == SHORTCUT_ROLE_MEMBER && state->valve == SHORTCUT_VALVE_WANTED)
		tend_valve(ops, sk, state);
	if (room_settles(ops, tp, state))
		room_is_settled(ops, state);
}
