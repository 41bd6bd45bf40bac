/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that want a timeout connect without blocking and block afterwards; no hook sees when. So
 * the first connection of each program in a pod, wherever it goes, stays plain and shows it.
 */
#ifndef SHORTCUT_PROGRAM_H
#define SHORTCUT_PROGRAM_H

/* Who has blocked once may do both: nobody is hurt by waiting long. */
#define PROGRAM_RELEARN (600ULL * 1000 * 1000 * 1000)

/* The program that runs now. */
static __always_inline void program_name(struct shortcut_program *program, __u64 netns_cookie)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	program->netns_cookie = netns_cookie;
	bpf_core_read_str(program->command, sizeof(program->command), &task->comm);
}

static __always_inline void program_learn(const struct shortcut_program *program,
					  enum file_mode mode)
{
	struct shortcut_listener seen = seen_now(mode);

	bpf_map_update_elem(&programs, program, &seen, BPF_ANY);
}

/* The role of a socket that the program connects. */
static __always_inline enum shortcut_role program_role(const struct shortcut_program *program)
{
	struct shortcut_listener *known = bpf_map_lookup_elem(&programs, program);

	if (!known)
		return SHORTCUT_ROLE_CONNECTOR;
	if (known->accepted == SHORTCUT_ACCEPTED_NONBLOCKING)
		return SHORTCUT_ROLE_MEMBER;
	if (known->accepted == SHORTCUT_ACCEPTED_SPLICED)
		return SHORTCUT_ROLE_LATE;
	return bpf_ktime_get_ns() - known->seen > PROGRAM_RELEARN ? SHORTCUT_ROLE_CONNECTOR :
								    SHORTCUT_ROLE_LATE;
}

#endif /* SHORTCUT_PROGRAM_H */
