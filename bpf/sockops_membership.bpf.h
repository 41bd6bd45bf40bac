/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Into the sockhash and out of it. */

/* Puts the socket into the sockhash; its storage is made first, as sk_msg may run at once. */
static __always_inline struct shortcut_socket *insert(struct bpf_sock_ops *ops,
						      struct bpf_sock *sk,
						      struct shortcut_end *self)
{
	struct shortcut_socket *state;
	long error;

	state = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!state) {
		count_refusal(SHORTCUT_REFUSAL_FULL);
		return 0;
	}
	state->self = *self;
	state->role = SHORTCUT_ROLE_MEMBER;
	state->slow = stack_is_slow(ops);
	state->created = bpf_ktime_get_ns();
	state->last_stack = bpf_jiffies64();
	state->heard = ops->rcv_nxt;
	/* No epoch: the first message checks both ends. */
	state->epoch = ~0ULL;
	error = bpf_sock_hash_update(ops, &sockhash, &self->socket_cookie, BPF_NOEXIST);
	if (!error)
		return state;
	bpf_sk_storage_delete(&sockets, sk);
	count_refusal(error == -EBUSY ? SHORTCUT_REFUSAL_OWNED : SHORTCUT_REFUSAL_FULL);
	return 0;
}

static __always_inline void end_callbacks(struct bpf_sock_ops *ops, __u32 flags)
{
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags & ~flags);
}

/* Another program may have asked for callbacks before: then they are its own to end. */
static __always_inline void watch(struct bpf_sock_ops *ops, struct shortcut_socket *state)
{
	__u32 flags = ops->bpf_sock_ops_cb_flags;

	/* A client's were perhaps asked for when it began to connect. */
	state->watches |= !(flags & BPF_SOCK_OPS_RTT_CB_FLAG);
	bpf_sock_ops_cb_flags_set(ops, flags | BPF_SOCK_OPS_RTT_CB_FLAG |
					       BPF_SOCK_OPS_STATE_CB_FLAG);
}

static __always_inline void await_room(struct bpf_sock_ops *ops, struct shortcut_socket *state)
{
	__u32 flags = ops->bpf_sock_ops_cb_flags;

	state->awaits_room = !(flags & BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
	bpf_sock_ops_cb_flags_set(ops, flags | BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
}

static __always_inline void room_is_settled(struct bpf_sock_ops *ops,
					    struct shortcut_socket *state)
{
	if (!state->awaits_room)
		return;
	state->awaits_room = 0;
	end_callbacks(ops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
}

static __always_inline void unwatch(struct bpf_sock_ops *ops, struct shortcut_socket *state)
{
	if (!state->watches)
		return;
	state->watches = 0;
	end_callbacks(ops, BPF_SOCK_OPS_RTT_CB_FLAG);
}

/* Takes the socket out again: for callers that know that nobody redirects to it. */
static __always_inline void withdraw(struct bpf_sock *sk, __u64 cookie)
{
	bpf_map_delete_elem(&sockhash, &cookie);
	bpf_sk_storage_delete(&sockets, sk);
}

/*
 * kTLS took this socket over. Kernels may refuse it keys while it is in a sockhash (EINVAL; programs
 * go on without), or take encrypted bytes that wait there for plain ones. So what this program
 * listens on or connects next stays plain.
 */
static __always_inline void learn_upper_layer(struct shortcut_socket *state, struct tcp_sock *tp)
{
	struct shortcut_listener plain = { .accepted = SHORTCUT_ACCEPTED_SPLICED };

	if (!tp || !BPF_CORE_READ(tp, inet_conn.icsk_ulp_ops))
		return;
	if (is_client(state))
		bpf_map_update_elem(&programs, &state->program, &plain, BPF_ANY);
	else
		bpf_map_update_elem(&listeners, &state->listener, &plain, BPF_ANY);
}
