// SPDX-License-Identifier: Apache-2.0
/*
 * The ordinary life of a connection, in all combinations of: blocking or not, what it waits with,
 * who closes its half first, how many bytes, which family, who speaks first.
 */
#define _GNU_SOURCE
#include "compat.h"

#include <stdio.h>

static const char *const modes[] = { "nonblocking", "blocking" };
/* Who blocks cannot live with edges, and needs no watcher at all. */
static const char *const watchers[][4] = { { "poll", "select", "level", "edge" },
					   { "poll", "select", "level", "none" } };
static const char *const closers[] = { "whole", "client", "server" };
static const char *const sizes[] = { "1", "1k", "64k", "1m" };
static const char *const families[] = { "4", "6", "mapped" };
static const char *const speakers[] = { "client", "server" };
static const size_t size_bytes[] = { 1, 1024, 65536, 1048576 };

/* The columns, decoded from a case's index. */
struct columns {
	size_t mode, watcher, closer, size, family, speaker;
};

static size_t take(size_t *index, size_t count)
{
	size_t value = *index % count;

	*index /= count;
	return value;
}

static struct columns decode(size_t index)
{
	struct columns columns;

	columns.speaker = take(&index, COUNT(speakers));
	columns.family = take(&index, COUNT(families));
	columns.size = take(&index, COUNT(sizes));
	columns.closer = take(&index, COUNT(closers));
	columns.watcher = take(&index, COUNT(watchers[0]));
	columns.mode = take(&index, COUNT(modes));
	return columns;
}

static void close_halves(struct connection *connection, struct end *first, size_t size)
{
	(void)connection;
	step_shutdown(first, SHUT_WR);
	step_poll(first->peer);
	step_recv(first->peer, 100);
	step_transfer(first->peer, size);
	step_shutdown(first->peer, SHUT_WR);
	step_poll(first);
	step_recv(first, 100);
	step_close(first);
	step_poll(first->peer);
	step_close(first->peer);
}

static void close_whole(struct connection *connection)
{
	step_close(&connection->client);
	step_poll(&connection->server);
	step_recv(&connection->server, 100);
	step_close(&connection->server);
}

static void exchange(struct connection *connection, const struct test *test)
{
	struct columns columns = decode(test->number);
	struct end *speaker = columns.speaker ? &connection->server : &connection->client;

	step_poll(speaker);
	step_transfer(speaker, test->size);
	step_transfer(speaker->peer, test->size);
	step_transfer(speaker, 100);
	step_await(speaker->peer, POLLOUT);
	if (columns.closer == 0)
		close_whole(connection);
	else
		close_halves(connection,
			     columns.closer == 1 ? &connection->client : &connection->server,
			     test->size);
}

size_t exchange_count(void)
{
	return COUNT(modes) * COUNT(watchers[0]) * COUNT(closers) * COUNT(sizes) * COUNT(families) *
	       COUNT(speakers);
}

void exchange_test(size_t index, struct test *test)
{
	static char name[128], behaviour[128];
	struct columns columns = decode(index);
	bool blocking = columns.mode == 1;
	enum watcher watcher = columns.watcher;

	if (blocking && watcher == WATCH_EDGE)
		watcher = WATCH_NONE;
	snprintf(name, sizeof(name), "exchange/%s/%s/%s-closes/%s/%s/%s-first",
		 modes[columns.mode], watchers[columns.mode][columns.watcher], closers[columns.closer],
		 sizes[columns.size], families[columns.family], speakers[columns.speaker]);
	snprintf(behaviour, sizeof(behaviour),
		 "%s exchange: `poll`, `select`, `epoll`; half-close; 1 B to 1 MiB; IPv4, IPv6",
		 modes[columns.mode]);
	*test = (struct test){
		.name = name,
		.behaviour = behaviour,
		.expectation = blocking ? EXPECT_NEVER : EXPECT_SHORTENED,
		.setup = { .family = columns.family, .watcher = watcher, .silent = true,
			   .blocking_client = blocking, .blocking_listener = blocking,
			   .blocking_server = blocking },
		.body = exchange,
		.size = size_bytes[columns.size],
		.number = index,
	};
}
