// SPDX-License-Identifier: Apache-2.0
/* Buffers: what the kernel chose, what the program chose, and a reader that stalls. */
#define _GNU_SOURCE
#include "compat.h"

#include <linux/tcp.h>

/* Not the number, which the kernel tunes: whether it changed. */
static void compare_buffer(struct end *end, const char *text, int name, int *before)
{
	int value = 0;
	socklen_t size = sizeof(value);

	getsockopt(end->fd, SOL_SOCKET, name, &value, &size);
	if (*before)
		trace("%s %s: %s", end->name, text, value == *before ? "as before" : "changed");
	*before = value;
}

/* Before the connection, after it, after few bytes, after a stall. */
static void kernel_chooses(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	int send_buffer = 0, receive_buffer = 0;

	(void)test;
	client->fd = connection_socket(connection, true);
	compare_buffer(client, "SO_RCVBUF", SO_RCVBUF, &receive_buffer);
	if (client->fd >= 0)
		connection_connect(connection);
	connection_accept(connection);
	compare_buffer(client, "SO_RCVBUF", SO_RCVBUF, &receive_buffer);
	compare_buffer(client, "SO_SNDBUF", SO_SNDBUF, &send_buffer);
	connection_greet(connection);
	compare_buffer(client, "SO_RCVBUF", SO_RCVBUF, &receive_buffer);
	compare_buffer(client, "SO_SNDBUF", SO_SNDBUF, &send_buffer);
}

static void choose_before(int fd, bool client)
{
	int value = client ? 30000 : 40000;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof(value));
	value *= 2;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value));
}

static void program_chooses(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	if (test->number) {
		STEP_SET(client, SOL_SOCKET, SO_SNDBUF, 30000);
		STEP_SET(server, SOL_SOCKET, SO_RCVBUF, 80000);
	}
	STEP_GET(client, SOL_SOCKET, SO_SNDBUF);
	STEP_GET(server, SOL_SOCKET, SO_RCVBUF);
	step_fill(client);
	step_poll(client);
	step_drain(server);
	step_transfer(client, 1000000);
	step_transfer(server, 1000000);
	STEP_GET(client, SOL_SOCKET, SO_SNDBUF);
	STEP_GET(server, SOL_SOCKET, SO_RCVBUF);
}

static void stalls(struct connection *connection, const struct test *test)
{
	struct end *from = test->number ? &connection->server : &connection->client;

	step_fill(from);
	step_poll(from);
	step_send(from->peer, 100);
	step_recv(from, 1000);
	step_recv(from->peer, 4);
	step_drain(from->peer);
	step_await(from, POLLOUT);
	step_fill(from);
	step_drain(from->peer);
	step_transfer(from, 1000000);
	step_transfer(from->peer, 1000000);
}

static void both_stall(struct connection *connection, const struct test *test)
{
	(void)test;
	step_fill(&connection->client);
	step_fill(&connection->server);
	step_poll(&connection->client);
	step_poll(&connection->server);
	step_drain(&connection->server);
	step_drain(&connection->client);
	step_await(&connection->client, POLLOUT);
	step_await(&connection->server, POLLOUT);
	step_transfer(&connection->client, 100000);
}

static void stalls_then_ends(struct connection *connection, const struct test *test)
{
	(void)test;
	step_fill(&connection->client);
	trace("shutdown: %d", shutdown(connection->client.fd, SHUT_WR));
	step_drain(&connection->server);
	settle_gone(&connection->server);
	step_recv(&connection->server, 100);
	step_recv(&connection->server, 100);
	step_transfer(&connection->server, 100000);
}

#define STALL "a reader that stalls holds its sender up"
#define CHOICE "`SO_SNDBUF`, `SO_RCVBUF` that the program sets"

static const struct test buffer_tests[] = {
	{ "buffer/default", "`getsockopt` of buffers that the kernel chose", EXPECT_SHORTENED,
	  { .manual = true }, kernel_chooses, 0, 0 },
	{ "buffer/chosen-before", CHOICE, EXPECT_SHORTENED, { .prepare = choose_before },
	  program_chooses, 0, 0 },
	{ "buffer/chosen-after", CHOICE, EXPECT_SHORTENED, {}, program_chooses, 0, 1 },
	{ "buffer/stall-client", STALL, EXPECT_SHORTENED, {}, stalls, 0, 0 },
	{ "buffer/stall-server", STALL, EXPECT_SHORTENED, {}, stalls, 0, 1 },
	{ "buffer/stall-both", STALL, EXPECT_SHORTENED, {}, both_stall, 0, 0 },
	{ "buffer/stall-end", STALL, EXPECT_SHORTENED, {}, stalls_then_ends, 0, 0 },
};

TABLE(buffer);
