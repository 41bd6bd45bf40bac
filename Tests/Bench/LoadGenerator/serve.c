// SPDX-License-Identifier: Apache-2.0
/* One process, one event loop, level-triggered, as most servers are. Ends with SIGTERM. */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct connection {
	int fd;
	bool is_listener;
	bool has_hello;
	bool waits_to_write;
	/* Nothing more will be asked: close when all is written. */
	bool is_last;
	struct hello hello;
	/* Bytes received of the hello, then of the present message. */
	uint32_t received;
	uint64_t to_send;
	uint64_t total;
	/* What to_send counts down: the end of it is sent from here. */
	const char *answer;
};

struct server {
	const struct options *options;
	int poller;
};

static char buffer[BUFFER_SIZE];

static void drop(struct connection *connection)
{
	close(connection->fd);
	free(connection);
}

static void accept_one(const struct server *server, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct connection *connection;

	if (fd < 0) {
		if (errno != EAGAIN && errno != ECONNABORTED)
			fault("accept on", server->options->address);
		return;
	}
	if (server->options->refuse) {
		close(fd);
		return;
	}
	connection = calloc(1, sizeof(*connection));
	if (!connection)
		fault("allocate", "connection");
	connection->fd = fd;
	poller_add(server->poller, fd, EPOLLIN, connection);
}

static void want_writing(const struct server *server, struct connection *connection, bool wanted)
{
	if (connection->waits_to_write == wanted)
		return;
	connection->waits_to_write = wanted;
	poller_change(server->poller, connection->fd, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN,
		      connection);
}

/* False if the connection is gone. */
static bool flush(const struct server *server, struct connection *connection)
{
	while (connection->to_send) {
		size_t size = connection->to_send < BUFFER_SIZE ? connection->to_send : BUFFER_SIZE;
		ssize_t sent = write(connection->fd, connection->answer, size);

		if (sent < 0 && errno == EAGAIN) {
			want_writing(server, connection, true);
			return true;
		}
		if (sent < 0)
			return false;
		connection->to_send -= (uint64_t)sent;
	}
	want_writing(server, connection, false);
	return !connection->is_last;
}

/* The answer to messages that are complete; it consists of zeros, so any part of it does. */
static void take_messages(struct connection *connection, size_t size)
{
	uint64_t received = connection->received + size;

	connection->received = (uint32_t)(received % connection->hello.size);
	connection->to_send += received - connection->received;
	connection->is_last = connection->hello.service == SERVICE_ONCE && connection->to_send;
}

static bool take_stream(const struct server *server, struct connection *connection,
			const char *bytes, size_t size)
{
	connection->total += size;
	if (bytes[size - 1] != STREAM_END)
		return true;
	connection->answer = (const char *)&connection->total;
	connection->to_send = sizeof(connection->total);
	return flush(server, connection);
}

static bool take_payload(const struct server *server, struct connection *connection,
			 const char *bytes, size_t size)
{
	if (!size)
		return true;
	if (connection->hello.service == SERVICE_SINK)
		return take_stream(server, connection, bytes, size);
	take_messages(connection, size);
	return flush(server, connection);
}

static bool understands(const struct hello *hello)
{
	return hello->size && (hello->service == SERVICE_ECHO || hello->service == SERVICE_SINK ||
			       hello->service == SERVICE_ONCE);
}

static bool take_hello(const struct server *server, struct connection *connection,
		       const char *bytes, size_t size)
{
	size_t missing = sizeof(connection->hello) - connection->received;
	size_t part = size < missing ? size : missing;

	memcpy((char *)&connection->hello + connection->received, bytes, part);
	connection->received += (uint32_t)part;
	if (connection->received < sizeof(connection->hello))
		return true;
	if (!understands(&connection->hello))
		return false;
	connection->has_hello = true;
	connection->answer = payload;
	if (connection->hello.service != SERVICE_ONCE)
		connection->received = 0;
	if (connection->hello.service != SERVICE_SINK)
		socket_no_delay(connection->fd);
	return take_payload(server, connection, bytes + part, size - part);
}

/* False if the connection is gone. */
static bool take(const struct server *server, struct connection *connection)
{
	ssize_t size = read(connection->fd, buffer, sizeof(buffer));

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (size <= 0)
		return false;
	if (!connection->has_hello)
		return take_hello(server, connection, buffer, (size_t)size);
	return take_payload(server, connection, buffer, (size_t)size);
}

static void serve(const struct server *server, struct connection *connection, uint32_t events)
{
	if (connection->is_listener)
		accept_one(server, connection->fd);
	else if ((events & EPOLLOUT) && !flush(server, connection))
		drop(connection);
	else if ((events & ~(uint32_t)EPOLLOUT) && !take(server, connection))
		drop(connection);
}

static void listen_all(const struct server *server)
{
	for (unsigned int i = 0; i < server->options->ports; i++) {
		struct connection *listener = calloc(1, sizeof(*listener));

		if (!listener)
			fault("allocate", "listener");
		listener->is_listener = true;
		listener->fd = socket_listen(server->options, i);
		poller_add(server->poller, listener->fd, EPOLLIN, listener);
	}
	printf("ready\n");
	fflush(stdout);
}

int run_serve(const struct options *options)
{
	struct server server = { .options = options, .poller = poller_make() };
	struct epoll_event events[256];

	listen_all(&server);
	for (;;) {
		int count = epoll_wait(server.poller, events, 256, -1);

		for (int i = 0; i < count; i++)
			serve(&server, events[i].data.ptr, events[i].events);
	}
}
