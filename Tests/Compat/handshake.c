// SPDX-License-Identifier: Apache-2.0
/* How a connection begins: refused, accepted late or never, by whom, from where. */
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <linux/bpf.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

static void see(struct end *end)
{
	step_poll(end);
	step_recv(end, 10000);
	step_recv(end, 100);
	step_socket_error(end);
}

static void connect_to(struct connection *connection, struct end *client)
{
	int result, error;

	client->fd = connection_socket(connection, true);
	result = connect(client->fd, (struct sockaddr *)&connection->address,
			 connection->address_size);
	error = errno;
	watch_open(client);
	trace_result(client, "connect()", result, error);
}

static void refused(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	close(connection->listener);
	connect_to(connection, client);
	settle_state(client, BPF_TCP_CLOSE);
	step_poll(client);
	step_socket_error(client);
	step_send(client, 10);
	step_recv(client, 10);
}

static void connects_again(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;
	int result;

	(void)test;
	connect_to(connection, client);
	settle_state(client, BPF_TCP_ESTABLISHED);
	step_poll(client);
	for (int i = 0; i < 2; i++) {
		result = connect(client->fd, (struct sockaddr *)&connection->address,
				 connection->address_size);
		trace_result(client, "connect()", result, errno);
	}
	connection_accept(connection);
	connection_greet(connection);
}

static void accepted_late(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	connection_connect(connection);
	step_send(client, test->size);
	connection_accept(connection);
	see(&connection->server);
	connection_greet(connection);
	step_transfer(client, 100000);
	step_transfer(&connection->server, 100000);
}

static void closed_before_accept(struct connection *connection, const struct test *test)
{
	(void)test;
	connection_connect(connection);
	step_send(&connection->client, 1000);
	step_close(&connection->client);
	sleep_ms(10);
	connection_accept(connection);
	see(&connection->server);
	step_send(&connection->server, 10);
	settle_state(&connection->server, BPF_TCP_CLOSE);
	see(&connection->server);
}

static void shut_down_before_accept(struct connection *connection, const struct test *test)
{
	(void)test;
	connection_connect(connection);
	step_send(&connection->client, 1000);
	step_shutdown(&connection->client, SHUT_WR);
	sleep_ms(10);
	connection_accept(connection);
	see(&connection->server);
	step_transfer(&connection->server, 100000);
	step_close(&connection->server);
	see(&connection->client);
}

static void reset_before_accept(struct connection *connection, const struct test *test)
{
	(void)test;
	connection_connect(connection);
	step_send(&connection->client, 1000);
	step_reset(&connection->client);
	sleep_ms(10);
	connection_accept(connection);
	see(&connection->server);
}

static void listener_closed_before_accept(struct connection *connection, const struct test *test)
{
	struct end *client = &connection->client;

	(void)test;
	connection_connect(connection);
	step_send(client, 1000);
	close(connection->listener);
	settle_state(client, BPF_TCP_CLOSE);
	see(client);
	step_send(client, 10);
}

static void listener_closed_after_accept(struct connection *connection, const struct test *test)
{
	(void)test;
	close(connection->listener);
	step_transfer(&connection->client, 100000);
	step_transfer(&connection->server, 100000);
}

static void server_speaks_first(struct connection *connection, const struct test *test)
{
	(void)test;
	step_poll(&connection->client);
	step_send(&connection->server, 300);
	step_recv(&connection->client, 1000);
	step_send(&connection->client, 300);
	step_recv(&connection->server, 1000);
}

static void same_address(const struct end *end, const char *what,
			 int (*own)(int, struct sockaddr *, socklen_t *),
			 int (*peer)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_storage mine = { 0 }, theirs = { 0 };
	socklen_t my_size = sizeof(mine), their_size = sizeof(theirs);
	int failed = own(end->fd, (struct sockaddr *)&mine, &my_size) ||
		     peer(end->peer->fd, (struct sockaddr *)&theirs, &their_size);

	trace("%s %s: %s, %u bytes", end->name, what,
	      !failed && !memcmp(&mine, &theirs, sizeof(mine)) ? "agrees" : "DIFFERS", my_size);
}

static void names(struct connection *connection, const struct test *test)
{
	(void)test;
	same_address(&connection->client, "getsockname", getsockname, getpeername);
	same_address(&connection->client, "getpeername", getpeername, getsockname);
	same_address(&connection->server, "getsockname", getsockname, getpeername);
	step_close(&connection->client);
	step_transfer(&connection->server, 0);
	see(&connection->server);
}

