// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* So many bytes each way before a warm-up connection ends. */
#define WARM_UP_EXCHANGES 4

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

int connection_socket(struct connection *connection, bool client)
{
	const struct setup *setup = connection->setup;
	bool blocking = client ? setup->blocking_client : setup->blocking_listener;
	bool multipath = client ? setup->multipath_client : setup->multipath_listener;
	int domain = setup->family == FAMILY_4 ? AF_INET : AF_INET6;
	int fd;

	pod_enter(client && !setup->loopback);
	fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK),
		    multipath ? IPPROTO_MPTCP : 0);
	if (fd < 0)
		broken("socket");
	if (setup->prepare)
		setup->prepare(fd, client);
	return fd;
}

void connection_listen(struct connection *connection)
{
	struct sockaddr *address = (struct sockaddr *)&connection->address;

	connection->address_size = pod_address(connection->setup, &connection->address);
	connection->listener = connection_socket(connection, false);
	if (bind(connection->listener, address, connection->address_size) ||
	    listen(connection->listener, 16) ||
	    getsockname(connection->listener, address, &connection->address_size))
		broken("listen");
}

void end_attach(struct end *end, int fd)
{
	end->fd = fd;
	watch_open(end);
}

void connection_connect(struct connection *connection)
{
	struct pollfd entry = { .events = POLLOUT };
	int error = 0;
	socklen_t size = sizeof(error);

	entry.fd = connection_socket(connection, true);
	if (connect(entry.fd, (struct sockaddr *)&connection->address,
		    connection->address_size) &&
	    errno != EINPROGRESS)
		broken("connect");
	if (poll(&entry, 1, 2000) != 1 ||
	    getsockopt(entry.fd, SOL_SOCKET, SO_ERROR, &error, &size) || error)
		broken("connect");
	end_attach(&connection->client, entry.fd);
}

void connection_accept(struct connection *connection)
{
	struct pollfd entry = { .fd = connection->listener, .events = POLLIN };
	int flags = SOCK_CLOEXEC | (connection->setup->blocking_server ? 0 : SOCK_NONBLOCK);
	int fd;

	if (poll(&entry, 1, 2000) != 1)
		broken("accept");
	fd = accept4(connection->listener, NULL, NULL, flags);
	if (fd < 0)
		broken("accept");
	end_attach(&connection->server, fd);
}

static void prepare_ends(struct connection *connection, const struct setup *setup)
{
	memset(connection, 0, sizeof(*connection));
	connection->setup = setup;
	connection->listener = -1;
	connection->client = (struct end){ .name = "client", .fd = -1, .epoll = -1,
					   .watcher = setup->watcher,
					   .peer = &connection->server };
	connection->server = (struct end){ .name = "server", .fd = -1, .epoll = -1,
					   .watcher = setup->watcher,
					   .peer = &connection->client };
}

static void pass_byte(struct end *from, struct end *to)
{
	char byte = 'w';
	struct pollfd entry = { .fd = to->fd, .events = POLLIN };

	if (send(from->fd, &byte, 1, 0) != 1 || poll(&entry, 1, 2000) != 1 ||
	    recv(to->fd, &byte, 1, 0) != 1)
		broken("warm-up");
}

static void close_both(struct connection *connection)
{
	struct pollfd entry = { .fd = connection->server.fd, .events = POLLIN };

	close(connection->client.fd);
	poll(&entry, 1, 2000);
	close(connection->server.fd);
	close(connection->client.epoll);
	close(connection->server.epoll);
}

void connection_warm_up(struct connection *connection)
{
	int listener = connection->listener;

	connection_connect(connection);
	connection_accept(connection);
	for (int i = 0; i < WARM_UP_EXCHANGES; i++) {
		pass_byte(&connection->client, &connection->server);
		pass_byte(&connection->server, &connection->client);
	}
	close_both(connection);
	prepare_ends(connection, connection->setup);
	connection->listener = listener;
	connection->address_size = pod_address(connection->setup, &connection->address);
	getsockname(listener, (struct sockaddr *)&connection->address, &connection->address_size);
}

void connection_greet(struct connection *connection)
{
	step_send(&connection->client, 10);
	step_recv(&connection->server, 20);
	step_send(&connection->server, 10);
	step_recv(&connection->client, 20);
}

void connection_open(struct connection *connection, const struct setup *setup)
{
	prepare_ends(connection, setup);
	connection_listen(connection);
	connection_warm_up(connection);
	path_begin();
	if (setup->manual)
		return;
	connection_connect(connection);
	connection_accept(connection);
	if (!setup->silent)
		connection_greet(connection);
}
