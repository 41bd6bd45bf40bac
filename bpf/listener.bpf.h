/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a listener's accept() will give is not known while the connection is made, and later a
 * socket cannot enter a sockhash. Membership alone changes how a blocking recv() ends, so the first
 * connections of each listener stay plain and show it.
 */
#ifndef SHORTCUT_LISTENER_H
#define SHORTCUT_LISTENER_H

#define SIG_IGN 1
#define SIGFPE 8
#define SIGSEGV 11
#define SIGURG 23

/* Blocking listeners may change their mind (a program that restarts has another listener). */
#define LISTENER_RELEARN (10ULL * 1000 * 1000 * 1000)

/* A macro: CO-RE knows the place of an element only by a constant index. */
#define signal_handler(task, signal) BPF_CORE_READ(task, sighand, action[(signal)-1].sa.sa_handler)

/*
 * io.Copy between two connections is splice(2) in Go. Its runtime has one handler for all signals,
 * also for SIGURG and SIGSEGV, for which no other program has the same.
 */
static __always_inline bool is_go_program(struct task_struct *task)
{
	void *handler = signal_handler(task, SIGURG);

	return (unsigned long)handler > SIG_IGN && handler == signal_handler(task, SIGSEGV) &&
	       handler == signal_handler(task, SIGFPE);
}

/* The program that runs now is one of those whose reading the shortcut would break. */
static __always_inline bool is_splicer(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct shortcut_control *configuration = control_get();
	__u64 name[SHORTCUT_COMMAND_SIZE / 8] = {};
	int i;

	if (is_go_program(task))
		return true;
	if (!configuration || bpf_core_read_str(name, sizeof(name), &task->comm) <= 1)
		return false;
	for (i = 0; i < SHORTCUT_SPLICERS_MAX; i++) {
		const __u64 *other = (const __u64 *)configuration->splicers[i];

		if (other[0] == name[0] && other[1] == name[1])
			return true;
	}
	return false;
}

/* listen(2): in the context of the program that calls it. */
static __always_inline void listening(struct bpf_sock_ops *ops)
{
	struct shortcut_listener splices = { .accepted = SHORTCUT_ACCEPTED_SPLICED };
	struct bpf_sock *sk = ops->sk;
	struct tcp_sock *tp = sk ? bpf_skc_to_tcp_sock(sk) : 0;
	__u64 inode = tp ? socket_inode(&tp->inet_conn.icsk_inet.sk) : 0;

	if (!inode)
		return;
	if (is_splicer())
		bpf_map_update_elem(&listeners, &inode, &splices, BPF_ANY);
	else
		bpf_map_delete_elem(&listeners, &inode);
}

/* What a listener's or a program's sockets turned out to be. */
static __always_inline struct shortcut_listener seen_now(enum file_mode mode)
{
	return (struct shortcut_listener){
		.accepted = mode == FILE_MODE_NONBLOCKING ? SHORTCUT_ACCEPTED_NONBLOCKING :
							    SHORTCUT_ACCEPTED_BLOCKING,
		.seen = bpf_ktime_get_ns(),
	};
}

static __always_inline void listener_learn(__u64 inode, enum file_mode mode)
{
	struct shortcut_listener *known = bpf_map_lookup_elem(&listeners, &inode);
	struct shortcut_listener seen = seen_now(mode);

	if (inode && (!known || known->accepted != SHORTCUT_ACCEPTED_SPLICED))
		bpf_map_update_elem(&listeners, &inode, &seen, BPF_ANY);
}

/* What to do with a connection to a listener: a refusal, or -1 to pair it. */
static __always_inline int listener_refusal(__u64 inode, const struct shortcut_end *self)
{
	struct shortcut_listener *known = bpf_map_lookup_elem(&listeners, &inode);

	if (self->flags & SHORTCUT_ALLOW_BLOCKING)
		return -1;
	if (known && known->accepted == SHORTCUT_ACCEPTED_SPLICED)
		return SHORTCUT_REFUSAL_SPLICER;
	/* SYN cookies have no listener there. */
	if (!inode)
		return SHORTCUT_REFUSAL_BLOCKING_SERVER;
	if (!known)
		return SHORTCUT_REFUSAL_LEARNING;
	if (known->accepted == SHORTCUT_ACCEPTED_NONBLOCKING)
		return -1;
	return bpf_ktime_get_ns() - known->seen > LISTENER_RELEARN ?
		       SHORTCUT_REFUSAL_LEARNING :
		       SHORTCUT_REFUSAL_BLOCKING_SERVER;
}

#endif /* SHORTCUT_LISTENER_H */
