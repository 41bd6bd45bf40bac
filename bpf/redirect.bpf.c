// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decides for each message of a paired socket whether it takes the shortcut. It always returns
 * SK_PASS: what is not proven safe goes over the stack.
 *
 * The receiver drains redirected messages before stack bytes, so leaving the shortcut is safe at
 * any time, and joining it only once the receiver has consumed every byte that took the stack.
 */

/* 30 s to 5 minutes, by the kernel's tick. */
#define REFRESH_JIFFIES 30000

#include "opening.bpf.h"
#include "option.bpf.h"
#include "proof.bpf.h"
#include "queue.bpf.h"
#include "small.bpf.h"
#include "turn.bpf.h"

/*
 * Both ends are looked up again only when the epoch has moved since the last time; a refresh is due
 * then, too.
 */
static __always_inline bool permitted(struct shortcut_socket *state)
{
	__u32 zero = 0;
	__u64 *now = bpf_map_lookup_elem(&epoch, &zero);

	if (!now || state->epoch == *now)
		return state->permitted;
	state->epoch = *now;
	/* Who was there before the change shows over the stack that its packets still pass. */
	if (*now > state->created)
		state->last_stack = 0;
	state->permitted = is_allowed(&state->self) && is_allowed(&state->peer) &&
			   !domains_differ(&state->self, &state->peer);
	return state->permitted;
}

/*
 * Connection trackers forget what they do not see. A message over the stack is acknowledged, so
 * both directions are seen; and if a policy has come to forbid the connection, it ends here.
 */
static __always_inline bool is_due_for_refresh(const struct shortcut_socket *state)
{
	return bpf_jiffies64() - state->last_stack > REFRESH_JIFFIES;
}

static __always_inline __u32 objection(struct shortcut_socket *state, struct sk_msg_md *message,
				       struct tcp_sock *own, int access)
{
	struct shortcut_control *configuration = control_get();
	struct tcp_sock *peer;
	bool is_proven;

	if (!configuration || configuration->mode != SHORTCUT_MODE_RUNNING)
		return SHORTCUT_LEAVE_DRAINING;
	if (!permitted(state))
		return SHORTCUT_LEAVE_POLICY;
	peer = peer_get(&state->peer, access);
	if (!peer)
		return SHORTCUT_LEAVE_PEER_GONE;
	if (is_of_upper_layer(state, own, peer, access))
		return SHORTCUT_LEAVE_UPPER_LAYER;
	if (sender_has_option(own) || receiver_has_option(peer, access))
		return SHORTCUT_LEAVE_OPTION;
	if (is_small_one_way(state, own, message->size))
		return SHORTCUT_LEAVE_SMALL;
	if (state->evict_self && !state->stays)
		return SHORTCUT_LEAVE_BARRED;
	is_proven = proven(state, own, peer, access);
	if (stack_keeps_small(state, own, message, is_proven))
		return SHORTCUT_LEAVE_SMALL;
	if (!is_proven && !configuration->fault_join_unproven)
		return SHORTCUT_LEAVE_UNPROVEN;
	if (!reader_suits(state, peer, access))
		return SHORTCUT_LEAVE_BLOCKING;
	if (!finds_room(state, configuration, own, peer, message->size, access))
		return SHORTCUT_LEAVE_QUEUE;
	if (memory_is_short(configuration, peer, access))
		return SHORTCUT_LEAVE_MEMORY;
	if (begins_small_stream(state, own, message->size))
		return SHORTCUT_LEAVE_SMALL;
	if (is_due_for_refresh(state))
		return SHORTCUT_LEAVE_REFRESH;
	if (!gate_open(state))
		return SHORTCUT_LEAVE_BARRED;
	await_turn(peer, access);
	return SHORTCUT_LEAVE_NONE;
}

#include "redirect_path.bpf.h"

static __always_inline int redirect(struct sk_msg_md *message, int access)
{
	struct bpf_sock *sk = message->sk;
	struct shortcut_socket *state;
	struct tcp_sock *own;
	__u32 reason;

	state = bpf_sk_storage_get(&sockets, sk, 0, 0);
	own = bpf_skc_to_tcp_sock(sk);
	if (!state || !own || state->role != SHORTCUT_ROLE_MEMBER)
		return SK_PASS;
	judge_opening(state, own, message);
	if (!state->peer.socket_cookie && !adopt_pair(state))
		return SK_PASS;
	reason = objection(state, message, own, access);
	if (!reason && bpf_msg_redirect_hash(message, &sockhash, &state->peer.socket_cookie,
					     BPF_F_INGRESS) != SK_PASS)
		reason = SHORTCUT_LEAVE_PEER_GONE;
	if (reason)
		take_stack(state, own, message->size, reason);
	else
		take_shortcut(state, message->size);
	return SK_PASS;
}

SEC("sk_msg")
int shortcut_redirect(struct sk_msg_md *message)
{
	return redirect(message, PEER_ACCESS_CAST);
}

SEC("sk_msg")
int shortcut_probed(struct sk_msg_md *message)
{
	return redirect(message, PEER_ACCESS_PROBE);
}
