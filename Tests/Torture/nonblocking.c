// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS_MAXIMUM 1024
#define RETRY_SECONDS 5
#define TICK_MS 200

struct loop {
	const struct options *options;
	struct totals totals;
	int epoll;
	int listener;
	uint64_t started;
	uint64_t last_activity;
	unsigned int used;
	struct connection *slots[SLOTS_MAXIMUM];
};

static bool serving(const struct loop *loop)
{
	return loop->listener >= 0;
}

static bool enrol(struct loop *loop, struct connection *connection, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };

	connection->armed = events;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, connection->fd, &event)) {
		perror("torture: epoll_ctl");
		return false;
	}
	loop->slots[loop->used++] = connection;
	return true;
}

static struct connection *make_connection(struct loop *loop, int fd)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		abort();
	connection->fd = fd;
	connection->options = loop->options;
	connection->totals = &loop->totals;
	loop->last_activity = now_us();
	return connection;
}

static void accept_all(struct loop *loop)
{
	while (loop->used < SLOTS_MAXIMUM) {
		int fd = accept4(loop->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct connection *connection;

		if (fd < 0)
			return;
		connection = make_connection(loop, fd);
		connection_open_server(connection, loop->totals.connections);
		connection->readable = connection->writable = true;
		if (!enrol(loop, connection, EPOLLIN))
			abort();
	}
}

static bool dial(struct loop *loop)
{
	int fd = socket_connect(loop->options, SOCK_NONBLOCK);
	struct connection *connection;

	if (fd < 0) {
		perror("torture: connect");
		loop->totals.failures++;
		return false;
	}
	connection = make_connection(loop, fd);
	connection->connecting = true;
	connection_open_client(connection, loop->options->first_id + loop->totals.connections);
	return enrol(loop, connection, EPOLLOUT);
}

static void release(struct loop *loop, unsigned int slot)
{
	struct connection *connection = loop->slots[slot];

	loop->totals.completed += !connection->failed;
	loop->last_activity = now_us();
	close(connection->fd);
	free(connection);
	loop->slots[slot] = loop->slots[--loop->used];
}

/* The server may not listen yet: until the first connection, refusals are waited out. */
static bool redial(struct loop *loop, struct connection *connection, uint64_t now)
{
	if (loop->totals.completed || now - loop->started > RETRY_SECONDS * 1000000ULL)
		return false;
	usleep(20000);
	close(connection->fd);
	connection->fd = socket_connect(loop->options, SOCK_NONBLOCK);
	if (connection->fd < 0)
		return false;
	struct epoll_event event = { .events = connection->armed, .data.ptr = connection };

	return !epoll_ctl(loop->epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

static void connected(struct loop *loop, struct connection *connection, uint64_t now)
{
	int error = socket_error(connection->fd);

	if (error == ECONNREFUSED && redial(loop, connection, now))
		return;
	connection->connecting = false;
	connection->last_progress = now;
	if (error)
		fail(connection, "connect: %s", strerror(error));
}

static void note_events(struct loop *loop, struct connection *connection, uint32_t events)
{
	if (connection->connecting) {
		connected(loop, connection, now_us());
		events = EPOLLOUT;
	}
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		connection->readable = true;
	if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
		connection->writable = true;
}

static void rearm(struct loop *loop, struct connection *connection, uint64_t now)
{
	struct epoll_event event = { .data.ptr = connection };

	event.events = turn_events(connection, now);
	if (event.events == connection->armed)
		return;
	connection->armed = event.events;
	(void)epoll_ctl(loop->epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

static uint64_t run_all(struct loop *loop)
{
	uint64_t next = UINT64_MAX, now = now_us(), soonest;

	for (unsigned int i = 0; i < loop->used;) {
		struct connection *connection = loop->slots[i];

		turn_run(connection);
		if (connection->failed || connection_complete(connection) ||
		    connection_late(connection, now_us())) {
			release(loop, i);
			continue;
		}
		rearm(loop, connection, now);
		soonest = turn_next(connection, now);
		next = soonest < next ? soonest : next;
		i++;
	}
	return next;
}

static void wait_events(struct loop *loop, uint64_t next)
{
	struct epoll_event events[64];
	uint64_t now = now_us();
	int timeout = TICK_MS, count;

	if (next <= now)
		timeout = 0;
	else if (next - now < TICK_MS * 1000)
		timeout = (int)((next - now + 999) / 1000);
	count = epoll_wait(loop->epoll, events, 64, timeout);
	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr)
			note_events(loop, events[i].data.ptr, events[i].events);
		else
			accept_all(loop);
	}
}

static bool over(struct loop *loop)
{
	const struct options *options = loop->options;
	double idle = (double)(now_us() - loop->last_activity) / 1e6;

	if (loop->used)
		return false;
	if (stopping || (options->connections && loop->totals.connections >= options->connections))
		return true;
	if (!serving(loop) || idle < options->idle)
		return false;
	fprintf(stderr, "torture server: no connection for %.0f s\n", idle);
	loop->totals.failures++;
	return true;
}

static void fill_slots(struct loop *loop)
{
	const struct options *options = loop->options;

	while (!serving(loop) && !stopping && loop->used < options->parallel &&
	       loop->totals.connections < options->connections)
		if (!dial(loop))
			stopping = true;
}

static bool loop_open(struct loop *loop)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

	loop->started = loop->last_activity = loop->totals.started = now_us();
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->listener = -1;
	if (loop->options->mode != MODE_SERVE)
		return loop->epoll >= 0;
	loop->listener = socket_listen(loop->options, SOCK_NONBLOCK);
	return loop->listener >= 0 &&
	       !epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->listener, &event);
}

int run_nonblocking(const struct options *options)
{
	static struct loop loop;
	uint64_t next = 0;

	loop.options = options;
	if (!loop_open(&loop)) {
		perror("torture");
		return 1;
	}
	fill_slots(&loop);
	while (!over(&loop)) {
		wait_events(&loop, next);
		next = run_all(&loop);
		fill_slots(&loop);
	}
	totals_print(&loop.totals, serving(&loop) ? "server" : "client", options->seed);
	return loop.totals.failures != 0;
}
