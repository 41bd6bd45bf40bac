// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <unistd.h>

static void close_now(struct end *end)
{
	int result = close(end->fd);

	trace_result(end, "close()", result, errno);
	end->fd = -1;
	settle_gone(end->peer);
}

void step_close(struct end *end)
{
	close_now(end);
}

void step_reset(struct end *end)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(end->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		broken("SO_LINGER");
	trace("%s resets", end->name);
	close_now(end);
	if (end->peer->fd >= 0)
		settle_state(end->peer, BPF_TCP_CLOSE);
}

void step_shutdown(struct end *end, int how)
{
	static const char *const texts[] = { "shutdown(RD)", "shutdown(WR)", "shutdown(RDWR)" };
	int result = shutdown(end->fd, how);

	trace_result(end, texts[how], result, errno);
	if (!result && how != SHUT_RD)
		settle_gone(end->peer);
}

void step_socket_error(struct end *end)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(end->fd, SOL_SOCKET, SO_ERROR, &error, &size))
		error = errno;
	trace("%s SO_ERROR: %s", end->name, error_name(error));
}

void step_option(struct end *end, const char *text, int level, int name, int value)
{
	int result = setsockopt(end->fd, level, name, &value, sizeof(value));

	trace_result(end, text, result, errno);
}

void step_get_option(struct end *end, const char *text, int level, int name)
{
	int value = 0;
	socklen_t size = sizeof(value);
	int result = getsockopt(end->fd, level, name, &value, &size);

	trace_result(end, text, result ? -1 : value, errno);
}

bool is_blocking(const struct end *end)
{
	return !(fcntl(end->fd, F_GETFL) & O_NONBLOCK);
}

void set_blocking(struct end *end, bool blocking)
{
	int flags = fcntl(end->fd, F_GETFL);

	flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
	if (fcntl(end->fd, F_SETFL, flags))
		broken("F_SETFL");
	trace("%s is now %s", end->name, blocking ? "blocking" : "non-blocking");
}
