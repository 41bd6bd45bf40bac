// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 2000

struct task {
	struct call call;
	pthread_t thread;
	_Atomic pid_t thread_id;
	_Atomic bool done;
};

static void *run(void *argument)
{
	struct task *task = argument;

	task->thread_id = gettid();
	call_run(&task->call);
	task->done = true;
	return NULL;
}

struct task *task_begin(struct call call)
{
	struct task *task = calloc(1, sizeof(*task));

	if (!task)
		broken("calloc");
	task->call = call;
	errno = pthread_create(&task->thread, NULL, run, task);
	if (errno)
		broken("pthread_create");
	return task;
}

/* The letter behind the last parenthesis of /proc/.../stat. */
static char thread_state(pid_t thread)
{
	char path[64], text[512] = "";
	const char *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread);
	file = fopen(path, "re");
	if (!file)
		return 0;
	(void)!fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	name_end = strrchr(text, ')');
	return name_end ? name_end[2] : 0;
}

static bool is_asleep_or_done(void *context)
{
	struct task *task = context;

	if (task->done)
		return true;
	if (!task->thread_id || thread_state(task->thread_id) != 'S')
		return false;
	/* Not for a lock on its way into the call. */
	sleep_ms(2);
	return thread_state(task->thread_id) == 'S';
}

void task_asleep(struct task *task)
{
	wait_until(is_asleep_or_done, task, PATIENCE);
	trace("%s %s: %s", task->call.end->name, task->call.text,
	      task->done ? "does not block" : "blocks");
}

void task_signal(struct task *task, int signal)
{
	pthread_kill(task->thread, signal);
	sleep_ms(5);
}

static bool is_done(void *context)
{
	return ((struct task *)context)->done;
}

bool task_done(struct task *task)
{
	return wait_until(is_done, task, 20);
}

void task_end(struct task *task)
{
	if (!wait_until(is_done, task, PATIENCE)) {
		trace("%s %s: never returns", task->call.end->name, task->call.text);
		return;
	}
	pthread_join(task->thread, NULL);
	call_record(&task->call);
	free(task);
}
