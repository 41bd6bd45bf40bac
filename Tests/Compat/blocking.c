// SPDX-License-Identifier: Apache-2.0
/* What wakes a blocking recv(), and what must not. */
#define _GNU_SOURCE
#include "blocking.h"

#include <signal.h>
#include <string.h>

/* Which end the case reads from with a blocking call. */
static struct end *reader(struct connection *connection, const struct test *test)
{
	return test->number == ORIGIN_AFTER_CONNECT ? &connection->client : &connection->server;
}

static void become_blocking(struct connection *connection, const struct test *test)
{
	set_blocking(&connection->client, true);
	set_blocking(&connection->server, true);
	path_mark();
	for (int i = 0; test->number == ORIGIN_SETTLED && i < 3; i++)
		connection_greet(connection);
}

struct end *blocking_prepare(struct connection *connection, const struct test *test)
{
	switch (test->number) {
	case ORIGIN_AFTER_CONNECT:
		connection_connect(connection);
		set_blocking(&connection->client, true);
		connection_accept(connection);
		connection_greet(connection);
		break;
	case ORIGIN_LATE:
	case ORIGIN_SETTLED:
		become_blocking(connection, test);
		return reader(connection, test);
	}
	path_mark();
	return reader(connection, test);
}

static void sleeps_then_reads(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);

	for (int i = 0; i < 3; i++) {
		struct task *task = task_begin(RECV(end, 1000, 0));

		task_asleep(task);
		step_send(end->peer, 300);
		task_end(task);
	}
}

static volatile sig_atomic_t handled;

static void count_signal(int signal)
{
	(void)signal;
	handled++;
}

static void handle(int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = count_signal;
	action.sa_flags = flags;
	sigaction(SIGUSR1, &action, NULL);
}

static void signal_restarts(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 1000, 0));

	handle(SA_RESTART);
	task_asleep(task);
	task_signal(task, SIGUSR1);
	trace("signals handled: %d, returned: %d", handled, task_done(task));
	step_send(end->peer, 300);
	task_end(task);
}

static void signal_interrupts(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 1000, 0));

	handle(0);
	task_asleep(task);
	task_signal(task, SIGUSR1);
	task_end(task);
	step_send(end->peer, 300);
	step_recv(end, 1000);
}

static void end_wakes(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 1000, 0));

	task_asleep(task);
	step_shutdown(end->peer, SHUT_WR);
	task_end(task);
	step_recv(end, 1000);
}

static void reset_wakes(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 1000, 0));

	task_asleep(task);
	step_reset(end->peer);
	task_end(task);
	step_recv(end, 1000);
}

/* shutdown() by another thread of the reader's own program. */
static void own_shutdown_wakes(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 1000, 0));

	task_asleep(task);
	trace("shutdown: %d", shutdown(end->fd, SHUT_RDWR));
	task_end(task);
}

/* Its FIN is acknowledged while the reader waits for the answer. */
static void own_half_close(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task;

	step_send(end, 300);
	step_recv(end->peer, 1000);
	task = task_begin(RECV(end, 1000, 0));
	task_asleep(task);
	trace("shutdown: %d", shutdown(end->fd, SHUT_WR));
	settle_gone(end->peer);
	step_recv(end->peer, 1000);
	trace("returned: %d", task_done(task));
	step_send(end->peer, 300);
	task_end(task);
}

/* Room in the send buffer wakes everybody who sleeps on the socket. */
static void room_wakes(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task;

	set_blocking(end, false);
	step_fill(end);
	set_blocking(end, true);
	task = task_begin(RECV(end, 1000, 0));
	task_asleep(task);
	set_blocking(end->peer, false);
	step_drain(end->peer);
	trace("returned: %d", task_done(task));
	step_send(end->peer, 300);
	task_end(task);
}

static const struct test blocking_tests[] = {
	ALL("recv", "`recv` sleeps until bytes come", sleeps_then_reads),
	ALL("restart", "a signal during `recv`, with and without `SA_RESTART`", signal_restarts),
	ALL("interrupt", "a signal during `recv`, with and without `SA_RESTART`",
	    signal_interrupts),
	ALL("end", "FIN, RST or an own `shutdown` wakes `recv`", end_wakes),
	ALL("reset", "FIN, RST or an own `shutdown` wakes `recv`", reset_wakes),
	ALL("own-shutdown", "FIN, RST or an own `shutdown` wakes `recv`", own_shutdown_wakes),
	ALL("own-half-close", "`recv` goes on sleeping through an own half-close", own_half_close),
	ALL("room", "`recv` goes on sleeping when the send buffer gets room", room_wakes),
};

TABLE(blocking);
