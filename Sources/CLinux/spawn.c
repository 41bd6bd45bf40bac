// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

#define READ_END 0
#define WRITE_END 1

static void close_pipe(const int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] != -1)
			close(ends[i]);
}

/* The child's descriptor becomes the given end, or /dev/null where there is no pipe. */
static int connect_child(posix_spawn_file_actions_t *actions, int end, int descriptor)
{
	if (end != -1)
		return posix_spawn_file_actions_adddup2(actions, end, descriptor);
	return posix_spawn_file_actions_addopen(actions, descriptor, "/dev/null", O_RDWR, 0);
}

static int set_attributes(posix_spawnattr_t *attributes, short session)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setsigmask(attributes, &none);
	return posix_spawnattr_setflags(
		attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | session);
}

static int spawn(char *const arguments[], int input, int output, pid_t *process)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int code;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	code = connect_child(&actions, input, STDIN_FILENO);
	if (!code)
		code = connect_child(&actions, output, STDOUT_FILENO);
	if (!code)
		code = set_attributes(&attributes, input == -1 ? 0 : POSIX_SPAWN_SETSID);
	if (!code)
		code = posix_spawnp(process, arguments[0], &actions, &attributes, arguments,
				    environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}

int clinux_spawn(char *const arguments[], int *input, int *output, pid_t *process)
{
	int to_child[2] = { -1, -1 }, from_child[2] = { -1, -1 };
	int code = 0;

	if (input && pipe2(to_child, O_CLOEXEC))
		code = errno;
	if (!code && output && pipe2(from_child, O_CLOEXEC))
		code = errno;
	if (!code)
		code = spawn(arguments, to_child[READ_END], from_child[WRITE_END], process);
	if (code) {
		close_pipe(to_child);
		close_pipe(from_child);
		errno = code;
		return -1;
	}
	if (input) {
		close(to_child[READ_END]);
		*input = to_child[WRITE_END];
	}
	if (output) {
		close(from_child[WRITE_END]);
		*output = from_child[READ_END];
	}
	return 0;
}