static void share_port(int fd, bool client)
{
	int one = 1;

	if (!client && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)))
		broken("SO_REUSEPORT");
}

/* Either of two listeners gets the connection; both are learned by then. */
static void shared_port(struct connection *connection, const struct test *test)
{
	struct pollfd entry = { .events = POLLIN, .fd = connection->listener };
	int other = connection_socket(connection, false);

	(void)test;
	if (bind(other, (struct sockaddr *)&connection->address, connection->address_size) ||
	    listen(other, 16))
		broken("SO_REUSEPORT");
	for (int i = 0; i < 12; i++) {
		connection_connect(connection);
		if (poll(&entry, 1, 20) != 1)
			connection->listener = other;
		connection_accept(connection);
		connection->listener = entry.fd;
		if (i == 11)
			break;
		step_transfer(&connection->client, 100);
		step_transfer(&connection->server, 100);
		close(connection->client.fd);
		close(connection->server.fd);
		connection->client.sent = connection->client.received = 0;
		connection->server.sent = connection->server.received = 0;
	}
	connection_greet(connection);
}

/* The listener wakes up for the first bytes, and hands them out with the connection. */
static void deferred(struct connection *connection, const struct test *test)
{
	struct pollfd entry = { .fd = connection->listener, .events = POLLIN };
	int seconds = 5;

	(void)test;
	if (setsockopt(entry.fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof(seconds)))
		broken("TCP_DEFER_ACCEPT");
	connection_connect(connection);
	trace("listener: %d ready", poll(&entry, 1, 20));
	step_send(&connection->client, 300);
	connection_accept(connection);
	step_recv(&connection->server, 1000);
	connection_greet(connection);
	step_transfer(&connection->client, 100000);
}

#define MANUAL { .manual = true }
#define LATE "accepted late: the client has sent, closed or reset before"

static const struct test handshake_tests[] = {
	{ "handshake/refused", "connect refused", EXPECT_NEVER, MANUAL, refused, 0, 0 },
	{ "handshake/refused-blocking", "connect refused", EXPECT_NEVER,
	  { .manual = true, BLOCKING }, refused, 0, 0 },
	{ "handshake/connect-again", "`connect` of a connected socket", EXPECT_SHORTENED, MANUAL,
	  connects_again, 0, 0 },
	{ "handshake/late-accept-1", LATE, EXPECT_SHORTENED, MANUAL, accepted_late, 1, 0 },
	{ "handshake/late-accept-9k", LATE, EXPECT_SHORTENED, MANUAL, accepted_late, 9000, 0 },
	{ "handshake/closed-before-accept", LATE, EXPECT_NEVER, MANUAL, closed_before_accept, 0, 0 },
	{ "handshake/half-closed-before-accept", LATE, EXPECT_AVOIDED, MANUAL,
	  shut_down_before_accept, 0, 0 },
	{ "handshake/reset-before-accept", LATE, EXPECT_NEVER, MANUAL, reset_before_accept, 0, 0 },
	{ "handshake/listener-closed-before-accept", "listener closed before `accept`", EXPECT_NEVER,
	  MANUAL, listener_closed_before_accept, 0, 0 },
	{ "handshake/listener-closed-after-accept", "listener closed after `accept`",
	  EXPECT_SHORTENED, {}, listener_closed_after_accept, 0, 0 },
	{ "handshake/server-first", "the server speaks first", EXPECT_SHORTENED, { .silent = true },
	  server_speaks_first, 0, 0 },
	{ "handshake/names-4", "`getsockname`, `getpeername`", EXPECT_SHORTENED, {}, names, 0, 0 },
	{ "handshake/names-6", "`getsockname`, `getpeername`", EXPECT_SHORTENED,
	  { .family = FAMILY_6 }, names, 0, 0 },
	{ "handshake/names-mapped", "`getsockname`, `getpeername`", EXPECT_SHORTENED,
	  { .family = FAMILY_MAPPED }, names, 0, 0 },
	{ "handshake/reuseport", "`SO_REUSEPORT`", EXPECT_SHORTENED,
	  { .manual = true, .prepare = share_port }, shared_port, 0, 0 },
	{ "handshake/defer-accept", "`TCP_DEFER_ACCEPT`", EXPECT_SHORTENED,
	  { .manual = true }, deferred, 0, 0 },
};

TABLE(handshake);
