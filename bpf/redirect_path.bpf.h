/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The direction's state and the counters, for each of the two ways a message can go. */

static __always_inline void take_shortcut(struct shortcut_socket *state, __u32 size)
{
	struct shortcut_counters *count = counters_get();

	state->queued_bytes += size;
	state->queued_messages++;
	state->shortcut_messages++;
	state->shortcut_bytes += size;
	state->last_shortcut = bpf_jiffies64();
	state->unproven_bytes = 0;
	habit_live(state);
	if (!count)
		return;
	count->shortcut_messages++;
	count->shortcut_bytes += size;
	if (state->path == SHORTCUT_PATH_STACK)
		count->joins++;
	state->path = SHORTCUT_PATH_SHORTCUT;
}

/* Who runs ahead of its reader shall wait for it; a first message may just be large. */
static __always_inline bool wants_valve(const struct shortcut_socket *state, __u32 reason)
{
	return (reason == SHORTCUT_LEAVE_QUEUE && state->queued_messages) ||
	       (reason == SHORTCUT_LEAVE_REFRESH && state->queued_messages > 1);
}

static __always_inline void leave(struct shortcut_socket *state, struct tcp_sock *own,
				  struct shortcut_counters *count, __u32 reason)
{
	state->path = SHORTCUT_PATH_STACK;
	state->last_leave = reason;
	state->leave_sequence = own->write_seq;
	if (reason < SHORTCUT_LEAVES)
		count->leaves[reason]++;
}

/* True once, when the bytes that wait for proof have become many. */
static __always_inline bool runs_ahead(struct shortcut_socket *state, __u32 size, __u32 reason)
{
	if (reason != SHORTCUT_LEAVE_UNPROVEN || state->unproven_bytes > UNPROVEN_BYTES)
		return false;
	state->unproven_bytes += size;
	return state->unproven_bytes > UNPROVEN_BYTES;
}

/* Only a sender that waits for its reader to catch up needs the small buffer. */
static __always_inline bool waits_for_reader(__u32 reason)
{
	return reason == SHORTCUT_LEAVE_QUEUE || reason == SHORTCUT_LEAVE_UNPROVEN ||
	       reason == SHORTCUT_LEAVE_REFRESH;
}

static __always_inline void take_stack(struct shortcut_socket *state, struct tcp_sock *own,
				       __u32 size, __u32 reason)
{
	struct shortcut_counters *count = counters_get();

	state->stack_messages++;
	state->stack_bytes += size;
	state->last_stack = bpf_jiffies64();
	habit_live(state);
	if (runs_ahead(state, size, reason)) {
		state->valve = SHORTCUT_VALVE_WANTED;
		ask_room(state);
	}
	if (wants_valve(state, reason) && state->valve == SHORTCUT_VALVE_IDLE)
		state->valve = SHORTCUT_VALVE_WANTED;
	if (state->valve == SHORTCUT_VALVE_SET && !waits_for_reader(reason))
		state->valve = SHORTCUT_VALVE_UNWANTED;
	if (!count)
		return;
	count->stack_messages++;
	count->stack_bytes += size;
	if (state->path == SHORTCUT_PATH_SHORTCUT)
		leave(state, own, count, reason);
}
