/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Out of the sockhash before the close: the socket's calls are plain TCP's again. */

/* A redirect that another thread has begun was over long ago. */
#define SETTLED_JIFFIES 1000

/* The peer has read bytes of the stack that followed all that was redirected to it. */
static __always_inline bool peer_is_drained(const struct shortcut_socket *state)
{
	struct tcp_sock *tp = (struct tcp_sock *)state->peer.tcp_sock;
	__s32 read = BPF_CORE_READ(tp, copied_seq) - state->leave_sequence;

	return state->path == SHORTCUT_PATH_STACK && is_alive(&state->peer) && read > 0 &&
	       bpf_jiffies64() - state->last_shortcut > SETTLED_JIFFIES;
}

/* The server's listener, or this client of it, is not what it seemed. */
static __always_inline void found_blocking(const struct shortcut_socket *state, __u64 cookie)
{
	if (cookie == state->client_cookie)
		habit_miss(state->habit);
	else
		listener_learn(state->listener, FILE_MODE_BLOCKING);
}

/*
 * Only this end's sender redirects to the peer, under the lock held here. So the peer may go if
 * nothing ever was, or all of it was read; the gate stays shut behind it.
 */
static __always_inline void evict_peer(struct shortcut_socket *state)
{
	__u64 cookie = state->peer.socket_cookie;

	if (state->gate == SHORTCUT_GATE_OPEN ? !peer_is_drained(state) :
						!gate_move(state, cookie, SHORTCUT_GATE_BARRED))
		return;
	if (state->gate == SHORTCUT_GATE_OPEN)
		gate_shut(state, cookie);
	state->gate = SHORTCUT_GATE_BARRED;
	if (state->evict_peer == SHORTCUT_EVICTION_BLOCKING + 1)
		found_blocking(state, cookie);
	if (!bpf_map_delete_elem(&sockhash, &cookie))
		count_eviction(state->evict_peer - 1);
	state->evict_peer = 0;
}

/* Takes this end out, unless something was redirected to it. */
static __always_inline void evict_self(struct bpf_sock_ops *ops, struct tcp_sock *tp,
				       struct shortcut_socket *state)
{
	__u64 cookie = state->self.socket_cookie;

	if (!gate_move(state, cookie, SHORTCUT_GATE_BARRED)) {
		state->stays = 1;
		return;
	}
	if (!bpf_map_delete_elem(&sockhash, &cookie))
		count_eviction(state->evict_self - 1);
	state->role = SHORTCUT_ROLE_EVICTED;
	state->path = SHORTCUT_PATH_STACK;
	if (!state->evict_peer)
		state->evict_peer = state->evict_self;
	release_valve(ops, tp, state);
}

/* What speaks against membership now: enum shortcut_eviction + 1, or 0. */
static __always_inline __u32 eviction(struct shortcut_socket *state, struct tcp_sock *tp)
{
	if (!(state->self.flags & SHORTCUT_ALLOW_BLOCKING) &&
	    file_mode(&tp->inet_conn.icsk_inet.sk) == FILE_MODE_BLOCKING) {
		found_blocking(state, state->self.socket_cookie);
		return SHORTCUT_EVICTION_BLOCKING + 1;
	}
	if (is_zerocopy_sender(tp))
		return SHORTCUT_EVICTION_OPTION + 1;
	return state->evict_self;
}

/* Called under the socket's lock, when data was acknowledged. */
static __always_inline void tend_membership(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					    struct shortcut_socket *state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (tp && state->role == SHORTCUT_ROLE_MEMBER) {
		state->evict_self = eviction(state, tp);
		if (state->evict_self && !state->stays)
			evict_self(ops, tp, state);
	}
	if (state->evict_peer)
		evict_peer(state);
	if (state->role == SHORTCUT_ROLE_EVICTED && !state->evict_peer)
		unwatch(ops, state);
}

/*
 * shutdown(SHUT_WR): what a reader in the sockhash is told when its own FIN is acknowledged is not
 * what TCP tells. If the other direction has not begun, it never does.
 */
static __always_inline void half_closed(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					struct shortcut_socket *state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (!tp || state->role != SHORTCUT_ROLE_MEMBER ||
	    BPF_CORE_READ(tp, inet_conn.icsk_inet.sk.sk_shutdown) != SEND_SHUTDOWN)
		return;
	if (!state->peer.socket_cookie && !adopt_pair(state)) {
		client_abandon(ops, sk, state, false);
		return;
	}
	state->evict_self = SHORTCUT_EVICTION_HALF_CLOSED + 1;
	evict_self(ops, tp, state);
	if (state->role == SHORTCUT_ROLE_EVICTED)
		evict_peer(state);
}
