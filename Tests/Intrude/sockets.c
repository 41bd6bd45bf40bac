// SPDX-License-Identifier: Apache-2.0
/* Sockets that never block. */
#define _GNU_SOURCE
#include "intrude.h"
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int open_socket(void)
{
	int one = 1;
	int file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (file == -1)
		fail("socket");
	setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(file, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof(one));
	return file;
}

int listen_on(const struct sockaddr_in *address)
{
	int one = 1;
	int listener = open_socket();

	setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	if (bind(listener, (const struct sockaddr *)address, sizeof(*address)) == -1 ||
	    listen(listener, 128) == -1)
		fail("listen");
	return listener;
}

int connect_from(const struct sockaddr_in *source, const struct sockaddr_in *target)
{
	int file = open_socket();

	if (source && bind(file, (const struct sockaddr *)source, sizeof(*source)) == -1)
		fail("bind");
	connect(file, (const struct sockaddr *)target, sizeof(*target));
	return file;
}

int accept_one(int listener)
{
	int file;

	if (!wait_for(listener, POLLIN, 10000))
		fail("nobody connects");
	file = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (file == -1)
		fail("accept");
	return file;
}

bool wait_for(int socket, short events, int milliseconds)
{
	struct pollfd request = { .fd = socket, .events = events };

	return poll(&request, 1, milliseconds) == 1;
}

long read_all(int socket, char *text, long size)
{
	long total = 0, count;

	while (total < size && (count = recv(socket, text + total, size - total, 0)) > 0)
		total += count;
	return total;
}

static bool arrives(int from, int to, char byte)
{
	char got = 0;

	if (!wait_for(from, POLLOUT, 5000) || send(from, &byte, 1, MSG_NOSIGNAL) != 1)
		return false;
	return wait_for(to, POLLIN, 5000) && recv(to, &got, 1, 0) == 1 && got == byte;
}

bool exchanges(int one, int other)
{
	for (char byte = 'a'; byte <= 'h'; byte++)
		if (!arrives(one, other, byte) || !arrives(other, one, byte))
			return false;
	return true;
}

/* Without TIME_WAIT, so that a port can be used again at once. */
void reset(int socket)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(socket);
}
