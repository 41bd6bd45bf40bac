// SPDX-License-Identifier: Apache-2.0
/* Blocking calls with flags, limits and rivals. */
#define _GNU_SOURCE
#include "blocking.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void wait_all(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 100, MSG_WAITALL));

	task_asleep(task);
	step_send(end->peer, 40);
	trace("returned: %d", task_done(task));
	step_send(end->peer, 60);
	task_end(task);
}

/* Part of it has come before the call. */
static void wait_all_half_way(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task;

	step_send(end->peer, 40);
	task = task_begin(RECV(end, 100, MSG_WAITALL));
	task_asleep(task);
	step_send(end->peer, 30);
	step_send(end->peer, 30);
	task_end(task);
}

static void low_water(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task;

	STEP_SET(end, SOL_SOCKET, SO_RCVLOWAT, 100);
	task = task_begin(RECV(end, 1000, 0));
	task_asleep(task);
	step_send(end->peer, 40);
	trace("returned: %d", task_done(task));
	step_send(end->peer, 70);
	task_end(task);
}

static void time_out(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct timeval limit = { .tv_usec = 100000 };
	struct timespec before, after;
	long elapsed;

	setsockopt(end->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	clock_gettime(CLOCK_MONOTONIC, &before);
	step_recv(end, 100);
	clock_gettime(CLOCK_MONOTONIC, &after);
	elapsed = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	trace("waited: %s", elapsed >= 95 ? "yes" : "NO");
	step_send(end->peer, 100);
	step_recv(end, 1000);
}

/* The limit shows as a short count or as EAGAIN, as it happens to fall. */
static ssize_t run_send_much(struct call *call)
{
	static uint8_t bytes[1 << 20];
	ssize_t result;

	do {
		stream_fill(call->end, call->end->sent, bytes, sizeof(bytes));
		result = send(call->end->fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
		call->end->sent += result > 0 ? result : 0;
	} while (result == (ssize_t)sizeof(bytes));
	return result < 0 && errno != EAGAIN ? -1 : 0;
}

#define SEND_MUCH(the_end) \
	((struct call){ .end = (the_end), .text = "sends until it cannot", .run = run_send_much })

static void send_times_out(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct timeval limit = { .tv_usec = 200000 };

	setsockopt(end->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	call_now(SEND_MUCH(end));
	set_blocking(end->peer, false);
	step_drain(end->peer);
}

static void stalled_writer(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct timeval limit = { .tv_usec = 500000 };
	struct task *task;

	setsockopt(end->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	task = task_begin(SEND_MUCH(end));
	sleep_ms(100);
	task_asleep(task);
	task_end(task);
	set_blocking(end->peer, false);
	step_drain(end->peer);
}

static void two_readers(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	/* A copy: which of the two gets which message is open. */
	struct end twin = *end;
	struct task *first = task_begin(RECV(end, 1000, 0));
	struct task *second = task_begin(RECV(&twin, 1000, 0));

	task_asleep(first);
	task_asleep(second);
	step_send(end->peer, 300);
	trace("returned: %d", task_done(first) + task_done(second));
	twin.received = end->received = 0;
	shutdown(end->peer->fd, SHUT_WR);
	trace("returned: %d", task_done(first) + task_done(second));
}

static void dont_wait(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);

	step_recv_flags(end, 100, MSG_DONTWAIT);
	step_send(end->peer, 300);
	step_recv_flags(end, 100, MSG_DONTWAIT);
	step_recv(end, 1000);
	step_recv_flags(end, 100, MSG_DONTWAIT);
}

static void peek_sleeps(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct task *task = task_begin(RECV(end, 1000, MSG_PEEK));

	task_asleep(task);
	step_send(end->peer, 300);
	task_end(task);
	step_recv(end, 1000);
}

static void splice_sleeps(struct connection *connection, const struct test *test)
{
	struct end *end = blocking_prepare(connection, test);
	struct call call = { .end = end, .text = "splice to pipe(1000)", .run = run_splice_out,
			     .size = 1000 };
	struct task *task;
	uint8_t bytes[1000];
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		broken("pipe2");
	call.other = ends[1];
	task = task_begin(call);
	task_asleep(task);
	step_send(end->peer, 300);
	task_end(task);
	trace("pipe: %s", check_received(end, bytes, read(ends[0], bytes, sizeof(bytes))));
}

static const struct test blocking_calls_tests[] = {
	ALL("wait-all", "`MSG_WAITALL`", wait_all),
	ALL("wait-all-half-way", "`MSG_WAITALL`", wait_all_half_way),
	ALL("rcvlowat", "`SO_RCVLOWAT`", low_water),
	ALL("rcvtimeo", "`SO_RCVTIMEO`", time_out),
	ALL("sndtimeo", "`SO_SNDTIMEO` with a reader that stalls", send_times_out),
	ALL("stalled", "`SO_SNDTIMEO` with a reader that stalls", stalled_writer),
	ALL("two-readers", "two threads read one socket", two_readers),
	ALL("dontwait", "`MSG_DONTWAIT`", dont_wait),
	ALL("peek", "`MSG_PEEK` sleeps until bytes come", peek_sleeps),
	ALL("splice", "`splice` sleeps until bytes come", splice_sleeps),
};

TABLE(blocking_calls);
