// SPDX-License-Identifier: Apache-2.0
/* Unusual places: loopback, a socket connected to itself, a socket that connects again. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <linux/bpf.h>
#include <unistd.h>

static void life(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	(void)test;
	step_transfer(client, 100000);
	step_transfer(server, 100000);
	step_shutdown(client, SHUT_WR);
	step_recv(server, 10);
	step_transfer(server, 1000);
	step_close(server);
	step_recv(client, 10);
}

static void begin_again(struct end *end)
{
	end->sent = 0;
	end->received = 0;
}

/* connect() to AF_UNSPEC ends a connection; the same socket then begins another. */
static void connects_anew(struct connection *connection, const struct test *test)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	struct end *client = &connection->client;
	struct end *server = &connection->server;

	if (test->number)
		step_send(server, 300);
	trace_result(client, "connect(AF_UNSPEC)", connect(client->fd, &nowhere, sizeof(nowhere)),
		     errno);
	if (test->number < 2)
		step_recv(client, 1000);
	settle_state(server, BPF_TCP_CLOSE);
	step_poll(server);
	step_recv(server, 100);
	close(server->fd);
	trace_result(client, "connect()",
		     connect(client->fd, (struct sockaddr *)&connection->address,
			     connection->address_size), errno);
	settle_state(client, BPF_TCP_ESTABLISHED);
	begin_again(client);
	begin_again(server);
	connection_accept(connection);
	connection_greet(connection);
	life(connection, test);
}

/* Both ends are one socket: a simultaneous open. */
static void connects_to_itself(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	struct sockaddr_storage address;
	socklen_t size = pod_address(connection->setup, &address);

	(void)test;
	client->fd = connection_socket(connection, true);
	client->peer = client;
	if (bind(client->fd, (struct sockaddr *)&address, size) ||
	    getsockname(client->fd, (struct sockaddr *)&address, &size))
		broken("bind");
	trace_result(client, "connect()", connect(client->fd, (struct sockaddr *)&address, size),
		     errno);
	settle_state(client, BPF_TCP_ESTABLISHED);
	step_transfer(client, 1000);
	step_transfer(client, 30000);
	trace("shutdown: %d", shutdown(client->fd, SHUT_WR));
	step_await(client, POLLRDHUP);
	step_recv(client, 10);
}

static const struct test place_tests[] = {
	{ "place/loopback-4", "loopback inside one pod", EXPECT_SHORTENED, { .loopback = true },
	  life, 0, 0 },
	{ "place/loopback-6", "loopback inside one pod", EXPECT_SHORTENED,
	  { .loopback = true, .family = FAMILY_6 }, life, 0, 0 },
	{ "place/loopback-mapped", "loopback inside one pod", EXPECT_SHORTENED,
	  { .loopback = true, .family = FAMILY_MAPPED }, life, 0, 0 },
	{ "place/connect-anew", "`connect` to AF_UNSPEC, then again", EXPECT_SHORTENED, {},
	  connects_anew, 0, 0 },
	{ "place/connect-anew-unread", "`connect` to AF_UNSPEC, then again", EXPECT_SHORTENED, {},
	  connects_anew, 0, 1 },
	{ "place/connect-anew-stale", "`connect` to AF_UNSPEC, then again", EXPECT_SHORTENED, {},
	  connects_anew, 0, 2 },
	{ "place/connect-to-itself", "a socket connected to itself", EXPECT_NEVER,
	  { .manual = true, .loopback = true }, connects_to_itself, 0, 0 },
};

TABLE(place);
