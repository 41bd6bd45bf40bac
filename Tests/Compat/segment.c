// SPDX-License-Identifier: Apache-2.0
/* Options that act on segments: filters, pacing, time stamps of what is sent. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <time.h>

/* A classic filter that lets nothing in: what is sent comes again when it is gone. */
static void filter(struct connection *connection, const struct test *test)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &drop };
	struct end *client = &connection->client;
	struct end *server = &connection->server;
	struct call call = SEND(client, 100, 0);

	(void)test;
	trace_result(server, "SO_ATTACH_FILTER",
		     setsockopt(server->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
				sizeof(program)), errno);
	path_mark();
	call_run(&call);
	call_record(&call);
	sleep_ms(20);
	step_poll(server);
	STEP_SET(server, SOL_SOCKET, SO_DETACH_FILTER, 0);
	step_await(server, POLLIN);
	step_recv(server, 1000);
}

static void pacing(struct connection *connection, const struct test *test)
{
	struct timespec before, after;
	long elapsed;

	(void)test;
	STEP_SET(&connection->client, SOL_SOCKET, SO_MAX_PACING_RATE, 2000000);
	path_mark();
	clock_gettime(CLOCK_MONOTONIC, &before);
	step_transfer(&connection->client, 800000);
	clock_gettime(CLOCK_MONOTONIC, &after);
	elapsed = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	trace("2 MB/s: %s", elapsed > 200 ? "kept" : "EXCEEDED");
}

static void time_stamps(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	char control[512];
	struct msghdr message = { .msg_control = control, .msg_controllen = sizeof(control) };

	(void)test;
	step_option(client, "SO_TIMESTAMPING of sending", SOL_SOCKET, SO_TIMESTAMPING,
		    SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_SOFTWARE |
			    SOF_TIMESTAMPING_OPT_TSONLY);
	path_mark();
	step_send(client, 300);
	step_recv(&connection->server, 1000);
	watch_wait(client, POLLERR, 100);
	step_poll(client);
	trace_result(client, "recvmsg(MSG_ERRQUEUE)", recvmsg(client->fd, &message, MSG_ERRQUEUE),
		     errno);
}

static const struct test segment_tests[] = {
	{ "segment/filter", "`SO_ATTACH_FILTER`", EXPECT_RETURNS, {}, filter, 0, 0 },
	{ "segment/pacing", "`SO_MAX_PACING_RATE`", EXPECT_RETURNS, {}, pacing, 0, 0 },
	{ "segment/time-stamps", "`SO_TIMESTAMPING` of what is sent", EXPECT_RETURNS, {}, time_stamps,
	  0, 0 },
};

TABLE(segment);
