/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connections that carry a request or two cost more to pair than they gain. Where they follow one
 * another, only a sample is paired: enough to see when they begin to live longer, too few to cost.
 */
#ifndef SHORTCUT_HABIT_H
#define SHORTCUT_HABIT_H

/* Messages of one end that pay for the pairing. */
#define LONG_LIVED 4
/* Or so many bytes. */
#define LONG_LIVED_BYTES 65536
/* Short connections in a row that make a habit. */
#define SHORT_STREAK 8
/* While it lasts: pairings at once, and nanoseconds for one more. */
#define SHORT_ALLOWANCE 16
#define SHORT_INTERVAL (10ULL * 1000 * 1000)

static __always_inline __u64 habit_key(struct bpf_sock_ops *ops, __u64 listener)
{
	__u64 key = listener * 0x9e3779b97f4a7c15ULL;

	if (ops->family == AF_INET)
		return key ^ ops->remote_ip4;
	key ^= ((__u64)ops->remote_ip6[0] << 32 | ops->remote_ip6[1]) * 0xff51afd7ed558ccdULL;
	return key ^ ((__u64)ops->remote_ip6[2] << 32 | ops->remote_ip6[3]);
}

static __always_inline void raise_allowance(struct shortcut_habit *habit)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 due = (now - habit->raised) / SHORT_INTERVAL;

	if (!due)
		return;
	habit->raised = now;
	due += habit->allowance;
	habit->allowance = due < SHORT_ALLOWANCE ? due : SHORT_ALLOWANCE;
}

/* Two CPUs may both take the last one; below nothing is nothing. */
static __always_inline bool is_worth_pairing(__u64 key)
{
	struct shortcut_habit *habit = bpf_map_lookup_elem(&habits, &key);
	struct shortcut_control *configuration = control_get();

	if (!habit || habit->short_streak < SHORT_STREAK ||
	    (configuration && configuration->pair_short_lived))
		return true;
	raise_allowance(habit);
	if (!habit->allowance || habit->allowance > SHORT_ALLOWANCE)
		return false;
	habit->allowance--;
	return true;
}

/* Counts a message of this end. */
static __always_inline void habit_live(struct shortcut_socket *state)
{
	struct shortcut_habit *habit;

	if (state->lived >= LONG_LIVED || ++state->lived < LONG_LIVED)
		return;
	habit = bpf_map_lookup_elem(&habits, &state->habit);
	if (habit)
		habit->short_streak = 0;
}

/* Another connection that was not worth pairing. */
static __always_inline void habit_miss(__u64 key)
{
	struct shortcut_habit *habit = bpf_map_lookup_elem(&habits, &key);
	struct shortcut_habit first = { .short_streak = 1 };

	if (!habit && key)
		bpf_map_update_elem(&habits, &key, &first, BPF_NOEXIST);
	else if (habit && habit->short_streak < SHORT_STREAK)
		habit->short_streak++;
}

/* The server's end has closed. What left the sockhash before has not shown how long it lived. */
static __always_inline void habit_close(const struct shortcut_socket *state)
{
	if (state->role == SHORTCUT_ROLE_MEMBER && state->lived < LONG_LIVED &&
	    state->shortcut_bytes + state->stack_bytes < LONG_LIVED_BYTES)
		habit_miss(state->habit);
}

#endif /* SHORTCUT_HABIT_H */
