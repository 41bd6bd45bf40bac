// SPDX-License-Identifier: Apache-2.0
/* Urgent data. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static volatile sig_atomic_t urgent_signals;

static void count_urgent(int signal)
{
	(void)signal;
	urgent_signals++;
}

static void at_mark(const struct end *end)
{
	int mark = -1;
	int result = ioctl(end->fd, SIOCATMARK, &mark);

	trace_result(end, "SIOCATMARK", result ? -1 : mark, errno);
}

static void say(struct end *end, const char *text, int flags)
{
	trace_result(end, text, send(end->fd, text, strlen(text), flags), errno);
	settle(end);
}

static void hear(const struct end *end, int flags)
{
	char text[32] = "";
	ssize_t result = recv(end->fd, text, sizeof(text) - 1, flags);

	trace("%s recv(%s): %s", end->name, flags ? "MSG_OOB" : "",
	      result < 0 ? error_name(errno) : text);
}

static void urgent(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	signal(SIGURG, count_urgent);
	fcntl(server->fd, F_SETOWN, getpid());
	if (test->number)
		STEP_SET(server, SOL_SOCKET, SO_OOBINLINE, 1);
	say(client, "before", 0);
	path_mark();
	say(client, "!", MSG_OOB);
	say(client, "behind", 0);
	sleep_ms(5);
	trace("SIGURG: %s", urgent_signals ? "seen" : "none");
	step_poll(server);
	hear(server, MSG_OOB);
	hear(server, 0);
	at_mark(server);
	hear(server, 0);
	at_mark(server);
	hear(server, 0);
}

#define URGENT "`MSG_OOB`, SIGURG, `SIOCATMARK`"

static const struct test urgent_tests[] = {
	{ "urgent/apart", URGENT, EXPECT_SHORTENED, {}, urgent, 0, 0 },
	{ "urgent/inline", URGENT, EXPECT_SHORTENED, {}, urgent, 0, 1 },
};

TABLE(urgent);
