// SPDX-License-Identifier: Apache-2.0
/* When poll, select and epoll, level- or edge-triggered, say what. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

static void arrivals(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	step_poll(client);
	step_poll(server);
	step_poll(server);
	step_send(client, 100);
	step_poll(server);
	step_poll(server);
	step_send(client, 100);
	step_poll(server);
	step_recv(server, 50);
	step_poll(server);
	step_recv(server, 1000);
	step_poll(server);
	step_recv(server, 1000);
	step_poll(server);
	step_poll(client);
}

static void ends(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	step_poll(server);
	step_send(client, 100);
	step_shutdown(client, SHUT_WR);
	step_poll(client);
	step_poll(server);
	step_recv(server, 1000);
	step_poll(server);
	step_recv(server, 1000);
	step_poll(server);
	step_send(server, 100);
	step_poll(client);
	step_shutdown(server, SHUT_WR);
	step_poll(client);
	step_poll(server);
	step_recv(client, 1000);
	step_recv(client, 1000);
	step_poll(client);
	step_poll(server);
}

static void resets(struct connection *connection, const struct test *test)
{
	(void)test;
	step_poll(&connection->server);
	step_reset(&connection->client);
	step_poll(&connection->server);
	step_recv(&connection->server, 100);
	step_poll(&connection->server);
	step_recv(&connection->server, 100);
	step_poll(&connection->server);
}

static void back_pressure(struct connection *connection, const struct test *test)
{
	struct end *from = test->number ? &connection->server : &connection->client;

	step_poll(from);
	step_fill(from);
	step_poll(from);
	step_poll(from->peer);
	step_drain(from->peer);
	step_await(from, POLLOUT);
	step_transfer(from, 300000);
	step_poll(from->peer);
}

static void once(struct connection *connection, const struct test *test)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT };
	struct end *server = &connection->server;

	(void)test;
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	server->watcher = WATCH_LEVEL;
	epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->fd, &event);
	step_poll(server);
	step_send(&connection->client, 100);
	step_poll(server);
	step_send(&connection->client, 100);
	step_poll(server);
	epoll_ctl(server->epoll, EPOLL_CTL_MOD, server->fd, &event);
	step_poll(server);
	step_poll(server);
}

/* The connection's bytes are there before anybody asks for events. */
static void registered_late(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	step_send(&connection->client, 100);
	server->watcher = test->number;
	watch_open(server);
	step_poll(server);
	step_poll(server);
	step_recv(server, 1000);
	step_poll(server);
}

static ssize_t run_poll(struct call *call)
{
	struct pollfd entry = { .fd = call->end->fd, .events = call->flags };
	int result = poll(&entry, 1, 2000);

	return result < 0 ? result : entry.revents;
}

#define POLL(the_end, the_events)                                                                  \
	((struct call){ .end = (the_end), .text = "poll(" #the_events ")", .run = run_poll,        \
			.flags = (the_events) })

/* A poller sleeps; what comes wakes it up. */
static void sleeping_poller(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct task *task = task_begin(POLL(&connection->server, POLLIN | POLLRDHUP));

	task_asleep(task);
	if (test->number == 0)
		step_send(client, 100);
	else if (test->number == 1)
		step_shutdown(client, SHUT_WR);
	else
		step_reset(client);
	task_end(task);
	step_recv(&connection->server, 1000);
}

static void sleeping_writer(struct connection *connection, const struct test *test)
{
	struct task *task;

	(void)test;
	step_fill(&connection->client);
	task = task_begin(POLL(&connection->client, POLLOUT));
	task_asleep(task);
	step_drain(&connection->server);
	task_end(task);
}

static volatile sig_atomic_t signals_seen;

static void count_signal(int signal)
{
	(void)signal;
	signals_seen++;
}

static void signalled(struct connection *connection, const struct test *test)
{
	struct end *server = &connection->server;

	(void)test;
	signal(SIGIO, count_signal);
	fcntl(server->fd, F_SETOWN, getpid());
	fcntl(server->fd, F_SETFL, fcntl(server->fd, F_GETFL) | O_ASYNC);
	step_send(&connection->client, 100);
	sleep_ms(5);
	trace("SIGIO: %s", signals_seen ? "seen" : "none");
	step_recv(server, 1000);
	signals_seen = 0;
	step_shutdown(&connection->client, SHUT_WR);
	sleep_ms(5);
	trace("SIGIO: %s", signals_seen ? "seen" : "none");
	step_recv(server, 1000);
}

#define ALL_WATCHERS(name, behaviour, expectation, body)                                           \
	{ "readiness/" name "-poll", "`poll`: " behaviour, expectation, { .watcher = WATCH_POLL }, \
	  body, 0, 0 },                                                                            \
	{ "readiness/" name "-select", "`select`: " behaviour, expectation,                        \
	  { .watcher = WATCH_SELECT }, body, 0, 0 },                                               \
	{ "readiness/" name "-level", "`epoll`, level-triggered: " behaviour, expectation,         \
	  { .watcher = WATCH_LEVEL }, body, 0, 0 },                                                \
	{ "readiness/" name "-edge", "`epoll`, edge-triggered: " behaviour, expectation,           \
	  { .watcher = WATCH_EDGE }, body, 0, 0 }
#define ARRIVALS "what arrives, what ends, what blocks"

static const struct test readiness_tests[] = {
	ALL_WATCHERS("arrivals", ARRIVALS, EXPECT_SHORTENED, arrivals),
	ALL_WATCHERS("ends", ARRIVALS, EXPECT_SHORTENED, ends),
	ALL_WATCHERS("resets", ARRIVALS, EXPECT_SHORTENED, resets),
	ALL_WATCHERS("back-pressure", ARRIVALS, EXPECT_SHORTENED, back_pressure),
	{ "readiness/back-pressure-server", "`poll`: " ARRIVALS, EXPECT_SHORTENED, {},
	  back_pressure, 0, 1 },
	{ "readiness/oneshot", "`EPOLLONESHOT`", EXPECT_SHORTENED, {}, once, 0, 0 },
	{ "readiness/late-level", "`epoll_ctl` after the bytes", EXPECT_SHORTENED, {},
	  registered_late, 0, WATCH_LEVEL },
	{ "readiness/late-edge", "`epoll_ctl` after the bytes", EXPECT_SHORTENED, {},
	  registered_late, 0, WATCH_EDGE },
	{ "readiness/sleeping-data", "a sleeping `poll` wakes up", EXPECT_SHORTENED, {},
	  sleeping_poller, 0, 0 },
	{ "readiness/sleeping-end", "a sleeping `poll` wakes up", EXPECT_SHORTENED, {},
	  sleeping_poller, 0, 1 },
	{ "readiness/sleeping-reset", "a sleeping `poll` wakes up", EXPECT_SHORTENED, {},
	  sleeping_poller, 0, 2 },
	{ "readiness/sleeping-writer", "a sleeping `poll` wakes up", EXPECT_SHORTENED, {},
	  sleeping_writer, 0, 0 },
	{ "readiness/sigio", "`O_ASYNC`, SIGIO", EXPECT_SHORTENED, {}, signalled, 0, 0 },
};

TABLE(readiness);
